/** `--require` and `--expect` together: what is not as it should be, a line each. */
import type { Checked, Condition } from './conditions.ts';
import { compare, type Expected } from './expectation.ts';

export interface Checks {
  readonly required: readonly Condition[];
  readonly expected: readonly Expected[];
}

/** Nothing to say of bad input, which is told as such. */
export function complaintsOf(
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
  return [...unmet, ...different].map((complaint) => `${report.query}: ${complaint}`);
}
