/**
 * The decision: a total order over candidates, and whether anything still under way could change
 * its head. Pure functions of what the network answered; which answer came first plays no part.
 */
import { isOutdated } from '../model/age.ts';
import { type Candidate, type Evidence, isAdvisory, type SourceName } from '../model/candidate.ts';
import { compareText } from '../model/compare-text.ts';
import {
  comparePort25,
  comparePrecedence,
  endOfRank,
  type Precedence,
} from '../model/precedence.ts';
import { isVerified, type ProbeResult } from '../probe/result.ts';
import { MOVED_DATABASE_RANK } from '../sources/order.ts';

export interface Ranked {
  readonly candidate: Candidate;
  /** Undefined when it was not probed, or not to the end. */
  readonly probe: ProbeResult | undefined;
  readonly verified: boolean;
  /** Verified under a name that somebody has named, or that we made up: not under another one's. */
  readonly verifiedAsNamed: boolean;
  /** Whether it may be reported as the answer at all. */
  readonly eligible: boolean;
  /** Unverified, and only entries of the database name it that nobody has confirmed for long. */
  readonly outdated: boolean;
  /** Where it stands. An outdated entry does not lift what the domain publishes as well. */
  readonly precedence: Precedence;
  /** Its part of what is not verified, while an old entry of the database is among it. */
  readonly place: Place;
}

/**
 * What the domain publishes today, protected and encrypted, or the database says as lately as others;
 * entries that nobody has confirmed for long; whatever else others, or unprotected answers, say.
 */
export type Place = 'current' | 'old' | 'other';

const PLACES: readonly Place[] = ['current', 'old', 'other'];

/** Candidates whose place a derived one has taken, by key. */
export type Superseded = ReadonlySet<string>;

/**
 * Best first.
 * @param now tells how old the database's entries are
 */
export function rank(
  candidates: Iterable<Candidate>,
  probes: ReadonlyMap<string, ProbeResult>,
  superseded: Superseded,
  now: Date,
): readonly Ranked[] {
  const ranked = Array.from(candidates, (candidate): Ranked => {
    const probe = probes.get(candidate.key);
    const verified = candidate.encryption !== 'none' && isVerified(probe);
    const isOld = (evidence: Evidence): boolean => isFromOutdatedEntry(evidence, now);
    const [first] = candidate.evidence;
    const current = candidate.evidence.find((one) => !isOld(one) && isCurrent(one));
    return {
      candidate,
      probe,
      verified,
      verifiedAsNamed: verified && !candidate.evidence[0].alternateName,
      eligible:
        !superseded.has(candidate.key) &&
        !isAdvisory(candidate.evidence[0]) &&
        (isPublished(candidate) || sawAuth(probe)),
      outdated: !verified && candidate.evidence.every(isOld),
      precedence: (!verified && isOld(first) && current ? current : first).precedence,
      place: current !== undefined ? 'current' : isOldEntry(candidate, isOld) ? 'old' : 'other',
    };
  });
  // Without an old entry the sources' own order is the order.
  const byPlace = ranked.some(({ place }) => place === 'old');
  return ranked.sort((a, b) => compare(a, b, byPlace));
}

function compare(a: Ranked, b: Ranked, byPlace: boolean): number {
  const { precedence: precedenceA } = a;
  const { precedence: precedenceB } = b;
  return (
    Number(b.eligible) - Number(a.eligible) ||
    Number(b.verifiedAsNamed) - Number(a.verifiedAsNamed) ||
    Number(b.verified) - Number(a.verified) ||
    Number(isPublished(b.candidate)) - Number(isPublished(a.candidate)) ||
    (byPlace && !a.verified ? PLACES.indexOf(a.place) - PLACES.indexOf(b.place) : 0) ||
    precedenceA.rank - precedenceB.rank ||
    Number(isWorse(a.candidate)) - Number(isWorse(b.candidate)) ||
    comparePort25(precedenceA, precedenceB) ||
    Number(isReachable(b.probe)) - Number(isReachable(a.probe)) ||
    comparePrecedence(precedenceA, precedenceB) ||
    compareText(a.candidate.key, b.candidate.key)
  );
}

/** What is still open, in the order's own terms. */
export interface Pending {
  /** Asks without an answer: where what they find would stand. */
  readonly lookups: readonly Precedence[];
  /** Candidates that have no probe result yet and will get one. */
  readonly probes: readonly Precedence[];
}

/** Whether the head of the order is final: nothing pending could stand before it. */
export function isDecided(ranked: readonly Ranked[], pending: Pending, probing: boolean): boolean {
  const open = probing ? [...pending.lookups, ...pending.probes] : pending.lookups;
  if (open.length === 0) return true;
  const best = ranked[0];
  // Another name of the machine gives way to whatever is verified as named.
  if (!best?.eligible || (probing && !best.verifiedAsNamed)) return false;
  // What the domain publishes may still be found, wherever it stands.
  if (!best.verified && ranked.some(({ place }) => place === 'old')) return false;
  const precedence = lastingPrecedence(best);
  // What is derived from a candidate stands right after it, so its place stands for both.
  return open.every((other) => comparePrecedence(precedence, other) < 0);
}

/** Whatever else its source says, it is no worse than a server without encryption. */
function lastingPrecedence({ candidate, precedence }: Ranked): Precedence {
  return isPlain(candidate) ? endOfRank(precedence.rank) : precedence;
}

/** Found by the database or the MX, whatever others say as well. */
function isOldEntry({ evidence: [first] }: Candidate, isOld: (one: Evidence) => boolean): boolean {
  return isOld(first) && first.precedence.rank <= MOVED_DATABASE_RANK;
}

/** The MX or the domain's own name may have led to it today; its servers are as old as the entry. */
function isFromOutdatedEntry({ source, provider }: Evidence, now: Date): boolean {
  if (source === 'given' || provider === null || provider.id === null) return false;
  return isOutdated(provider.confirmed, now);
}

/** The domain's own word, or the database's, which is no older than others. */
const CURRENT: ReadonlySet<SourceName> = new Set<SourceName>([
  'given',
  'database',
  'mx-provider',
  'srv',
  'pacc',
  'autoconfig',
  'autodiscover',
  'mailconf',
]);

/** They name hosts of the domain or of known providers alone, so that they need no DNSSEC. */
const BOUND: ReadonlySet<SourceName> = new Set<SourceName>(['mx-provider', 'srv']);

function isCurrent({ source, channel, statement }: Evidence): boolean {
  const isProtected = channel !== 'http' && (channel !== 'dns' || BOUND.has(source));
  return CURRENT.has(source) && isProtected && statement.encryption !== 'none';
}

/** Encrypted settings that somebody states are not given up for others; our own attempts are. */
function isWorse(candidate: Candidate): boolean {
  return isPlain(candidate) && candidate.evidence[0].channel !== 'user';
}

function isPlain({ encryption }: Candidate): boolean {
  return encryption === 'none';
}

function isPublished(candidate: Candidate): boolean {
  return candidate.evidence[0].published;
}

function sawAuth(probe: ProbeResult | undefined): boolean {
  return probe !== undefined && probe.auth.length > 0;
}

function isReachable(probe: ProbeResult | undefined): boolean {
  switch (probe?.outcome) {
    case 'ok':
    case 'certificate':
    case 'no-auth':
    case 'tls':
    case 'protocol':
      return true;
    default:
      return false;
  }
}
