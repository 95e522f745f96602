/** `--require` and `--expect` together: what is not as it should be, and the exit code for it. */
import { exitCodeOf, exitCodes, type Outcome, worse } from '../exit-codes.ts';
import type { Checked, Condition } from './conditions.ts';
import { compare, type Expected } from './expectation.ts';

export interface Checks {
  readonly required: readonly Condition[];
  readonly expected: readonly Expected[];
}

export interface Verdict {
  readonly exitCode: number;
  /** Checks that failed, a line each. */
  readonly failed: readonly string[];
}

/** @param probing false when the user asked for an answer without a probe */
export function judge(
  report: Checked & Outcome,
  { checks, probing }: { readonly checks: Checks; readonly probing: boolean },
  now: Date,
): Verdict {
  const failed = failedChecks(report, checks, now);
  const code = exitCodeOf(report, probing);
  // A check that fails spoils an answer that is otherwise good.
  return { failed, exitCode: failed.length > 0 ? worse(code, exitCodes.unverified) : code };
}

/** None for bad input, which is reported as such. */
export function failedChecks(
  report: Checked,
  { required, expected }: Checks,
  now: Date,
): readonly string[] {
  if (report.status === 'error') return [];
  const unmet = required.flatMap(({ name, check }) => {
    const why = check(report, now);
    return why === null ? [] : [`required ${name}: ${why}`];
  });
  const different = compare(expected, report).map(
    ({ key, expected: wanted, found }) => `expected ${key}=${wanted}, found ${key}=${found}`,
  );
  return [...unmet, ...different].map((failure) => `${report.query}: ${failure}`);
}
