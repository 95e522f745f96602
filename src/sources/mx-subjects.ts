/** Which domains a mail exchanger's name leads to. */
import { isAddress } from '../model/domain.ts';
import { registrableDomain } from '../model/public-suffix.ts';

/**
 * The domains to ask about a mail exchanger (draft-ietf-mailmaint-autoconfig): its name without the
 * first label, where that is longer than its registrable domain, and then the registrable domain.
 * Not the domain that the user asked about, which answers for itself.
 */
export function mxSubjects(host: string, queryDomain: string): readonly string[] {
  const base = isAddress(host) ? null : registrableDomain(host);
  if (base === null) return [];
  const full = host.slice(host.indexOf('.') + 1);
  const domains = full.length > base.length ? [full, base] : [base];
  return domains.filter((domain) => domain !== queryDomain);
}
