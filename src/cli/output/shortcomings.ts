/** What an answer lacks, for those who see no more of it: readers of stderr, and monitors. */
import { loginWarningsOf } from '../../render/text/login.ts';
import { whyNotVerified } from '../../report/not-verified.ts';
import type { Report } from '../../report/report.ts';

/** In sentences; none when it is verified, and the login, if one was asked for, went well. */
export function shortcomings(report: Report): readonly string[] {
  const { status, warnings } = report;
  const reason = whyNotVerified(report)?.message;
  switch (status) {
    case 'verified':
      return loginWarningsOf(report).map(({ message }) => message);
    case 'unverified':
      return [`not verified. ${reason ?? ''}`.trim()];
    case 'not-found':
      return [`no settings found${reason === undefined ? '' : `. ${reason}`}`];
    case 'error':
      return [warnings[0]?.message ?? 'not understood'];
  }
}
