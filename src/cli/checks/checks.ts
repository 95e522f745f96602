/** `--require` and `--expect` together: what became of each, and the exit code. */
import type { ReportedCheck } from '../../report/report.ts';
import { exitCodeOf, exitCodes, type Outcome as Judged, worse } from '../exit-codes.ts';
import type { Checked, Condition } from './conditions.ts';
import { compare, type Expected } from './expectation.ts';

export interface Checks {
  readonly required: readonly Condition[];
  readonly expected: readonly Expected[];
}

export interface Verdict {
  readonly exitCode: number;
  /** What it would be without the checks. */
  readonly answerCode: number;
  /** What became of each check. */
  readonly checks: readonly ReportedCheck[];
  /** Those that failed, a line each. */
  readonly failed: readonly string[];
}

interface Outcome extends ReportedCheck {
  /** What is said of it when it fails. */
  readonly failure: string;
}

/** @param probing false when the user asked for an answer without a probe */
export function judge(
  report: Checked & Judged,
  { checks, probing }: { readonly checks: Checks; readonly probing: boolean },
  now: Date,
): Verdict {
  const outcomes = outcomesOf(report, checks, now);
  const failed = outcomes.flatMap(({ ok, failure }) => (ok ? [] : [failure]));
  const code = exitCodeOf(report, probing);
  return {
    checks: outcomes.map(({ condition, ok, found }) => ({ condition, ok, found })),
    failed,
    answerCode: code,
    // A check that fails spoils an answer that is otherwise good.
    exitCode: failed.length > 0 ? worse(code, exitCodes.unverified) : code,
  };
}

/** None for bad input, which is reported as such. */
function outcomesOf(
  report: Checked,
  { required, expected }: Checks,
  now: Date,
): readonly Outcome[] {
  if (report.status === 'error') return [];
  return [
    ...required.map(({ name, check }) => {
      const { ok, found, why } = check(report, now);
      return { condition: name, ok, found, failure: `${report.query}: required ${name}: ${why}` };
    }),
    ...compare(expected, report).map(({ key, value, ok, expected: wanted, found }) => {
      const difference = `expected ${key}=${wanted}, found ${key}=${found ?? 'nothing'}`;
      const failure = `${report.query}: ${difference}`;
      return { condition: `${key}=${value}`, ok, found, failure };
    }),
  ];
}
