/**
 * The decision: a total order over candidates, and whether anything still under way could change
 * its head. Pure functions of what the network answered; which answer came first plays no part.
 */
import { type Candidate, isAdvisory, precedenceOf } from '../model/candidate.ts';
import { compareText } from '../model/compare-text.ts';
import {
  comparePort25,
  comparePrecedence,
  endOfRank,
  type Precedence,
} from '../model/precedence.ts';
import { isVerified, type ProbeResult } from '../probe/result.ts';

export interface Ranked {
  readonly candidate: Candidate;
  /** Undefined when it was not probed, or not to the end. */
  readonly probe: ProbeResult | undefined;
  readonly verified: boolean;
  /** Verified under a name that somebody has named, or that we made up: not under another one's. */
  readonly verifiedAsNamed: boolean;
  /** Whether it may be reported as the answer at all. */
  readonly eligible: boolean;
}

/** Candidates whose place a derived one has taken, by key. */
export type Superseded = ReadonlySet<string>;

/** Best first. */
export function rank(
  candidates: Iterable<Candidate>,
  probes: ReadonlyMap<string, ProbeResult>,
  superseded: Superseded,
): readonly Ranked[] {
  const ranked = Array.from(candidates, (candidate): Ranked => {
    const probe = probes.get(candidate.key);
    const verified = candidate.encryption !== 'none' && isVerified(probe);
    return {
      candidate,
      probe,
      verified,
      verifiedAsNamed: verified && !candidate.evidence[0].alternateName,
      eligible:
        !superseded.has(candidate.key) &&
        !isAdvisory(candidate.evidence[0]) &&
        (isPublished(candidate) || sawAuth(probe)),
    };
  });
  return ranked.sort(compare);
}

function compare(a: Ranked, b: Ranked): number {
  const [precedenceA, precedenceB] = [precedenceOf(a.candidate), precedenceOf(b.candidate)];
  return (
    Number(b.eligible) - Number(a.eligible) ||
    Number(b.verifiedAsNamed) - Number(a.verifiedAsNamed) ||
    Number(b.verified) - Number(a.verified) ||
    Number(isPublished(b.candidate)) - Number(isPublished(a.candidate)) ||
    precedenceA.rank - precedenceB.rank ||
    Number(isPlain(a.candidate)) - Number(isPlain(b.candidate)) ||
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
  const precedence = lastingPrecedence(best.candidate);
  // What is derived from a candidate stands right after it, so its place stands for both.
  return open.every((other) => comparePrecedence(precedence, other) < 0);
}

/** Whatever else its source says, it is no worse than a server without encryption. */
function lastingPrecedence(candidate: Candidate): Precedence {
  const precedence = precedenceOf(candidate);
  return isPlain(candidate) ? endOfRank(precedence.rank) : precedence;
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
