/** What a client calls itself in EHLO (RFC 5321 §4.1.1.1, §4.1.3). */
import { isIPv4, isIPv6 } from 'node:net';
import { hostname } from 'node:os';

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
/** Top-level names that are not public (RFC 6761, RFC 6762, RFC 8375, and custom). */
const LOCAL = new Set(
  'arpa corp domain example home host internal intranet invalid lan local localdomain localhost onion private test workgroup'.split(
    ' ',
  ),
);

/**
 * The caller's choice, or this machine's own name.
 * @param given goes into a command, so it is ignored unless it is one word
 */
export function ownName(given: string | undefined, localAddress: string | undefined): string {
  if (given !== undefined && /^[!-~]{1,255}$/.test(given)) return given;
  return ehloName(hostname(), localAddress);
}

/**
 * The machine's name where it is a real one, else its address as a literal. Pure.
 * @param hostname as the operating system gives it
 * @param localAddress of the connection's own end
 */
export function ehloName(hostname: string, localAddress: string | undefined): string {
  return isPublicName(hostname) ? hostname : addressLiteral(localAddress);
}

function isPublicName(name: string): boolean {
  const labels = name.split('.');
  const top = labels.at(-1) ?? '';
  return (
    labels.length > 1 &&
    name.length <= 253 &&
    labels.every((label) => LABEL.test(label)) &&
    !/^\d+$/.test(top) &&
    !LOCAL.has(top.toLowerCase())
  );
}

function addressLiteral(address: string | undefined): string {
  const bare = (address ?? '').replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIPv4(bare)) return `[${bare}]`;
  return isIPv6(bare) ? `[IPv6:${bare}]` : '[127.0.0.1]';
}
