/** The domains that the best mail exchangers' names lead to: the subjects of `mx-autoconfig`. */
import { isAddress } from '../model/domain.ts';
import { registrableDomain } from '../model/public-suffix.ts';
import { readMx } from './documents/dns-records.ts';
import type { FoundSubject, SubjectLookup } from './source.ts';

/** Each of them is asked in three places. */
const MAX_DOMAINS = 6;

export function mxSubjectLookup(domain: string): SubjectLookup {
  return {
    from: `${domain} MX`,
    async find({ providers, ...context }) {
      const mx = await readMx(domain, context);
      // A null MX is told by `mx-provider`.
      if (mx.outcome === 'nothing') return { outcome: 'nothing', detail: mx.detail };
      if (mx.outcome === 'failed') return mx;
      const found = new Map<string, string | null>();
      for (const host of mx.records) {
        const match = providers.byMx(host);
        if (match?.proves === 'gateway') {
          const name = mxSubjects(host, domain)[0] ?? host;
          if (!found.has(name))
            found.set(name, `${match.provider.name} only filters or forwards mail`);
        } else {
          for (const name of mxSubjects(host, domain)) found.set(name, null);
        }
      }
      if (found.size === 0) {
        return {
          outcome: 'nothing',
          detail: `${mx.records.slice(0, 3).join(', ')}: no other domain`,
        };
      }
      const channel = mx.authentic ? 'dnssec' : 'dns';
      const subjects = Array.from(
        found,
        ([name, skip]): FoundSubject => ({ subject: { domain: name, kind: 'mx', channel }, skip }),
      );
      return { outcome: 'found', subjects: subjects.slice(0, MAX_DOMAINS) };
    },
  };
}

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
