/**
 * Which resolvers to ask: the one that the user names, or the system's.
 */
import { getServers } from 'node:dns';
import { isIP, isIPv6 } from 'node:net';
import { SmtpFindError } from '../../model/errors.ts';
import { printable } from '../../model/printable.ts';
import { isLoopback } from '../connect/address-policy.ts';
import { type EncryptedServer, encryptedLabel, parseEncrypted } from './encrypted-servers.ts';

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

const DNS_PORT = 53;

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
    // Whatever stands before an @ may be secret.
    const shown = printable(text.replace(/.*@/s, '…@'), 60);
    throw new SmtpFindError('bad-option', `--resolver expects ${FORMS}, not "${shown}"`);
  }
  return { ...place, trusted: true, named: true };
}

/** For people: the address, and the port unless it is the usual one; or a URL. */
export function serverLabel(server: DnsServer): string {
  if (server.over !== undefined) return encryptedLabel(server);
  const { address, port } = server;
  if (port === DNS_PORT) return address;
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}

function parsePlace(text: string): { address: string; port: number } | null {
  if (isIP(text) !== 0) return { address: text, port: DNS_PORT };
  const bracketed = /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(text);
  const [, address = '', digits] = bracketed ?? /^([^:]*):(\d{1,5})$/.exec(text) ?? [];
  const port = digits === undefined ? DNS_PORT : Number(digits);
  const fits = isIP(address) === (bracketed === null ? 4 : 6) && port >= 1 && port <= 65_535;
  return fits ? { address, port } : null;
}
