/**
 * The mailbox provider that the domain's own SPF and DKIM records name, where the best mail
 * exchanger does not tell: mail that comes in through a filter still goes out from the mailboxes.
 */
import { warning } from '../model/warnings.ts';
import { type DkimAnswer, providersNamed } from '../providers/mail-records.ts';
import type { Answer, Failed } from './answer.ts';
import { noRecord, type Records, readMx, readRecords } from './documents/dns-records.ts';
import { readSpf } from './documents/spf-record.ts';
import { databaseEntry, providerAnswer } from './provider-answer.ts';
import type { LookupContext, Source } from './source.ts';

export const mailRecords: Source = {
  name: 'mail-records',
  over: 'dns',
  lookups: ({ domain }) => [
    { from: `${domain} SPF and DKIM`, find: (context) => find(domain, context) },
  ],
};

async function find(domain: string, context: LookupContext): Promise<Answer> {
  const { providers, query } = context;
  const mx = await readMx(domain, context);
  if (mx.outcome === 'failed') return mx;
  if (mx.outcome === 'nothing') return { outcome: 'nothing', detail: 'no mail exchanger' };
  if (mx.records.some((host) => providers.byMx(host)?.proves === 'mailbox')) {
    return { outcome: 'nothing', detail: 'the mail exchanger tells who keeps the mailboxes' };
  }
  const [spf, dkim] = await Promise.all([readSpf(domain, context), readDkim(domain, context)]);
  const failure = [spf, dkim].find((answer) => answer.outcome === 'failed');
  const named = providersNamed(providers, {
    spf: spf.outcome === 'found' ? spf.records : [],
    dkim: dkim.outcome === 'found' ? dkim.records : [],
  });
  const [provider, ...others] = named;
  if (!provider) {
    if (failure?.outcome === 'failed') return failure;
    return { outcome: 'nothing', detail: 'they name no provider that the database knows' };
  }
  const names = named.map(({ name }) => name);
  const warnings = [warning('inferred-provider', { domain, names })];
  if (others.length > 0) {
    return { outcome: 'nothing', detail: `they name ${names.join(' and ')}`, warnings };
  }
  const isAuthentic = (records: Records<unknown>): boolean =>
    records.outcome !== 'found' || records.authentic;
  const channel = [spf, dkim].every(isAuthentic) ? 'dnssec' : 'dns';
  const answer = providerAnswer(provider, query.domain, channel, `they name ${provider.name}`);
  if (answer.outcome !== 'found' || answer.statements.length === 0) {
    // What is only inferred ends no search.
    return { outcome: 'nothing', detail: answer.detail };
  }
  const { ends: _, ...settings } = answer;
  return {
    ...settings,
    from: `${domain} SPF and DKIM; ${databaseEntry(provider)}`,
    warnings: [...(answer.warnings ?? []), ...warnings],
    ...(failure && { incomplete: true }),
  };
}

/** What there is at the selectors that providers sign with (RFC 6376 §3.6.2.1). */
async function readDkim(domain: string, context: LookupContext): Promise<Records<DkimAnswer>> {
  const { providers } = context;
  const read = await Promise.all(
    providers.dkimSelectors().map(async (selector) => {
      const name = `${selector}._domainkey.${domain}`;
      // A key that stands there itself tells something of few selectors only.
      const isDirect = providers.byDkim(selector, null).length > 0;
      const [alias, key] = await Promise.all([
        readRecords(name, 'CNAME', context, (records) => records),
        isDirect ? readRecords(name, 'TXT', context, (records) => records) : null,
      ]);
      return { selector, alias, key };
    }),
  );
  const all = read.flatMap(({ alias, key }) => (key ? [alias, key] : [alias]));
  const failure = all.find(({ outcome }) => outcome === 'failed');
  if (failure && all.every(({ outcome }) => outcome === 'failed')) return failure as Failed;
  const records = read.flatMap(({ selector, alias, key }): DkimAnswer[] => {
    const target = alias.outcome === 'found' ? (alias.records[0] ?? null) : null;
    const text = key?.outcome === 'found' ? (key.records[0] ?? null) : null;
    return target === null && text === null ? [] : [{ selector, target, text }];
  });
  const authentic = all.every((answer) => answer.outcome !== 'found' || answer.authentic);
  return records.length > 0 ? { outcome: 'found', records, authentic } : noRecord('no DKIM record');
}
