/** The one line that says what the answer is worth, with the first reason where it is not all well. */
import type { Warning } from '../../model/warnings.ts';
import { whyNotVerified } from '../../report/not-verified.ts';
import type { Report } from '../../report/report.ts';
import type { Style } from './style.ts';
import { protocolWords, warningWords } from './words.ts';

export interface Status {
  /** Short enough never to be broken. */
  readonly verdict: string;
  readonly rest: string;
  /** The warning that `rest` repeats, which need not be shown again. */
  readonly repeated: Warning | null;
}

/** @param forExperts with the document that a reason follows from */
export function statusOf(report: Report, style: Style, forExperts: boolean): Status {
  const { settings, domain } = report;
  switch (report.status) {
    case 'verified': {
      const protocol = settings?.tls ? protocolWords(settings.tls.protocol) : 'TLS';
      return {
        verdict: 'Verified',
        rest: `: ${protocol} with a trusted certificate, and sign-in is offered.`,
        repeated: null,
      };
    }
    case 'unverified':
      return unverified(report, style, forExperts);
    case 'not-found':
    case 'error':
      return {
        verdict: 'No settings found',
        rest: domain === null ? '.' : ` for ${style.host(domain)}.`,
        repeated: null,
      };
  }
}

/** A look-up that was asked not to check has not failed to. */
function unverified(report: Report, style: Style, forExperts: boolean): Status {
  const { warnings } = report;
  const unprobed = warnings.find(({ code }) => code === 'not-probed');
  if (unprobed) {
    return { verdict: 'Not checked', rest: ': the server was not contacted.', repeated: unprobed };
  }
  const reason = whyNotVerified(report);
  const see = warnings.length > 0 ? ': see the warnings below.' : '.';
  return {
    verdict: 'Not verified',
    rest: reason ? `. ${style.prose(warningWords(reason, forExperts))}` : see,
    repeated: reason,
  };
}
