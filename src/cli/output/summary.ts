/** The last line of a batch on stderr: how many, what became of them, and how long it took. */

import { inLargeUnits, inSeconds } from '../../model/duration.ts';
import type { Judged } from '../batch.ts';

export interface Summary {
  heard(judged: Judged): void;
  /** Null where everybody can count for themselves. */
  line(): string | null;
}

/** Fewer answers are seen at a glance, and a script that asks for two is spared the line. */
const FEWEST = 10;

/**
 * @param probing false when the user asked for an answer without a probe
 * @param now milliseconds of any clock that only goes forward
 */
export function createSummary(probing: boolean, now: () => number): Summary {
  const began = now();
  const counts = { verified: 0, unverified: 0, 'not-found': 0, error: 0 };
  let failing = 0;
  return {
    heard({ report, failed }) {
      counts[report.status]++;
      if (failed.length > 0) failing++;
    },
    line() {
      const { verified, unverified, 'not-found': nothing, error } = counts;
      const all = verified + unverified + nothing + error;
      if (all < FEWEST) return null;
      const parts = [
        counted(verified, 'verified'),
        counted(unverified, probing ? 'not verified' : 'found'),
        counted(nothing, 'nothing found'),
        counted(error, error === 1 ? 'bad line' : 'bad lines'),
      ];
      const checks = failing === 0 ? '' : `; ${number(failing)} with a check that fails`;
      return `${number(all)} answered: ${parts.flat().join(', ')}${checks}; ${time(now() - began)}`;
    },
  };
}

function counted(count: number, words: string): readonly string[] {
  return count === 0 ? [] : [`${number(count)} ${words}`];
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}

function time(ms: number): string {
  return ms < 59_500 ? inSeconds(ms) : inLargeUnits(ms);
}
