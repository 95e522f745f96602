/** Resolvers that are asked over TLS (RFC 7858) or over HTTPS (RFC 8484); only the user names them. */
import { isIPv6 } from 'node:net';
import { normaliseHost } from '../../model/domain.ts';
import { parseUrl } from '../../model/url.ts';

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

const TLS_PORT = 853;
const HTTPS_PORT = 443;
const TLS_FORM = /^tls:\/\/(\[[^\]]+\]|[^[\]:/?#@\s]+)(?::(\d{1,5}))?\/?(?:#([^#\s]+))?$/i;
/** Where nearly everybody has it, and so what is meant when only the host is given. */
const USUAL_PATH = '/dns-query';

/** Null for anything but `tls://HOST[:PORT][#NAME]` and `https://HOST[:PORT][/PATH]`. */
export function parseEncrypted(text: string): EncryptedServer | null {
  return parseTls(text) ?? parseHttps(text);
}

function parseTls(text: string): TlsServer | null {
  const [, place, digits, wanted] = TLS_FORM.exec(text) ?? [];
  if (place === undefined) return null;
  const host = normaliseHost(unbracketed(place));
  const name = wanted === undefined ? host : normaliseHost(wanted);
  const port = digits === undefined ? TLS_PORT : Number(digits);
  if (host === null || name === null || port < 1 || port > 65_535) return null;
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
export function encryptedLabel(server: EncryptedServer): string {
  if (server.over === 'https') return `https://${server.authority}`;
  const { host, port, name } = server;
  const place = isIPv6(host) ? `[${host}]` : host;
  const suffix = port === TLS_PORT ? '' : `:${port}`;
  return `tls://${place}${suffix}${name === host ? '' : `#${name}`}`;
}

function unbracketed(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
