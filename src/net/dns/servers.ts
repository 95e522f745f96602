/**
 * Which resolvers to ask: the system's, or those that the user names, which may also be asked over
 * TLS (RFC 7858) or HTTPS (RFC 8484).
 */
import { getServers } from 'node:dns';
import { isIP } from 'node:net';
import { normaliseHost } from '../../model/domain.ts';
import { bracketed, hostPort, parsePort, unbracketed } from '../../model/endpoint.ts';
import { SmtpFindError } from '../../model/errors.ts';
import { printable } from '../../model/printable.ts';
import { parseUrl, withoutCredentials } from '../../model/url.ts';
import { isLoopback } from '../connect/address-policy.ts';

export type DnsServer = PlainServer | EncryptedServer;

/** Asked in plaintext, over UDP and TCP. */
export interface PlainServer {
  readonly over?: undefined;
  /** An IP address, perhaps with a zone. */
  readonly address: string;
  readonly port: number;
  /** Whether its AD bit may be believed: the user named it, or it is on this machine. */
  readonly trusted: boolean;
  /** The user named it. Default false. */
  readonly named?: boolean;
}

interface Encrypted {
  /** A host name or an IP address. */
  readonly host: string;
  readonly port: number;
  /** The name that its certificate must carry. */
  readonly name: string;
  readonly trusted: true;
  readonly named: true;
}

export interface TlsServer extends Encrypted {
  readonly over: 'tls';
}

export interface HttpsServer extends Encrypted {
  readonly over: 'https';
  /** The `Host` header. */
  readonly authority: string;
  /** Path and query. */
  readonly target: string;
}

export type EncryptedServer = TlsServer | HttpsServer;

const DNS_PORT = 53;
const TLS_PORT = 853;
const HTTPS_PORT = 443;
const TLS_FORM = /^tls:\/\/(\[[^\]]+\]|[^[\]:/?#@\s]+)(?::(\d{1,5}))?\/?(?:#([^#\s]+))?$/i;
/** Where nearly everybody has it, and so what is meant when only the host is given. */
const USUAL_PATH = '/dns-query';

/**
 * The system's resolvers, in its order.
 *
 * @param configured as `node:dns` writes them: `192.0.2.1`, `192.0.2.1:5353`, `[::1]:5353`, `fe80::1%eth0`
 */
export function systemServers(configured: readonly string[] = getServers()): PlainServer[] {
  return configured.flatMap((text) => {
    const place = parsePlace(text);
    return place === null ? [] : [{ ...place, trusted: isLoopback(place.address), named: false }];
  });
}

const FORMS =
  'an IP address, with or without a port (9.9.9.9, 127.0.0.1:5353 or [::1]:5353), ' +
  'tls://HOST[:PORT][#NAME] or https://HOST/PATH';

/**
 * The resolver that `--resolver` names: `IP`, `IP:PORT` or `[IPv6]:PORT`; over TLS
 * `tls://HOST[:PORT][#NAME]`; over HTTPS `https://HOST[:PORT]/PATH`.
 *
 * @throws SmtpFindError `bad-option`
 */
export function parseResolver(text: string): DnsServer {
  const encrypted = parseEncrypted(text.trim());
  if (encrypted !== null) return encrypted;
  const place = parsePlace(text.trim());
  if (place === null) {
    const shown = printable(withoutCredentials(text), 60);
    throw new SmtpFindError('bad-option', `--resolver expects ${FORMS}, not "${shown}"`);
  }
  return { ...place, trusted: true, named: true };
}

/** For people: the address, and the port unless it is the usual one; or a URL. */
export function serverLabel(server: DnsServer): string {
  if (server.over !== undefined) return encryptedLabel(server);
  const { address, port } = server;
  if (port === DNS_PORT) return address;
  return hostPort(address, port);
}

function parsePlace(text: string): { address: string; port: number } | null {
  if (isIP(text) !== 0) return { address: text, port: DNS_PORT };
  const inBrackets = /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(text);
  const [, address = '', digits] = inBrackets ?? /^([^:]*):(\d{1,5})$/.exec(text) ?? [];
  const port = digits === undefined ? DNS_PORT : parsePort(digits);
  const fits = isIP(address) === (inBrackets === null ? 4 : 6);
  return fits && port !== null ? { address, port } : null;
}

/** Null for anything but `tls://HOST[:PORT][#NAME]` and `https://HOST[:PORT][/PATH]`. */
function parseEncrypted(text: string): EncryptedServer | null {
  return parseTls(text) ?? parseHttps(text);
}

function parseTls(text: string): TlsServer | null {
  const [, place, digits, wanted] = TLS_FORM.exec(text) ?? [];
  if (place === undefined) return null;
  const host = normaliseHost(unbracketed(place));
  const name = wanted === undefined ? host : normaliseHost(wanted);
  const port = digits === undefined ? TLS_PORT : parsePort(digits);
  if (host === null || name === null || port === null) return null;
  return { over: 'tls', host, port, name, trusted: true, named: true };
}

function parseHttps(text: string): HttpsServer | null {
  // The URI templates of RFC 8484 §4.1 end like this, for GET; we use POST.
  const address = text.replace(/\{\?dns\}$/, '');
  const url = /^https:\/\/[^#@]+$/i.test(address) ? parseUrl(address) : null;
  if (url === null) return null;
  const host = normaliseHost(unbracketed(url.hostname));
  if (host === null || url.port === '0') return null;
  const path = url.pathname === '/' ? USUAL_PATH : url.pathname;
  return {
    over: 'https',
    host,
    port: url.port === '' ? HTTPS_PORT : Number(url.port),
    name: host,
    authority: url.host,
    target: `${path}${url.search}`,
    trusted: true,
    named: true,
  };
}

/** For people. Of a URL only the host: some providers' paths tell whose account it is. */
function encryptedLabel(server: EncryptedServer): string {
  if (server.over === 'https') return `https://${server.authority}`;
  const { host, port, name } = server;
  const place = port === TLS_PORT ? bracketed(host) : hostPort(host, port);
  return `tls://${place}${name === host ? '' : `#${name}`}`;
}
