/**
 * DNS messages (RFC 1035 §4): writing a question, and taking a reply apart into records whose
 * data is not decoded yet.
 */
import {
  AUTHENTIC_DATA,
  DNSSEC_OK,
  encode,
  type Answer as PacketRecord,
  RECURSION_DESIRED,
} from 'dns-packet';
import type { DnsType } from '../network.ts';
import { foldName, name } from './wire.ts';

/** What a reply may measure over UDP without being fragmented (DNS flag day 2020). */
const UDP_PAYLOAD = 1232;
const HEADER_BYTES = 12;
const PADDED_TO = 128; // bytes
const OPTION_HEADER = 4; // bytes: code and length
const PADDING = 12; // the option (RFC 7830)
const CLASS_IN = 1;
const MAX_TTL = 86_400;

export const typeNumber = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  OPT: 41,
} as const;

export interface Question {
  /** Folded, see `foldName`. */
  readonly name: string;
  readonly type: DnsType;
}

/** A record of class IN; its data lies from `start` to `end` in the message's bytes. */
export interface RawRecord {
  readonly owner: string;
  readonly type: number;
  /** Seconds. */
  readonly ttl: number;
  readonly start: number;
  readonly end: number;
}

export interface DnsMessage {
  readonly bytes: Buffer;
  /** With the upper bits that EDNS(0) adds. */
  readonly rcode: number;
  readonly truncated: boolean;
  readonly authoritative: boolean;
  readonly recursionAvailable: boolean;
  /** The AD bit: the resolver has validated everything in here. */
  readonly authentic: boolean;
  readonly answers: readonly RawRecord[];
  readonly authorities: readonly RawRecord[];
}

export interface QuestionForm {
  /** With EDNS(0) (RFC 6891); some old servers reject it. */
  readonly edns: boolean;
  /** Where it is encrypted, its length should not tell the name (RFC 8467 §4.1). Needs EDNS. */
  readonly padded?: boolean;
}

export function encodeQuestion(
  question: Question,
  id: number,
  { edns, padded = false }: QuestionForm,
): Buffer {
  if (!edns) return encodeWith([], question, id);
  const bare = encodeWith([optRecord(null)], question, id);
  if (!padded) return bare;
  const length = PADDED_TO - ((bare.length + OPTION_HEADER) % PADDED_TO);
  return encodeWith([optRecord(length % PADDED_TO)], question, id);
}

function encodeWith(additionals: PacketRecord[], question: Question, id: number): Buffer {
  return encode({
    type: 'query',
    id,
    // AD in a question asks for AD in the answer (RFC 6840 §5.7).
    flags: RECURSION_DESIRED | AUTHENTIC_DATA,
    questions: [{ name: question.name, type: question.type, class: 'IN' }],
    additionals,
  });
}

/** @param padding bytes of it, null for none */
function optRecord(padding: number | null): PacketRecord {
  return {
    type: 'OPT',
    name: '.',
    udpPayloadSize: UDP_PAYLOAD,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: DNSSEC_OK,
    flag_do: true,
    options: padding === null ? [] : [{ code: PADDING, length: padding }],
  };
}

/**
 * Reads a reply to the question.
 *
 * @returns `foreign` for what does not answer it and is to be ignored, `broken` for what does
 *   answer it and cannot be read
 */
export function readReply(
  bytes: Buffer,
  question: Question,
  id: number,
): DnsMessage | 'foreign' | 'broken' {
  if (bytes.length < HEADER_BYTES || bytes.readUInt16BE(0) !== id) return 'foreign';
  const flags = bytes.readUInt16BE(2);
  const isReply = (flags & 0x8000) !== 0 && (flags & 0x7800) === 0;
  if (!isReply) return 'foreign';
  const rcode = flags & 0xf;
  const questions = bytes.readUInt16BE(4);
  // Only errors may leave the question out; some servers answer FORMERR with a bare header.
  const asked = questions === 0 ? rcode !== 0 && rcode !== 3 : questions === 1;
  if (!asked) return 'foreign';
  const header = {
    bytes,
    truncated: (flags & 0x0200) !== 0,
    authoritative: (flags & 0x0400) !== 0,
    recursionAvailable: (flags & 0x0080) !== 0,
    authentic: (flags & 0x0020) !== 0,
  };
  let at = HEADER_BYTES;
  if (questions === 1) {
    const end = matchQuestion(bytes, question);
    if (end === null) return 'foreign';
    at = end;
  }
  // Where it was cut is anybody's guess; TCP brings the whole.
  if (header.truncated) return { ...header, rcode, answers: [], authorities: [] };
  try {
    const answers = readSection(bytes, at, bytes.readUInt16BE(6));
    const authorities = readSection(bytes, answers.end, bytes.readUInt16BE(8));
    const additionals = readSection(bytes, authorities.end, bytes.readUInt16BE(10));
    return {
      ...header,
      rcode: rcode | (additionals.extendedRcode << 4),
      answers: answers.records,
      authorities: authorities.records,
    };
  } catch {
    return 'broken';
  }
}

/** Where the question section ends, or null when it holds another question. */
function matchQuestion(bytes: Buffer, question: Question): number | null {
  try {
    const asked = foldName(name.decode(bytes, HEADER_BYTES));
    const at = HEADER_BYTES + name.decode.bytes;
    const same =
      asked === question.name &&
      bytes.readUInt16BE(at) === typeNumber[question.type] &&
      bytes.readUInt16BE(at + 2) === CLASS_IN;
    return same ? at + 4 : null;
  } catch {
    return null;
  }
}

/** @throws RangeError or Error when the section runs over the end */
function readSection(
  bytes: Buffer,
  from: number,
  count: number,
): { records: RawRecord[]; end: number; extendedRcode: number } {
  const records: RawRecord[] = [];
  let extendedRcode = 0;
  let at = from;
  for (let i = 0; i < count; i++) {
    const owner = foldName(name.decode(bytes, at));
    at += name.decode.bytes;
    const type = bytes.readUInt16BE(at);
    const recordClass = bytes.readUInt16BE(at + 2);
    const ttl = bytes.readUInt32BE(at + 4);
    const start = at + 10;
    const end = start + bytes.readUInt16BE(at + 8);
    if (end > bytes.length) throw new RangeError('record runs over the end of the message');
    // For OPT, class and TTL mean other things; the TTL's first byte extends the rcode.
    if (type === typeNumber.OPT) extendedRcode = ttl >>> 24;
    else if (recordClass === CLASS_IN) records.push({ owner, type, ttl: sane(ttl), start, end });
    at = end;
  }
  return { records, end: at, extendedRcode };
}

/** A TTL with its top bit set is zero (RFC 2181 §8); none counts for longer than a day. */
function sane(ttl: number): number {
  return ttl > 0x7fffffff ? 0 : Math.min(ttl, MAX_TTL);
}
