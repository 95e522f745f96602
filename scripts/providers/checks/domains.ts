import { getDomain } from 'tldts';
import { type LeftOut, reasonOf } from '../left-out.ts';
import { type Checks, ofEach, ofShared, when } from './check.ts';

/** Public suffixes that have mailboxes of their own as well. */
export const SUFFIXES_WITH_MAILBOXES: readonly string[] = ['gov.in', 'nic.in'];

export function domainChecks(leftOut: LeftOut): Checks {
  return {
    'a domain belongs to one provider': ofShared(
      ({ domains }) => domains,
      (domain, other) =>
        `domains: ${domain} also stands in ${other}, and a domain belongs to one provider: remove it from one of them`,
    ),

    'only a provider with addresses has domains': ofEach(({ kind, domains }) =>
      when(
        kind !== 'mailbox' && domains.length > 0,
        `domains: kind is ${kind}, and only people with addresses are asked about by domain: empty domains, or make kind mailbox`,
      ),
    ),

    'a domain can be registered, or is part of one': ofEach(({ domains }) =>
      domains
        .filter((domain) => getDomain(domain, { allowPrivateDomains: false }) === null)
        .filter((domain) => !SUFFIXES_WITH_MAILBOXES.includes(domain))
        .map(
          (domain) =>
            `domains: ${domain} is a public suffix, under which anybody registers: list the domains of the addresses instead, or add it to SUFFIXES_WITH_MAILBOXES in scripts/providers/checks/domains.ts if it has addresses itself`,
        ),
    ),

    'no domain is one of those left out': ofEach(({ domains }) =>
      domains.flatMap((domain) => {
        const code = reasonOf(leftOut, domain);
        return when(
          code !== null,
          `domains: ${domain} is left out as ${code} by scripts/providers/left-out.json: remove it here, or there if that is no longer so`,
        );
      }),
    ),

    'subdomains are among the domains': ofEach(({ domains, subdomains = [] }) =>
      subdomains
        .filter((domain) => !domains.includes(domain))
        .map(
          (domain) => `subdomains: ${domain} is not in domains: add it there, or remove it here`,
        ),
    ),
  };
}
