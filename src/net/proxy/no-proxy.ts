/** NO_PROXY: the places that are reached directly. */
import { BlockList, isIP, isIPv6 } from 'node:net';
import { normaliseHost } from '../../model/domain.ts';

/** @param port null where none is known, so that rules with a port do not match */
export type Exempt = (host: string, port: number | null) => boolean;

/**
 * Reads `host`, `.suffix`, `*.suffix`, addresses, CIDR blocks, each perhaps with `:port`, and `*`,
 * separated by commas or spaces. As in curl, a name stands for all below it too, with or without a
 * dot before it. What is none of these is passed over.
 */
export function parseNoProxy(text: string): Exempt {
  const rules = text
    .split(/[\s,]+/)
    .map(parseRule)
    .filter((rule) => rule !== null);
  return (host, port) => rules.some((rule) => rule(host, port));
}

function parseRule(text: string): Exempt | null {
  if (text === '*') return () => true;
  const { place, port: wanted } = splitPort(text);
  const matches = matcher(place);
  if (matches === null) return null;
  return (host, port) => (wanted === null || wanted === port) && matches(host);
}

/** An IPv6 address has colons of its own; with a port it stands in brackets. */
function splitPort(text: string): { place: string; port: number | null } {
  const [, bracketed, rest = ''] = /^\[([^\]]*)\](.*)$/.exec(text) ?? [];
  if (bracketed !== undefined) {
    const [, digits] = /^:(\d+)$/.exec(rest) ?? [];
    return { place: `${bracketed}${digits ? '' : rest}`, port: digits ? Number(digits) : null };
  }
  const [, place = text, digits] = /^([^:]*):(\d+)$/.exec(text) ?? [];
  return { place, port: digits ? Number(digits) : null };
}

function matcher(place: string): ((host: string) => boolean) | null {
  const [address = '', bits] = place.split('/', 2);
  if (isIP(address) !== 0) return addressMatcher(address, bits);
  const suffix = normaliseHost(place.replace(/^\*?\./, ''));
  if (suffix === null) return null;
  return (host) => host === suffix || (isIP(host) === 0 && host.endsWith(`.${suffix}`));
}

function addressMatcher(
  address: string,
  bits: string | undefined,
): ((host: string) => boolean) | null {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const all = family === 'ipv6' ? 128 : 32;
  const prefix = bits === undefined ? all : /^\d+$/.test(bits) ? Number(bits) : -1;
  if (prefix < 0 || prefix > all) return null;
  const block = new BlockList();
  block.addSubnet(address, prefix, family);
  return (host) => isIP(host) !== 0 && block.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');
}
