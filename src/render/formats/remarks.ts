/** What is said above the settings: whether they hold, and what to mind. Sentences, not yet comments. */
import { whyNotVerified } from '../../report/not-verified.ts';
import type { Report } from '../../report/report.ts';
import type { Account } from './account.ts';

/** Beyond these, a file of settings would be mostly remarks. */
const MAX_WARNINGS = 8;

export function statusRemarks(report: Report, account: Account): string[] {
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
export function absenceRemarks(report: Report): string[] {
  const warnings = report.warnings.slice(0, MAX_WARNINGS).map(({ message }) => message);
  if (report.status === 'error') return warnings;
  const absence =
    report.settings === null
      ? `no SMTP settings found for ${report.query}`
      : `the settings for ${report.query} name no usable host and port`;
  return [absence, ...warnings];
}
