/** A report for programs: one line, or indented and coloured for a person who asked for JSON on a terminal. */
import type { Report } from '../report/report.ts';
import type { Field } from './fields.ts';

export interface JsonOptions {
  readonly pretty?: boolean;
  readonly color?: boolean;
  /** Only these, under their short names; null for the whole report. */
  readonly fields?: readonly Field[] | null;
}

/** Ends with a newline. */
export function renderJson(report: Report, { pretty, color, fields }: JsonOptions = {}): string {
  const shown = fields
    ? Object.fromEntries(fields.map(({ name, value }) => [name, value(report)]))
    : report;
  const text = JSON.stringify(shown, null, pretty ? 2 : 0);
  return `${color ? colored(text) : text}\n`;
}

// Of the sixteen basic colours, which follow the terminal's theme, those that can be read on light
// and on dark.
const KEY = '34;1';
const STRING = '32';
/** And true and false. */
const NUMBER = '35';
const NULL = '2';

const TOKEN =
  /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** As jq has it. */
function colored(json: string): string {
  return json.replace(TOKEN, (token, string?: string, colon?: string) => {
    if (string !== undefined && colon !== undefined) return paint(KEY, string) + colon;
    if (string !== undefined) return paint(STRING, string);
    return paint(token === 'null' ? NULL : NUMBER, token);
  });
}

function paint(code: string, text: string): string {
  return `\u001b[${code}m${text}\u001b[0m`;
}
