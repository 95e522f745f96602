/**
 * The decision: a total order over candidates, and whether anything still under way could change
 * its head. Pure functions of what the network answered; which answer came first plays no part.
 */
import { type Candidate, compareStanding, type Standing } from '../model/candidate.ts';
import { compareText } from '../model/compare-text.ts';
import { isVerified, type ProbeResult } from '../probe/result.ts';

export interface Ranked {
  readonly candidate: Candidate;
  /** Undefined when it was not probed, or not to the end. */
  readonly probe: ProbeResult | undefined;
  readonly verified: boolean;
  /** Whether it may be reported as the answer at all. */
  readonly eligible: boolean;
}

/** Candidates whose place a derived one has taken, by key. */
export type Superseded = ReadonlySet<string>;

export function standingOf(candidate: Candidate): Standing {
  return candidate.evidence[0].standing;
}

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
      eligible:
        !superseded.has(candidate.key) &&
        !candidate.evidence[0].advisory &&
        (isPublished(candidate) || sawAuth(probe)),
    };
  });
  return ranked.sort(compare);
}

function compare(a: Ranked, b: Ranked): number {
  const standingA = standingOf(a.candidate);
  const standingB = standingOf(b.candidate);
  return (
    Number(b.eligible) - Number(a.eligible) ||
    Number(b.verified) - Number(a.verified) ||
    Number(isPublished(b.candidate)) - Number(isPublished(a.candidate)) ||
    (standingA[0] ?? 0) - (standingB[0] ?? 0) ||
    Number(isPlain(a.candidate)) - Number(isPlain(b.candidate)) ||
    Number(isReachable(b.probe)) - Number(isReachable(a.probe)) ||
    compareStanding(standingA, standingB) ||
    compareText(a.candidate.key, b.candidate.key)
  );
}

/** What is still open, in the order's own terms. */
export interface Pending {
  /** Asks without an answer: where what they find would stand. */
  readonly lookups: readonly Standing[];
  /** Candidates that have no probe result yet and will get one. */
  readonly probes: readonly Standing[];
}

/** Whether the head of the order is final: nothing pending could stand before it. */
export function isDecided(ranked: readonly Ranked[], pending: Pending, probing: boolean): boolean {
  const open = probing ? [...pending.lookups, ...pending.probes] : pending.lookups;
  if (open.length === 0) return true;
  const best = ranked[0];
  if (!best?.eligible || (probing && !best.verified)) return false;
  const standing = lastingStanding(best.candidate);
  // What is derived from a candidate stands right after it, so its place stands for both.
  return open.every((other) => compareStanding(standing, other) < 0);
}

/** Whatever else its source says, it is no worse than a server without encryption. */
function lastingStanding(candidate: Candidate): Standing {
  const standing = standingOf(candidate);
  return isPlain(candidate) ? [standing[0] ?? 0, Number.MAX_SAFE_INTEGER] : standing;
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
