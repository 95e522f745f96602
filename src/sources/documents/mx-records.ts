/** MX records, and which domains a mail exchanger's name leads to. */
import { isIP } from 'node:net';
import { normaliseHost } from '../../model/domain.ts';
import { registrableDomain } from '../../model/public-suffix.ts';
import type { Network } from '../../net/network.ts';

export type MxResult =
  | {
      readonly kind: 'hosts';
      /** By preference, then name. */
      readonly hosts: readonly string[];
      /** Those that share the lowest preference; never empty. */
      readonly best: readonly [string, ...string[]];
      /** DNSSEC-validated. */
      readonly authentic: boolean;
    }
  /** The domain says that it receives no mail (RFC 7505). */
  | { readonly kind: 'null-mx'; readonly authentic: boolean }
  | { readonly kind: 'none'; readonly detail: string }
  | { readonly kind: 'failed'; readonly detail: string; readonly reached: boolean };

/** @throws the signal's reason */
export async function readMx(
  domain: string,
  network: Network,
  signal: AbortSignal,
): Promise<MxResult> {
  const answer = await network.dns.query(domain, 'MX', signal);
  if (answer.kind === 'failed') {
    return { kind: 'failed', detail: answer.detail, reached: answer.reached };
  }
  if (answer.kind === 'none') return { kind: 'none', detail: answer.detail };
  const { records, authentic } = answer;
  // Beside other records the root is a mistake and means nothing (RFC 7505 §3).
  if (records.length > 0 && records.every(({ exchange }) => exchange === '' || exchange === '.')) {
    return { kind: 'null-mx', authentic };
  }
  const usable = records.flatMap(({ preference, exchange }) => {
    const host = normaliseHost(exchange);
    return host === null ? [] : [{ preference, host }];
  });
  usable.sort((a, b) => a.preference - b.preference || (a.host < b.host ? -1 : 1));
  const [first] = usable;
  if (!first) return { kind: 'none', detail: 'no usable record' };
  const others = usable.filter(
    ({ preference, host }) => preference === first.preference && host !== first.host,
  );
  return {
    kind: 'hosts',
    hosts: [...new Set(usable.map((item) => item.host))],
    best: [first.host, ...new Set(others.map((item) => item.host))],
    authentic,
  };
}

/**
 * The domains to ask about a mail exchanger (draft-ietf-mailmaint-autoconfig): its name without the
 * first label, where that is longer than its registrable domain, and then the registrable domain.
 * Not the domain that the user asked about, which answers for itself.
 */
export function mxSubjects(host: string, queryDomain: string): readonly string[] {
  const base = isIP(host) === 0 ? registrableDomain(host) : null;
  if (base === null) return [];
  const full = host.slice(host.indexOf('.') + 1);
  const domains = full.length > base.length ? [full, base] : [base];
  return domains.filter((domain) => domain !== queryDomain);
}
