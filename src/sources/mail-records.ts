/**
 * The mailbox provider that the domain's own SPF and DKIM records name, where the best mail
 * exchanger does not tell: mail that comes in through a filter still goes out from the mailboxes.
 */
import { warning } from '../model/warnings.ts';
import type { Network } from '../net/network.ts';
import type { ProviderDirectory } from '../providers/directory.ts';
import { type DkimAnswer, providersNamed } from '../providers/mail-records.ts';
import { readMx } from './documents/mx-records.ts';
import { readSpf } from './documents/spf-record.ts';
import { databaseEntry, providerAnswer } from './provider-answer.ts';
import type { Answer, LookupContext, Source } from './source.ts';

export const mailRecords: Source = {
  name: 'mail-records',
  over: 'dns',
  lookups: ({ domain }) => [
    { from: `${domain} SPF and DKIM`, find: (context) => find(domain, context) },
  ],
};

async function find(domain: string, context: LookupContext): Promise<Answer> {
  const { network, providers, query, signal } = context;
  const mx = await readMx(domain, network, signal);
  if (mx.kind === 'failed') {
    return { outcome: 'failed', detail: mx.detail, temporary: true, reached: mx.reached };
  }
  if (mx.kind !== 'hosts') return { outcome: 'nothing', detail: 'no mail exchanger' };
  if (mx.best.some((host) => providers.byMx(host)?.proves === 'mailbox')) {
    return { outcome: 'nothing', detail: 'the mail exchanger tells who keeps the mailboxes' };
  }
  const [spf, dkim] = await Promise.all([
    readSpf(domain, network, signal),
    readDkim(domain, providers, network, signal),
  ]);
  const failure = [spf, dkim].find((answer) => answer.kind === 'failed');
  const named = providersNamed(providers, {
    spf: spf.kind === 'domains' ? spf.domains : [],
    dkim: dkim.kind === 'answers' ? dkim.answers : [],
  });
  const [provider, ...others] = named;
  if (!provider) {
    if (failure?.kind !== 'failed') {
      return { outcome: 'nothing', detail: 'they name no provider that the database knows' };
    }
    const { detail, reached } = failure;
    return { outcome: 'failed', detail, temporary: true, reached };
  }
  const names = named.map(({ name }) => name);
  const warnings = [warning('inferred-provider', { domain, names })];
  if (others.length > 0) {
    return { outcome: 'nothing', detail: `they name ${names.join(' and ')}`, warnings };
  }
  const authentic = spf.kind === 'domains' && spf.authentic && dkim.authentic;
  const channel = authentic ? 'dnssec' : 'dns';
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

type DkimResult =
  | {
      readonly kind: 'answers';
      readonly answers: readonly DkimAnswer[];
      readonly authentic: boolean;
    }
  | {
      readonly kind: 'failed';
      readonly detail: string;
      readonly reached: boolean;
      readonly authentic: false;
    };

/** The selectors that providers sign with (RFC 6376 §3.6.2.1). */
async function readDkim(
  domain: string,
  providers: ProviderDirectory,
  network: Network,
  signal: AbortSignal,
): Promise<DkimResult> {
  const results = await Promise.all(
    providers.dkimSelectors().map(async (selector) => {
      const name = `${selector}._domainkey.${domain}`;
      // A key that stands there itself tells something of few selectors only.
      const isDirect = providers.byDkim(selector, null).length > 0;
      const [alias, key] = await Promise.all([
        network.dns.query(name, 'CNAME', signal),
        isDirect ? network.dns.query(name, 'TXT', signal) : null,
      ]);
      return { selector, alias, key };
    }),
  );
  const all = results.flatMap(({ alias, key }) => (key ? [alias, key] : [alias]));
  const answers = results.map(({ selector, alias, key }) => ({
    selector,
    target: alias.kind === 'records' ? (alias.records[0] ?? null) : null,
    text: key?.kind === 'records' ? (key.records[0] ?? null) : null,
  }));
  const failure = all.find((answer) => answer.kind === 'failed');
  if (failure?.kind === 'failed' && all.every(({ kind }) => kind === 'failed')) {
    return { kind: 'failed', detail: failure.detail, reached: failure.reached, authentic: false };
  }
  const authentic = all.every((answer) => answer.kind !== 'records' || answer.authentic);
  return { kind: 'answers', answers, authentic };
}
