/** Whether what a piece of evidence says could have been forged on the way (RFC 6186 §6). */

import type { Ranked } from '../engine/rank.ts';
import type { Evidence } from '../model/candidate.ts';
import { inRegistrableDomain } from '../model/public-suffix.ts';
import type { ProviderDirectory } from '../providers/directory.ts';

export type Trust = 'secure' | 'insecure';

/**
 * Secure is what the user named, what came bundled, over HTTPS with a good certificate, or validated by DNSSEC; and a
 * host inside the query's registrable domain that has proven itself by its own certificate.
 */
export function trustOf(
  evidence: Evidence,
  { candidate, verified }: Ranked,
  domain: string,
): Trust {
  switch (evidence.channel) {
    case 'user':
    case 'bundled':
    case 'https':
    case 'dnssec':
      return 'secure';
    default:
      return verified && inRegistrableDomain(candidate.host, domain) ? 'secure' : 'insecure';
  }
}

/**
 * A host outside the domain that only insecure evidence names, and that is no known provider's:
 * a forged answer could have put it there (RFC 6186 §6).
 */
export function isUnprotected(
  winner: Ranked,
  evidence: readonly Evidence[],
  domain: string,
  providers: ProviderDirectory,
): boolean {
  const { host } = winner.candidate;
  if (inRegistrableDomain(host, domain) || providers.byHost(host) !== null) return false;
  // The database itself names it, whatever led to its entry.
  if (evidence.some(({ provider }) => provider?.id)) return false;
  return evidence.every((item) => trustOf(item, winner, domain) === 'insecure');
}
