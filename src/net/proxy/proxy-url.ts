/** A proxy, as the user writes it. Its password is in here, and in no message. */
import { normaliseHost } from '../../model/domain.ts';
import { hostPort, parsePort } from '../../model/endpoint.ts';
import { SmtpFindError } from '../../model/errors.ts';
import { printable } from '../../model/printable.ts';

export interface ProxyServer {
  readonly kind: 'http' | 'https' | 'socks5' | 'socks4a';
  readonly host: string;
  readonly port: number;
  readonly credentials: { readonly user: string; readonly password: string } | null;
}

/** Whichever is written, it is the proxy that resolves names. */
const KINDS: Readonly<Record<string, ProxyServer['kind']>> = {
  http: 'http',
  https: 'https',
  socks: 'socks5',
  socks5: 'socks5',
  socks5h: 'socks5',
  socks4a: 'socks4a',
};
const DEFAULT_PORT = 1080; // as in curl
const DEFAULT_TLS_PORT = 443;
const FORM = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:(.*)@)?(\[[^\]]*\]|[^:/?#@[\]]*)(?::(\d*))?\/?$/is;
const EXPECTED =
  'expected http://, https://, socks5://, socks5h:// or socks4a://, then [USER:PASSWORD@]HOST:PORT';
const MAX_CREDENTIAL = 255; // bytes, of either part (RFC 1929 §2)

/**
 * @param text `[SCHEME://][USER:PASSWORD@]HOST[:PORT]`, user and password percent-encoded
 * @param origin the option or variable that it comes from, for messages
 * @throws SmtpFindError `bad-option`, whose message shows neither user nor password
 */
export function parseProxy(text: string, origin: string): ProxyServer {
  const parts = FORM.exec(text.trim());
  // Wherever it goes wrong, what stands there may be part of a password.
  if (parts === null) throw bad(origin, 'is no proxy');
  const [, scheme = 'http', login, place = '', digits = ''] = parts;
  const kind = KINDS[scheme.toLowerCase()];
  if (kind === undefined) throw bad(origin, `cannot begin with ${printable(scheme, 20)}://`);
  const host = normaliseHost(place.replace(/^\[(.*)\]$/, '$1'));
  if (host === null) throw bad(origin, 'names no host');
  const port = digits === '' ? defaultPort(kind) : parsePort(digits);
  if (port === null) throw bad(origin, 'has a port that is not from 1 to 65535');
  const credentials = login === undefined ? null : credentialsOf(login);
  if (credentials === 'unusable') throw bad(origin, 'has an unusable user name or password');
  return { kind, host, port, credentials };
}

/** For messages: `127.0.0.1:1080`. */
export function proxyLabel({ host, port }: ProxyServer): string {
  return hostPort(host, port);
}

export function speaksHttp({ kind }: ProxyServer): boolean {
  return kind === 'http' || kind === 'https';
}

function defaultPort(kind: ProxyServer['kind']): number {
  return kind === 'https' ? DEFAULT_TLS_PORT : DEFAULT_PORT;
}

function credentialsOf(login: string): ProxyServer['credentials'] | 'unusable' {
  const colon = login.indexOf(':');
  try {
    const user = decodeURIComponent(colon < 0 ? login : login.slice(0, colon));
    const password = decodeURIComponent(colon < 0 ? '' : login.slice(colon + 1));
    return [user, password].every(isUsable) ? { user, password } : 'unusable';
  } catch {
    return 'unusable'; // A % that encodes nothing.
  }
}

function isUsable(text: string): boolean {
  return Buffer.byteLength(text) <= MAX_CREDENTIAL && !/[\u0000-\u001f\u007f]/.test(text);
}

function bad(origin: string, what: string): SmtpFindError {
  return new SmtpFindError('bad-option', `${origin} ${what}: ${EXPECTED}`);
}
