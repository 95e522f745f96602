/** Which URLs we go to, and where a redirect may lead. */
import { normaliseHost } from '../../model/domain.ts';
import { bracketed } from '../../model/endpoint.ts';
import { printable } from '../../model/printable.ts';
import { registrableDomain } from '../../model/public-suffix.ts';
import { parseUrl } from '../../model/url.ts';

/**
 * Ports where something other than the web listens, after the "bad ports" of the Fetch standard:
 * a stranger's URL must not make us write HTTP to a mail server or a shell.
 */
const FOREIGN_PORTS: ReadonlySet<number> = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102,
  103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465,
  512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993,
  995, 1719, 1720, 1723, 2049, 2525, 3659, 4045, 4190, 5060, 5061, 6000, 6379, 6566, 6665, 6666,
  6667, 6668, 6669, 6679, 6697, 10080, 11211,
]);
const LONGEST = 4096; // characters

/** A URL taken apart as far as an exchange needs it. */
export interface Place {
  /** Without user, password and fragment. */
  readonly url: string;
  readonly secure: boolean;
  /** A-labels or an IP address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** The `Host` header. */
  readonly authority: string;
  /** Path and query. */
  readonly target: string;
}

/** Null for anything but an HTTP(S) URL of a possible host, at a port where the web may be. */
export function parsePlace(text: string, base?: string): Place | null {
  const url = text.length > LONGEST ? null : parseUrl(text, base);
  if (url === null) return null;
  const secure = url.protocol === 'https:';
  if (!secure && url.protocol !== 'http:') return null;
  const host = normaliseHost(url.hostname.replace(/^\[(.*)\]$/, '$1'));
  if (host === null) return null;
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  if (port === 0 || FOREIGN_PORTS.has(port)) return null;
  // Never sent, and so not shown either.
  url.username = '';
  url.password = '';
  url.hash = '';
  // The root dot says nothing to a web server, and certificates are without it.
  url.hostname = bracketed(host);
  const target = `${url.pathname}${url.search}`;
  return { url: url.href, secure, host, port, authority: url.host, target };
}

export interface Sending {
  readonly method: 'GET' | 'POST';
  readonly body: string | null;
}

export type Redirect =
  | { readonly kind: 'follow'; readonly place: Place; readonly sending: Sending }
  | { readonly kind: 'refuse'; readonly detail: string };

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status);
}

/** Where a redirect leads, or why it is not followed. */
export function followRedirect(
  from: Place,
  status: number,
  location: string,
  sending: Sending,
): Redirect {
  const refuse = (why: string): Redirect => ({
    kind: 'refuse',
    detail: `${from.host} redirects ${why}`,
  });
  const place = parsePlace(location, from.url);
  if (place === null) return refuse(`to "${shownUrl(location)}", which is no web address`);
  if (from.secure && !place.secure) {
    return refuse(`from HTTPS to plain HTTP (${printable(place.host, 100)})`);
  }
  // RFC 9110 §15.4: only 307 and 308 keep the method; after the others everybody uses GET.
  if (status !== 307 && status !== 308) {
    return { kind: 'follow', place, sending: { method: 'GET', body: null } };
  }
  // What was written for one domain may name the user; no stranger is handed it.
  if (sending.method === 'POST' && !sameDomain(from.host, place.host)) {
    return refuse(`a POST to another domain (${printable(place.host, 100)})`);
  }
  return { kind: 'follow', place, sending };
}

/** For messages: without the query, which may hold an address. */
export function shownUrl(url: string): string {
  return printable(url.replace(/[?#].*$/s, ''), 120);
}

function sameDomain(one: string, other: string): boolean {
  return one === other || (registrableDomain(one) ?? one) === (registrableDomain(other) ?? other);
}
