/**
 * What a reply says about a name and type: the chain of aliases inside it, the records at its
 * end, or that there are none. Records of other names and types are not looked at, so nobody can
 * slip in answers to questions that were not asked.
 */
import { timeLimits } from '../../model/time-limits.ts';
import type { DnsRecords, DnsType } from '../network.ts';
import { type DnsMessage, type Question, type RawRecord, typeNumber } from './message.ts';
import { decodeAlias, decodeData, decodeNegativeTtl } from './record-data.ts';

const MAX_ALIASES = 8;
const NXDOMAIN = 3;
/** Seconds, as all of the DNS has it. */
const NEGATIVE_TTL = timeLimits.keep.dnsAbsence.usual / 1000;
const MAX_NEGATIVE_TTL = timeLimits.keep.dnsAbsence.most / 1000;

export type Reading<T extends DnsType> =
  | { readonly kind: 'records'; readonly records: readonly DnsRecords[T][]; readonly ttl: number }
  /** An alias of a name that this reply says nothing about. */
  | { readonly kind: 'alias'; readonly target: string; readonly ttl: number }
  | {
      readonly kind: 'none';
      readonly reason: 'nxdomain' | 'nodata' | 'unusable';
      readonly detail: string;
      readonly ttl: number;
    };

/**
 * @param message with rcode NOERROR or NXDOMAIN
 * @param visited the names of the chain so far, the question's own included; grows
 */
export function interpret<T extends DnsType>(
  message: DnsMessage,
  question: Question & { readonly type: T },
  visited: Set<string>,
): Reading<T> {
  const { bytes, answers } = message;
  let owner = question.name;
  let ttl = Number.POSITIVE_INFINITY;
  for (;;) {
    const found = answers.filter((raw) => at(raw, owner, typeNumber[question.type]));
    if (found.length > 0 && message.rcode !== NXDOMAIN) {
      const records = found
        .map((raw) => decodeData(question.type, bytes, raw))
        .filter((data): data is DnsRecords[T] => data !== null);
      if (records.length === 0) {
        return unusable(`unusable ${question.type} records`);
      }
      return { kind: 'records', records, ttl: Math.min(ttl, ...found.map((raw) => raw.ttl)) };
    }
    const alias = answers.find((raw) => at(raw, owner, typeNumber.CNAME));
    if (alias === undefined) break;
    const target = decodeAlias(bytes, alias);
    if (target === null) return unusable('an alias of an impossible name');
    if (visited.has(target)) return unusable('a loop of aliases');
    if (visited.size > MAX_ALIASES) {
      return unusable(`more than ${MAX_ALIASES} aliases in a row`);
    }
    visited.add(target);
    owner = target;
    ttl = Math.min(ttl, alias.ttl);
  }
  if (message.rcode === NXDOMAIN) {
    // It speaks of the last name of the chain (RFC 6604).
    return absent('nxdomain', Math.min(ttl, negativeTtl(message)));
  }
  if (owner !== question.name && !denies(message, owner)) {
    return { kind: 'alias', target: owner, ttl };
  }
  return absent('nodata', Math.min(ttl, negativeTtl(message)));
}

type None = Extract<Reading<DnsType>, { kind: 'none' }>;

function absent(reason: 'nxdomain' | 'nodata', ttl: number): None {
  return { kind: 'none', reason, detail: reason.toUpperCase(), ttl };
}

/** What is broken in the zone itself: no other resolver would know better, nor this one tomorrow. */
function unusable(detail: string): None {
  return { kind: 'none', reason: 'unusable', detail, ttl: NEGATIVE_TTL };
}

/** Whether the reply stems from a server that only points to others, as no resolver should. */
export function isReferral(message: DnsMessage): boolean {
  const has = (type: number): boolean => message.authorities.some((raw) => raw.type === type);
  return (
    message.rcode === 0 &&
    message.answers.length === 0 &&
    !message.authoritative &&
    !message.recursionAvailable &&
    has(typeNumber.NS) &&
    !has(typeNumber.SOA)
  );
}

function at(raw: RawRecord, owner: string, type: number): boolean {
  return raw.type === type && raw.owner === owner;
}

/** Whether the reply holds the SOA of the zone that the name is in: then it denies its records. */
function denies(message: DnsMessage, name: string): boolean {
  return message.authorities.some(
    ({ type, owner }) =>
      type === typeNumber.SOA && (owner === '' || name === owner || name.endsWith(`.${owner}`)),
  );
}

function negativeTtl(message: DnsMessage): number {
  const soa = message.authorities.find((raw) => raw.type === typeNumber.SOA);
  const ttl = soa === undefined ? null : decodeNegativeTtl(message.bytes, soa);
  return Math.min(ttl ?? NEGATIVE_TTL, MAX_NEGATIVE_TTL);
}
