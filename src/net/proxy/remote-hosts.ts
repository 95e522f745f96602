/**
 * Hosts that a proxy must not be asked for on a stranger's word. What a name leads to is seen by
 * the proxy alone, so names can be refused only where they can mean nothing good.
 */
import { isIP } from 'node:net';

/** Names that many hosts files give to the machine itself, which would be the proxy's. */
const OWN_NAMES =
  /^(?:(?:.+\.)?localhost|localhost[46]?\.localdomain[46]?|localhost[46]|ip6-(?:localhost|loopback))$/;
/** Old functions of C libraries take such names for IPv4 addresses: `0x7f000001`, `127.0x1`. */
const NUMBER = /(?:^|\.)(?:0x[0-9a-f]*|\d+)$/;

/** @param host as `normaliseHost` has it */
export function isForbiddenRemotely(
  host: string,
  isForbidden: (address: string) => boolean,
): boolean {
  if (isIP(host) !== 0) return isForbidden(host);
  return OWN_NAMES.test(host) || NUMBER.test(host);
}
