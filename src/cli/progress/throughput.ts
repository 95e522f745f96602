/** How fast a batch goes, and how long the rest will take, by what the last half minute did. */
import type { InputSize } from '../input/queries.ts';

export interface Throughput {
  /** Counts one answer, and what it took of the input. */
  answered(bytes: number): void;
  /** Counts input that needed no work. */
  skipped(bytes: number): void;
  readonly done: number;
  /** Of the input, 0 to 1; null when its size is not known. */
  fraction(): number | null;
  /** Answers a second; null while it is too early to tell. */
  rate(): number | null;
  /** Seconds; null while it is too early to tell. */
  left(): number | null;
}

const WINDOW_MS = 30_000;
const SAMPLE_MS = 500;
const EARLIEST_MS = 1500;

interface Sample {
  readonly at: number;
  readonly done: number;
  readonly passed: number;
}

/** @param now milliseconds of any clock that only goes forward */
export function createThroughput(total: InputSize | null, now: () => number): Throughput {
  let done = 0;
  /** Of the total, in its unit. */
  let passed = 0;
  let samples: Sample[] = [{ at: now(), done, passed }];

  const sample = (): void => {
    const at = now();
    const last = samples.at(-1);
    if (last && at - last.at < SAMPLE_MS) return;
    samples = [...samples.filter((old) => at - old.at <= WINDOW_MS), { at, done, passed }];
  };
  const per = (what: 'done' | 'passed', current: number): number | null => {
    const from = samples[0];
    const elapsed = from ? now() - from.at : 0;
    if (!from || elapsed < EARLIEST_MS) return null;
    return ((current - from[what]) * 1000) / elapsed;
  };

  return {
    answered(bytes) {
      done++;
      passed += total?.unit === 'queries' ? 1 : bytes;
      sample();
    },
    skipped(bytes) {
      passed += total?.unit === 'queries' ? 1 : bytes;
      // It says nothing about the work to come.
      samples = [{ at: now(), done, passed }];
    },
    get done() {
      return done;
    },
    fraction: () => (total ? Math.min(1, passed / Math.max(1, total.size)) : null),
    rate: () => per('done', done),
    left() {
      const speed = per('passed', passed);
      if (!total || !speed) return null;
      return Math.max(0, total.size - passed) / speed;
    },
  };
}
