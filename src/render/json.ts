/** A report for programs: one line, or indented for a person who asked for JSON on a terminal. */
import type { Report } from '../report/report.ts';
import type { Field } from './fields.ts';

export interface JsonOptions {
  readonly pretty?: boolean;
  /** Only these, under their short names; null for the whole report. */
  readonly fields?: readonly Field[] | null;
}

/** Ends with a newline. */
export function renderJson(report: Report, { pretty, fields }: JsonOptions = {}): string {
  const shown = fields
    ? Object.fromEntries(fields.map(({ name, value }) => [name, value(report)]))
    : report;
  return `${JSON.stringify(shown, null, pretty ? 2 : 0)}\n`;
}
