/** What may help where nothing was found. */
import { toULabels } from '../domain.ts';
import type { Report } from '../report/report.ts';
import { popularDomains } from './popular-domains.ts';
import { suggestDomain } from './suggest-domain.ts';

/** One line that names a likelier domain, or null. */
export function hintOf({ status, domain }: Report): string | null {
  if (status !== 'not-found' || domain === null) return null;
  const meant = suggestDomain(domain, popularDomains);
  return meant === null
    ? null
    : `no settings found for ${toULabels(domain)}; did you mean ${meant}?`;
}
