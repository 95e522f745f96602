/**
 * Which addresses we may be led to by what others publish. Judged on the bytes of the address
 * that is connected to, never on how it is written.
 *
 * `net.BlockList` would save the ten lines of `within` and no more: an IPv4 address inside an IPv6
 * one has to be cut out of the bytes, in the local NAT64 prefix from behind bits that may be any.
 */
import { isIPv4, isIPv6 } from 'node:net';

/**
 * `forbidden`: never, for remote data: this machine, its link, groups of machines, nothing.
 * `private`: not while only public addresses are wanted.
 */
export type AddressVerdict = 'allowed' | 'forbidden' | 'private';

/** Leading bytes, and how many of their bits count. */
type Range = readonly [bytes: readonly number[], bits: number];

const FORBIDDEN_V4: readonly Range[] = [
  [[0], 8], // "this network" (RFC 1122 §3.2.1.3)
  [[127], 8], // loopback
  [[169, 254], 16], // link-local, cloud metadata services among it
  [[224], 4], // multicast
  [[255, 255, 255, 255], 32], // broadcast
];
const PRIVATE_V4: readonly Range[] = [
  [[10], 8], // RFC 1918
  [[172, 16], 12],
  [[192, 168], 16],
  [[100, 64], 10], // shared by carriers (RFC 6598)
  [[192, 0, 0], 24], // protocol assignments
  [[192, 0, 2], 24], // documentation
  [[198, 51, 100], 24],
  [[203, 0, 113], 24],
  [[192, 88, 99], 24], // 6to4 relays, withdrawn
  [[198, 18], 15], // benchmarks
  [[240], 4], // reserved
];
const FORBIDDEN_V6: readonly Range[] = [
  [Array<number>(16).fill(0), 128], // unspecified
  [[...Array<number>(15).fill(0), 1], 128], // loopback
  [[0xfe, 0x80], 10], // link-local
  [[0xff], 8], // multicast
];
/** All other public addresses are yet to be handed out (RFC 4291 §2.4). */
const GLOBAL_V6: Range = [[0x20], 3];
const PRIVATE_V6: readonly Range[] = [
  [[0x20, 0x01, 0x00], 23], // protocol assignments, Teredo and benchmarks among them
  [[0x20, 0x01, 0x0d, 0xb8], 32], // documentation
  [[0x3f, 0xff], 20],
];
/** Where IPv6 addresses lead to an IPv4 address, and at which byte that stands. */
const EMBEDDED: readonly (readonly [range: Range, at: number])[] = [
  [[[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], 96], 12], // IPv4-mapped
  [[[0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0], 96], 12], // IPv4-translated (RFC 2765)
  [[Array<number>(12).fill(0), 96], 12], // IPv4-compatible
  [[[0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], 96], 12], // NAT64 (RFC 6052)
  [[[0x00, 0x64, 0xff, 0x9b, 0x00, 0x01], 48], 12], // NAT64, local use (RFC 8215)
  [[[0x20, 0x02], 16], 2], // 6to4
];

/** What is no IP address in its usual notation, or carries a zone, is forbidden. */
export function addressVerdict(
  address: string,
  { publicOnly }: { readonly publicOnly: boolean },
): AddressVerdict {
  const bytes = addressBytes(address);
  if (bytes === null) return 'forbidden';
  const verdict = bytes.length === 4 ? judgeV4(bytes) : judgeV6(bytes);
  return verdict === 'private' && !publicOnly ? 'allowed' : verdict;
}

/** Whether an address is this machine's own, written in whichever way; a zone does not matter. */
export function isLoopback(address: string): boolean {
  const bytes = addressBytes(address.split('%', 1)[0] ?? '');
  if (bytes === null) return false;
  const v4 = bytes.length === 4 ? bytes : embeddedV4(bytes);
  if (v4 !== null && v4[0] === 127) return true;
  return bytes.length === 16 && bytes.every((byte, i) => byte === (i === 15 ? 1 : 0));
}

function judgeV4(bytes: readonly number[]): AddressVerdict {
  if (FORBIDDEN_V4.some((range) => within(bytes, range))) return 'forbidden';
  return PRIVATE_V4.some((range) => within(bytes, range)) ? 'private' : 'allowed';
}

function judgeV6(bytes: readonly number[]): AddressVerdict {
  if (FORBIDDEN_V6.some((range) => within(bytes, range))) return 'forbidden';
  const embedded = embeddedV4(bytes);
  if (embedded !== null) return judgeV4(embedded);
  if (!within(bytes, GLOBAL_V6)) return 'private';
  return PRIVATE_V6.some((range) => within(bytes, range)) ? 'private' : 'allowed';
}

function embeddedV4(bytes: readonly number[]): readonly number[] | null {
  const form = EMBEDDED.find(([range]) => within(bytes, range));
  return form === undefined ? null : bytes.slice(form[1], form[1] + 4);
}

function within(bytes: readonly number[], [prefix, bits]: Range): boolean {
  for (let bit = 0; bit < bits; bit += 8) {
    const mask = (0xff << Math.max(0, 8 - (bits - bit))) & 0xff;
    const i = bit / 8;
    if ((((bytes[i] ?? 0) ^ (prefix[i] ?? 0)) & mask) !== 0) return false;
  }
  return true;
}

/** Four or sixteen bytes; null for anything but a plain address. */
function addressBytes(address: string): readonly number[] | null {
  if (isIPv4(address)) return address.split('.').map(Number);
  if (!isIPv6(address) || address.includes('%')) return null;
  const [head = '', tail] = address.split('::');
  const left = groupBytes(head);
  const right = groupBytes(tail ?? '');
  return [...left, ...Array<number>(16 - left.length - right.length).fill(0), ...right];
}

/** Groups of hexadecimal digits, and perhaps a dotted IPv4 address at the end. */
function groupBytes(groups: string): number[] {
  if (groups === '') return [];
  return groups.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
