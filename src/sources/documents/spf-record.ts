/** The domains that the domain's SPF record names (RFC 7208): `include:` and `redirect=`. */
import { normaliseHost } from '../../model/domain.ts';
import type { LookupContext } from '../source.ts';
import { type Records, readRecords } from './dns-records.ts';

const MAX_DOMAINS = 10; // RFC 7208 §4.6.4 allows no more look-ups

/** @throws the signal's reason */
export function readSpf(domain: string, context: LookupContext): Promise<Records<string>> {
  return readRecords(domain, 'TXT', context, (records) => {
    const spf = records.filter((text) => /^v=spf1(?: |$)/i.test(text));
    // Of several records none counts (RFC 7208 §4.5).
    const [record = ''] = spf.length === 1 ? spf : [];
    const domains = record.split(/ +/).flatMap((term) => {
      const named = /^(?:[+?~]?include:|redirect=)([^%\s]+)$/i.exec(term)?.[1];
      return named === undefined ? [] : (normaliseHost(named) ?? []);
    });
    return [...new Set(domains)].slice(0, MAX_DOMAINS);
  });
}
