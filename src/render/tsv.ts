/** Tab-separated values: a line a report (IANA: text/tab-separated-values). */
import { printable } from '../model/printable.ts';
import type { Report } from '../report/report.ts';
import { type Field, fieldNamed, fields } from './fields.ts';

/** Of `--format tsv`, in a fixed order: more may be added at the end. */
const USUAL: readonly string[] = [
  ...['query', 'status', 'host', 'port', 'encryption', 'auth', 'username', 'email', 'domain'],
  ...['provider', 'confirmed', 'complete', 'evidence', 'warnings', 'checks', 'login', 'durationMs'],
];

export const usualFields: readonly Field[] = USUAL.flatMap(
  (name) => fieldNamed(name, fields) ?? [],
);

export function tsvHeader(fields: readonly Field[]): string {
  return tsvLine(fields.map(({ name }) => name));
}

export interface TsvOptions {
  /** Nothing that a spreadsheet would take for a formula: strangers choose some of what is found. */
  readonly forSpreadsheet: boolean;
}

/** Ends with a newline. */
export function renderTsv(report: Report, fields: readonly Field[], options: TsvOptions): string {
  return tsvLine(
    fields.map((field) => field.text(report)),
    options,
  );
}

/** Ends with a newline. A cell can't hold a tab or the end of a line: these become spaces. */
export function tsvLine(cells: readonly string[], options?: TsvOptions): string {
  const texts = cells.map((cell) => printable(cell));
  return `${(options?.forSpreadsheet ? texts.map(inert) : texts).join('\t')}\n`;
}

/**
 * The apostrophe makes a text of what follows, as people type it in a spreadsheet themselves. A quote
 * at the beginning would be taken off, and so would show what stands behind it.
 */
function inert(text: string): string {
  return /^["=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
}
