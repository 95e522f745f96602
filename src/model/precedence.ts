/**
 * Precedence: where something stands in the total order before anything was probed. Compared step
 * by step, lower wins. Whatever lacks a step stands for all that lies within, and before it.
 */
export interface Precedence {
  /** The source's place in the list of sources. */
  readonly rank: number;
  /** It is at port 25, which many networks block: behind all else of its rank. */
  readonly port25?: boolean;
  /** Which of the subjects that it was asked about, nearest first. */
  readonly subject?: number;
  /** Which of the sources that share the rank. */
  readonly part?: number;
  /** Which of the places that the source asks. */
  readonly place?: number;
  /** Which of the servers that this place names. */
  readonly server?: number;
  /** The steps by which probes led from that server to this one; none for the server itself. */
  readonly derivation?: readonly number[];
}

const STEPS = ['rank', 'subject', 'part', 'place', 'server'] as const;
const BEFORE_ALL = -1;

export function comparePrecedence(a: Precedence, b: Precedence): number {
  const difference = a.rank - b.rank || comparePort25(a, b);
  if (difference !== 0) return difference;
  for (const step of STEPS) {
    const difference = (a[step] ?? BEFORE_ALL) - (b[step] ?? BEFORE_ALL);
    if (difference !== 0) return difference;
  }
  return compareDerivations(a.derivation ?? [], b.derivation ?? []);
}

export function comparePort25(a: Precedence, b: Precedence): number {
  return Number(a.port25 ?? false) - Number(b.port25 ?? false);
}

/** Whether something lies within a place: of the steps that the place has, it shares all. */
export function isWithin(precedence: Precedence, place: Precedence): boolean {
  return STEPS.every((step) => place[step] === undefined || place[step] === precedence[step]);
}

/** What was derived stands right behind its origin. */
function compareDerivations(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? BEFORE_ALL) - (b[i] ?? BEFORE_ALL);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The place of the derived server that this step leads to. */
export function derivedPrecedence(origin: Precedence, step: number): Precedence {
  return { ...origin, derivation: [...(origin.derivation ?? []), step] };
}

export function isDerived({ derivation = [] }: Precedence): boolean {
  return derivation.length > 0;
}

/** Behind all that has this rank, and before the next one. */
export function endOfRank(rank: number): Precedence {
  return { rank, port25: true, subject: Number.POSITIVE_INFINITY };
}

/** Behind everything. */
export const last: Precedence = { rank: Number.POSITIVE_INFINITY };
