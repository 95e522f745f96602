/** Servers as (host, port, encryption): what is a port, what is `host:port`, and how it is shown. */
import { isAddress, normaliseHost, toULabels } from './domain.ts';

/** `tls` is implicit TLS (RFC 8314), `starttls` RFC 3207. */
export type Encryption = 'tls' | 'starttls' | 'none';

export interface Endpoint {
  /** A-labels or an IP address, lower case. */
  readonly host: string;
  readonly port: number;
  readonly encryption: Encryption;
}

export function endpointKey({ host, port, encryption }: Endpoint): string {
  return `${host}:${port}/${encryption}`;
}

/** The words mail programs use in their forms. */
export const encryptionWords: { readonly [E in Encryption]: string } = {
  tls: 'SSL/TLS',
  starttls: 'STARTTLS',
  none: 'none',
};

/** `smtp.example.com:465 (SSL/TLS)`, with U-labels. */
export function describeEndpoint({ host, port, encryption }: Endpoint): string {
  const words = encryption === 'none' ? 'no encryption' : encryptionWords[encryption];
  return `${shownHostPort(host, port)} (${words})`;
}

/** `smtp.example.com:465`, with U-labels for people. */
export function shownHostPort(host: string, port: number): string {
  return hostPort(isAddress(host) ? host : toULabels(host), port);
}

/** `host:port`, an IPv6 address in brackets (RFC 3986 §3.2.2). */
export function hostPort(host: string, port: number | string): string {
  return `${bracketed(host)}:${port}`;
}

/** The host as it stands in a URL: brackets around an IPv6 address. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

export function unbracketed(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

const MAX_PORT = 65_535;

export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= MAX_PORT;
}

/** 1 to 65535, in decimal digits; null for anything else. */
export function parsePort(text: string): number | null {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return isPort(port) ? port : null;
}

export interface HostPort {
  readonly host: string;
  /** Null where none is written. */
  readonly port: number | null;
}

/**
 * `HOST`, `HOST:PORT`, `[IPv6]` or `[IPv6]:PORT`; a bare IPv6 address has no port.
 * @returns the host as A-labels or an address; null for what is none of these
 */
export function parseHostPort(text: string): HostPort | null {
  const bare = isAddress(text) ? text : null;
  const [, place = bare, digits] = (bare === null && PLACE.exec(text)) || [];
  if (place === null) return null;
  const host = normaliseHost(unbracketed(place));
  const port = digits === undefined ? null : parsePort(digits);
  const isUsable = host !== null && (digits === undefined || port !== null);
  // Brackets are for IPv6 addresses, and for nothing else.
  return isUsable && place.startsWith('[') === (host.includes(':') && bare === null)
    ? { host, port }
    : null;
}

const PLACE = /^(\[[^\]]+\]|[^[\]:/?#@\s]+)(?::(\d+))?$/;
