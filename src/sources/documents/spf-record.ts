/** The domain's SPF record (RFC 7208), as far as it names other domains. */
import { normaliseHost } from '../../model/domain.ts';
import type { Network } from '../../net/network.ts';

export type SpfResult =
  | {
      readonly kind: 'domains';
      /** What `include:` and `redirect=` name, in the record's order; empty without a record. */
      readonly domains: readonly string[];
      /** DNSSEC-validated. */
      readonly authentic: boolean;
    }
  | { readonly kind: 'failed'; readonly detail: string; readonly reached: boolean };

const MAX_DOMAINS = 10; // RFC 7208 §4.6.4 allows no more look-ups

/** @throws the signal's reason */
export async function readSpf(
  domain: string,
  network: Network,
  signal: AbortSignal,
): Promise<SpfResult> {
  const answer = await network.dns.query(domain, 'TXT', signal);
  if (answer.kind === 'failed') {
    return { kind: 'failed', detail: answer.detail, reached: answer.reached };
  }
  const records = answer.kind === 'records' ? answer.records : [];
  const spf = records.filter((text) => /^v=spf1(?: |$)/i.test(text));
  // Of several records none counts (RFC 7208 §4.5).
  const [record = ''] = spf.length === 1 ? spf : [];
  const domains = record.split(/ +/).flatMap((term) => {
    const named = /^(?:[+?~]?include:|redirect=)([^%\s]+)$/i.exec(term)?.[1];
    return named === undefined ? [] : (normaliseHost(named) ?? []);
  });
  return {
    kind: 'domains',
    domains: [...new Set(domains)].slice(0, MAX_DOMAINS),
    authentic: answer.authentic,
  };
}
