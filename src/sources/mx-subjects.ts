/** The domains that a mail exchanger's name leads to: the subjects of `mx-autoconfig`. */
import { isAddress } from '../model/domain.ts';
import { registrableDomain } from '../model/public-suffix.ts';
import { readMx } from './documents/dns-records.ts';
import type { FoundSubject, SubjectLookup } from './source.ts';

export function mxSubjectLookup(domain: string): SubjectLookup {
  return {
    from: `${domain} MX`,
    async find(context) {
      const mx = await readMx(domain, context);
      // A null MX is told by `mx-provider`.
      if (mx.outcome === 'nothing') return { outcome: 'nothing', detail: mx.detail };
      if (mx.outcome === 'failed') return mx;
      const channel = mx.authentic ? 'dnssec' : 'dns';
      const [best = ''] = mx.records;
      const match = context.providers.byMx(best);
      const domains = mxSubjects(best, domain);
      if (match?.proves === 'gateway') {
        const subject = { domain: domains[0] ?? best, kind: 'mx' } as const;
        const skip = `${match.provider.name} only filters or forwards mail`;
        return { outcome: 'found', subjects: [{ subject, skip }] };
      }
      const subjects = domains.map(
        (found): FoundSubject => ({ subject: { domain: found, kind: 'mx', channel }, skip: null }),
      );
      return subjects.length > 0
        ? { outcome: 'found', subjects }
        : { outcome: 'nothing', detail: `${best} leads to no other domain` };
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
