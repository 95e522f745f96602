/** A report for programs: one line, or indented for a person who asked for JSON on a terminal. */
import type { Report } from '../report/report.ts';

/** Ends with a newline. */
export function renderJson(report: Report, options: { readonly pretty?: boolean } = {}): string {
  return `${JSON.stringify(report, null, options.pretty ? 2 : 0)}\n`;
}
