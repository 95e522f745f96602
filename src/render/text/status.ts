/** The one line that says what the answer is worth, with the first reason where it is not all well. */
import type { Warning, WarningCode } from '../../model/warnings.ts';
import type { Report } from '../../report/report.ts';
import type { Look } from './look.ts';
import { protocolWords } from './words.ts';

export interface Status {
  /** Short enough never to be broken. */
  readonly verdict: string;
  readonly rest: string;
  /** The warning that `rest` repeats, which need not be shown again. */
  readonly told: Warning | null;
}

/** Whether each warning says why an answer could not be verified. */
const IS_REASON: { readonly [C in WarningCode]?: true } = {
  'network-unreachable': true,
  'resolver-failed': true,
  'proxy-failed': true,
  'mail-ports-blocked': true,
  plaintext: true,
  'certificate-expired': true,
  'certificate-not-yet-valid': true,
  'certificate-self-signed': true,
  'certificate-untrusted': true,
  'certificate-name': true,
  'certificate-name-only-in-cn': true,
  'tls-outdated': true,
  'tls-failed': true,
  'dns-failed': true,
  'connection-refused': true,
  'connection-timeout': true,
  'host-unreachable': true,
  'address-refused': true,
  'protocol-error': true,
  'temporary-refusal': true,
  'no-auth': true,
  'no-submission': true,
  'similar-domain': true,
  incomplete: true,
};

export function statusOf(report: Report, look: Look): Status {
  const { settings, domain, warnings } = report;
  switch (report.status) {
    case 'verified': {
      const protocol = settings?.tls ? protocolWords(settings.tls.protocol) : 'TLS';
      return {
        verdict: 'Verified',
        rest: `: ${protocol} with a trusted certificate, and sign-in is offered.`,
        told: null,
      };
    }
    case 'unverified':
      return unverified(warnings, look);
    case 'not-found':
    case 'error':
      return {
        verdict: 'No settings found',
        rest: domain === null ? '.' : ` for ${look.host(domain)}.`,
        told: null,
      };
  }
}

/** The first warning that says why an answer is not verified; null when none does. */
export function reasonOf(warnings: readonly Warning[]): Warning | null {
  return warnings.find(({ code }) => IS_REASON[code]) ?? null;
}

/** A look-up that was asked not to check has not failed to. */
function unverified(warnings: readonly Warning[], look: Look): Status {
  const unprobed = warnings.find(({ code }) => code === 'not-probed');
  if (unprobed) {
    return { verdict: 'Not checked', rest: ': the server was not contacted.', told: unprobed };
  }
  const told = reasonOf(warnings);
  const see = warnings.length > 0 ? ': see the warnings below.' : '.';
  return { verdict: 'Not verified', rest: told ? `. ${look.prose(told.message)}` : see, told };
}
