/** What is wrong with a certificate, in words, for those who want a good one or none. */
import type { CertificateFacts, CertificateProblem } from '../network.ts';

const TROUBLE: Readonly<Record<CertificateProblem, string>> = {
  expired: 'its certificate has expired',
  'not-yet-valid': 'its certificate is not valid yet',
  'self-signed': 'its certificate is self-signed',
  untrusted: 'its certificate comes from no trusted authority',
  name: 'its certificate is for another name',
  'name-only-in-cn': 'its certificate has the name in the common name alone (RFC 9525)',
};

/** @param certificate one with a problem, or null where there is none at all */
export function certificateTrouble(certificate: CertificateFacts | null): string {
  const problem = certificate?.problem ?? null;
  if (certificate === null || problem === null) return 'it has no certificate';
  const names = certificate.names.slice(0, 3).join(', ');
  return problem === 'name' && names !== '' ? `${TROUBLE[problem]} (${names})` : TROUBLE[problem];
}
