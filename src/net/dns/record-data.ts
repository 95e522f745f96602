/**
 * The data of single records. Null is data that breaks its type's format, or a name in it that
 * could not be a host's.
 */
import type { DnsRecords, DnsType } from '../network.ts';
import type { RawRecord } from './message.ts';
import { foldName, isAskable, name, record } from './wire.ts';

/** Underscores occur in the wild. */
const HOST_NAME = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;

type Decoder<T> = (bytes: Buffer, raw: RawRecord) => T | null;

const decoders: { readonly [T in DnsType]: Decoder<DnsRecords[T]> } = {
  A: (bytes, raw) => (lengthOf(raw) === 4 ? record('A').decode(bytes, raw.start - 2) : null),
  AAAA: (bytes, raw) => (lengthOf(raw) === 16 ? record('AAAA').decode(bytes, raw.start - 2) : null),
  MX: (bytes, raw) => {
    const exchange = readTarget(bytes, raw.start + 2, raw.end);
    return exchange === null ? null : { preference: bytes.readUInt16BE(raw.start), exchange };
  },
  SRV: (bytes, raw) => {
    const target = readTarget(bytes, raw.start + 6, raw.end);
    if (target === null) return null;
    return {
      priority: bytes.readUInt16BE(raw.start),
      weight: bytes.readUInt16BE(raw.start + 2),
      port: bytes.readUInt16BE(raw.start + 4),
      target,
    };
  },
  CNAME: (bytes, raw) => decodeAlias(bytes, raw),
  PTR: (bytes, raw) => {
    const host = readTarget(bytes, raw.start, raw.end);
    return host === '' ? null : host;
  },
  TXT: (bytes, raw) => {
    try {
      return Buffer.concat(record('TXT').decode(bytes, raw.start - 2)).toString('utf8');
    } catch {
      return null;
    }
  },
};

export function decodeData<T extends DnsType>(
  type: T,
  bytes: Buffer,
  raw: RawRecord,
): DnsRecords[T] | null {
  return decoders[type](bytes, raw);
}

/** Where a CNAME leads. */
export function decodeAlias(bytes: Buffer, raw: RawRecord): string | null {
  const target = readName(bytes, raw.start, raw.end);
  return target !== null && isAskable(target) ? target : null;
}

/** How long an SOA says that a name's absence holds, in seconds (RFC 2308 §5). */
export function decodeNegativeTtl(bytes: Buffer, raw: RawRecord): number | null {
  // Its last field, after two names of any length.
  return lengthOf(raw) < 22 ? null : Math.min(raw.ttl, bytes.readUInt32BE(raw.end - 4));
}

/** A host, or `''` for the root, which says "none" in MX (RFC 7505) and SRV (RFC 2782). */
function readTarget(bytes: Buffer, start: number, end: number): string | null {
  const target = readName(bytes, start, end);
  return target === '' || (target !== null && HOST_NAME.test(target)) ? target : null;
}

/** A name that takes exactly the bytes from `start` to `end`. */
function readName(bytes: Buffer, start: number, end: number): string | null {
  if (start >= end) return null;
  try {
    const text = foldName(name.decode(bytes, start));
    return name.decode.bytes === end - start ? text : null;
  } catch {
    return null;
  }
}

function lengthOf(raw: RawRecord): number {
  return raw.end - raw.start;
}
