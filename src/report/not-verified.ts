/** Why a report's server is not verified, or none was found: of its warnings, the one that says so. */
import type { Warning, WarningCode } from '../model/warnings.ts';
import type { Report } from './report.ts';

/** All others speak of something else: the login, the user name, what sources disagree about. */
const IS_REASON: { readonly [C in WarningCode]?: true } = {
  'network-unreachable': true,
  'resolver-failed': true,
  'proxy-failed': true,
  'mail-ports-blocked': true,
  'not-probed': true,
  'database-only': true,
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
  'local-server': true,
  'protocol-error': true,
  'temporary-refusal': true,
  'no-auth': true,
  'no-submission': true,
  'provider-without-servers': true,
  'gateway-mx': true,
  'similar-domain': true,
  incomplete: true,
};

/** @returns null when no warning says it */
export function whyNotVerified({ warnings }: Report): Warning | null {
  return warnings.find(({ code }) => IS_REASON[code]) ?? null;
}
