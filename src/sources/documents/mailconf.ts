/** TXT records that tell where a clientConfig document is: `mailconf=<URL>`. */
import type { Network } from '../../net/network.ts';
import { webUrl } from './field-parsers.ts';

export type MailconfResult =
  | {
      readonly kind: 'urls';
      /** HTTPS, in a fixed order, each once. */
      readonly urls: readonly string[];
      /** DNSSEC-validated. */
      readonly authentic: boolean;
    }
  | { readonly kind: 'none'; readonly detail: string }
  | { readonly kind: 'failed'; readonly detail: string; readonly reached: boolean };

const MAX_URLS = 3;

/** @throws the signal's reason */
export async function readMailconf(
  domain: string,
  network: Network,
  signal: AbortSignal,
): Promise<MailconfResult> {
  const answer = await network.dns.query(domain, 'TXT', signal);
  if (answer.kind === 'failed') {
    return { kind: 'failed', detail: answer.detail, reached: answer.reached };
  }
  const records = answer.kind === 'records' ? answer.records : [];
  const values = records.flatMap((record) => {
    const value = /^\s*mailconf\s*=\s*(\S+)\s*$/i.exec(record)?.[1];
    return value === undefined ? [] : [value];
  });
  if (values.length === 0) return { kind: 'none', detail: 'no mailconf record' };
  const urls = values.flatMap((value) => webUrl(value, ['https:']) ?? []);
  if (urls.length === 0) return { kind: 'none', detail: 'no mailconf record with an HTTPS URL' };
  // Records come in any order; ours must not depend on it.
  const ordered = [...new Set(urls)].sort().slice(0, MAX_URLS);
  return { kind: 'urls', urls: ordered, authentic: answer.authentic };
}
