/** What every format is, and what all of them share: remarks on top, then the settings. */
import { whyNotVerified } from '../../report/not-verified.ts';
import type { Report } from '../../report/report.ts';
import { type Account, accountOf } from './account.ts';

export interface Format {
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  /**
   * Pure. Ends with a newline, unless empty: without settings there are comments, or nothing where
   * the format has none.
   */
  render(report: Report): string;
}

/** What one format writes of an account. */
export interface Written {
  /** Whole sentences, to stand on top as comments. */
  readonly remarks: readonly string[];
  readonly lines: readonly string[];
}

export interface Notation {
  readonly name: string;
  readonly summary: string;
  /** A line of text as a comment, whatever the text holds; null where the format has none. */
  readonly comment: ((text: string) => string) | null;
  /** Goes before everything, where a format insists; then nothing is written without settings. */
  readonly firstLine?: string;
  write(account: Account): Written;
}

export function createFormat({ name, summary, comment, firstLine, write }: Notation): Format {
  const comments = (texts: readonly string[]): string[] =>
    comment === null ? [] : texts.map(comment);
  return {
    name,
    summary,
    render(report) {
      const account = accountOf(report);
      if (account === null) {
        return firstLine === undefined ? textOf(comments(absenceRemarks(report))) : '';
      }
      const { remarks, lines } = write(account);
      return textOf([
        ...(firstLine === undefined ? [] : [firstLine]),
        ...comments([...statusRemarks(report, account), ...remarks]),
        ...lines,
      ]);
    },
  };
}

/**
 * A value as the format writes it, or else a stand-in and a remark.
 * @param quote null for what the format cannot hold safely
 */
export function orStandIn(
  quote: (value: string) => string | null,
  value: string,
  what: string,
  standIn: string,
  remarks: string[],
): string {
  const quoted = quote(value);
  if (quoted !== null) return quoted;
  remarks.push(
    `The ${what} holds characters that cannot be written here safely. Put it in by hand.`,
  );
  return standIn;
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** Beyond these, a file of settings would be mostly remarks. */
const MAX_WARNINGS = 8;

/** What is said above the settings: whether they hold, and what to mind. */
function statusRemarks(report: Report, account: Account): string[] {
  const verified = report.status === 'verified';
  const reason = verified ? null : whyNotVerified(report);
  const further = report.warnings.filter((warning) => warning !== reason).slice(0, MAX_WARNINGS);
  const saysPlaintext = report.warnings.some(({ code }) => code === 'plaintext');
  return [
    verified
      ? `SMTP settings for ${account.domain ?? report.query}, verified by smtp-find`
      : `not verified: ${reason?.message ?? 'the server was not seen to work.'}`,
    ...(account.encryption === 'none' && !saysPlaintext
      ? ['warning: no encryption. The password and every message cross the network in the clear.']
      : []),
    ...further.map(({ message }) => `warning: ${message}`),
    ...(report.provider?.notes ?? []).map(
      ({ message }) => `${account.provider ?? 'note'}: ${message}`,
    ),
  ];
}

/** When there are no settings to write. */
function absenceRemarks(report: Report): string[] {
  const warnings = report.warnings.slice(0, MAX_WARNINGS).map(({ message }) => message);
  if (report.status === 'error') return warnings;
  const absence =
    report.settings === null
      ? `no SMTP settings found for ${report.query}`
      : `the settings for ${report.query} name no usable host and port`;
  return [absence, ...warnings];
}
