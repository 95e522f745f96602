/** User-name templates, filled in for a query. */
import type { Evidence } from '../model/candidate.ts';
import type { Query } from '../model/query.ts';

/**
 * `%EMAILADDRESS%`, `%EMAILLOCALPART%` and `%EMAILDOMAIN%` replaced by what the query has. For a
 * bare domain, what would need an address stays as it is.
 */
export function fillUsername(template: string, { email, localPart, domain }: Query): string {
  return template.replace(/%EMAIL(ADDRESS|LOCALPART|DOMAIN)%/gi, (placeholder, what: string) => {
    switch (what.toUpperCase()) {
      case 'ADDRESS':
        return email ?? '%EMAILADDRESS%';
      case 'LOCALPART':
        return localPart ?? '%EMAILLOCALPART%';
      case 'DOMAIN':
        return domain;
      default:
        return placeholder;
    }
  });
}

/** What the best source says that says anything; null when none does. */
export function statedUsername(evidence: readonly Evidence[]): string | null {
  return evidence.find(({ statement }) => statement.username !== null)?.statement.username ?? null;
}

/** The full address is the usual user name, and the first to try (RFC 6186 §4). */
export const ASSUMED_USERNAME = '%EMAILADDRESS%';
