/** A domain whose best mail exchanger belongs to a provider that keeps the mailboxes there. */
import { warning } from '../model/warnings.ts';
import type { MxMatch } from '../providers/provider.ts';
import { readAliases } from './documents/aliases.ts';
import { type MxResult, readMx } from './documents/mx-records.ts';
import { databaseEntry, providerAnswer } from './provider-answer.ts';
import type { Answer, LookupContext, Source, Subject } from './source.ts';

export const mxProvider: Source = {
  name: 'mx-provider',
  over: 'dns',
  lookups: (subject) =>
    [
      { from: `${subject.domain} MX`, find },
      { from: `${subject.domain} MX, CNAME`, find: findByAlias },
    ].map(({ from, find: findFor }) => ({
      from,
      find: (context) =>
        subject.kind === 'parent'
          ? findAbove(subject, context, findFor)
          : findFor(subject.domain, context),
    })),
};

type Find = (domain: string, context: LookupContext) => Promise<Answer>;

/** A mail exchanger of the domain's own name may be an alias of a provider's. */
async function findByAlias(domain: string, context: LookupContext): Promise<Answer> {
  const { network, providers, query, signal } = context;
  const mx = await readMx(domain, network, signal);
  if (mx.kind === 'failed') {
    return { outcome: 'failed', detail: mx.detail, temporary: true, reached: mx.reached };
  }
  const unknown = mx.kind === 'hosts' ? mx.best.filter((host) => !providers.byMx(host)) : [];
  const read = await Promise.all(
    unknown.slice(0, MAX_ALIASED).map(async (host) => ({
      host,
      aliases: await readAliases(host, network, signal),
    })),
  );
  for (const { host, aliases } of read) {
    for (const name of aliases.kind === 'names' ? aliases.names : []) {
      const match = providers.byMx(name);
      if (match?.proves !== 'mailbox') continue;
      const authentic = mx.kind === 'hosts' && mx.authentic && aliases.kind === 'names';
      const channel = authentic && aliases.authentic ? 'dnssec' : 'dns';
      const detail = `${host} is ${name}, of ${match.provider.name}`;
      const answer = providerAnswer(match.provider, query.domain, channel, detail);
      if (answer.outcome !== 'found') return answer;
      return {
        ...answer,
        from: `${domain} MX ${host} CNAME ${name}; ${databaseEntry(match.provider)}`,
      };
    }
  }
  for (const { aliases } of read) {
    if (aliases.kind !== 'failed') continue;
    const { detail, reached } = aliases;
    return { outcome: 'failed', detail, temporary: true, reached };
  }
  return { outcome: 'nothing', detail: 'no alias of a provider that the database knows' };
}

/** Look-ups that a stranger's records may cause. */
const MAX_ALIASED = 4;

/** What a parent's mail exchanger proves of a subdomain whose mail goes elsewhere is nothing. */
async function findAbove(
  { domain }: Subject,
  context: LookupContext,
  findFor: Find,
): Promise<Answer> {
  const { query, network, signal } = context;
  const [answer, own] = await Promise.all([
    findFor(domain, context),
    readMx(query.domain, network, signal),
  ]);
  if (answer.outcome !== 'found') return answer;
  // A parent may have a say in what its subdomains can use, but not in what they can't.
  const { ends: _, ...settings } = answer;
  if (settings.statements.length === 0) return { outcome: 'nothing', detail: answer.detail };
  if (own.kind === 'hosts') {
    return { outcome: 'nothing', detail: `${query.domain} has mail exchangers of its own` };
  }
  return own.kind === 'failed' ? { ...settings, incomplete: true } : settings;
}

async function find(domain: string, context: LookupContext): Promise<Answer> {
  const mx = await readMx(domain, context.network, context.signal);
  switch (mx.kind) {
    case 'failed':
      return { outcome: 'failed', detail: mx.detail, temporary: true, reached: mx.reached };
    case 'none':
      return { outcome: 'nothing', detail: mx.detail };
    case 'null-mx':
      return {
        outcome: 'nothing',
        detail: 'null MX: it receives no mail (RFC 7505)',
        warnings: [warning('null-mx', { domain })],
      };
    case 'hosts':
      return judge(domain, mx, context);
  }
}

/** Hosts of one preference share the mail; the first by name that proves mailboxes decides. */
function judge(
  domain: string,
  { best, authentic }: Extract<MxResult, { kind: 'hosts' }>,
  { providers, query }: LookupContext,
): Answer {
  const known = best.flatMap((host) => {
    const match = providers.byMx(host);
    return match ? [{ host, match }] : [];
  });
  const mailbox = known.find(({ match }) => match.proves === 'mailbox');
  if (mailbox) {
    const { host, match } = mailbox;
    const detail = `${host} is ${match.provider.name}`;
    const channel = authentic ? 'dnssec' : 'dns';
    const answer = providerAnswer(match.provider, query.domain, channel, detail);
    if (answer.outcome !== 'found') return answer;
    return { ...answer, from: `${domain} MX ${host}; ${databaseEntry(match.provider)}` };
  }
  const [first] = known;
  const detail = first
    ? `${first.host} is ${first.match.provider.name}, ${whyNothing(first.match)}`
    : `${best.slice(0, 3).join(', ')}: no provider that the database knows`;
  const gateway = first?.match.proves === 'gateway' ? first.match.provider.name : null;
  return { outcome: 'nothing', detail, ...(gateway !== null && { gateway }) };
}

function whyNothing({ proves }: MxMatch): string {
  return proves === 'gateway'
    ? 'which filters or forwards the mail and says nothing about submission'
    : 'a rented machine, whose mail service is its own';
}
