/** The source that recognises the mailbox provider by the domain's best mail exchangers. */
import type { MxMatch } from '../providers/provider.ts';
import type { Answer } from './answer.ts';
import { readAliases } from './documents/aliases.ts';
import { noRecord, readMx } from './documents/dns-records.ts';
import { databaseEntry, providerAnswer } from './provider-answer.ts';
import type { LookupContext, Source, Subject } from './source.ts';

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
  const { providers, query } = context;
  const mx = await readMx(domain, context);
  // What there is to say of it, the first place says.
  if (mx.outcome === 'nothing') return noRecord(mx.detail);
  if (mx.outcome === 'failed') return mx;
  const unknown = mx.records.filter((host) => !providers.byMx(host)).slice(0, MAX_ALIASED);
  const read = await Promise.all(
    unknown.map(async (host) => ({ host, aliases: await readAliases(host, context) })),
  );
  for (const { host, aliases } of read) {
    if (aliases.outcome !== 'found') continue;
    for (const name of aliases.records) {
      const match = providers.byMx(name);
      if (match?.proves !== 'mailbox') continue;
      const channel = mx.authentic && aliases.authentic ? 'dnssec' : 'dns';
      const detail = `${host} is ${name}, of ${match.provider.name}`;
      const answer = providerAnswer(match.provider, query.domain, channel, detail);
      if (answer.outcome !== 'found') return answer;
      const entry = databaseEntry(match.provider);
      return { ...answer, from: `${domain} MX ${host} CNAME ${name}; ${entry}` };
    }
  }
  const failure = read.find(({ aliases }) => aliases.outcome === 'failed')?.aliases;
  return failure?.outcome === 'failed'
    ? failure
    : noRecord('no alias of a provider that the database knows');
}

/** Look-ups that a stranger's records may cause. */
const MAX_ALIASED = 4;

/** A parent's mail exchanger proves nothing of a subdomain that has its own. */
async function findAbove(
  { domain }: Subject,
  context: LookupContext,
  findFor: Find,
): Promise<Answer> {
  const { query } = context;
  const [answer, own] = await Promise.all([
    findFor(domain, context),
    readMx(query.domain, context),
  ]);
  if (answer.outcome !== 'found') return answer;
  // A provider without submission says nothing about the subdomain's own provider.
  const { ends: _, ...settings } = answer;
  if (settings.statements.length === 0) return { outcome: 'nothing', detail: answer.detail };
  if (own.outcome === 'found') {
    return { outcome: 'nothing', detail: `${query.domain} has mail exchangers of its own` };
  }
  return own.outcome === 'failed' ? { ...settings, incomplete: true } : settings;
}

/** Hosts of one preference share the mail; the first by name that proves mailboxes decides. */
async function find(domain: string, context: LookupContext): Promise<Answer> {
  const mx = await readMx(domain, context);
  if (mx.outcome !== 'found') return mx;
  const { records: hosts, authentic } = mx;
  const known = hosts.flatMap((host) => {
    const match = context.providers.byMx(host);
    return match ? [{ host, match }] : [];
  });
  const mailbox = known.find(({ match }) => match.proves === 'mailbox');
  if (mailbox) {
    const { host, match } = mailbox;
    const detail = `${host} is ${match.provider.name}`;
    const channel = authentic ? 'dnssec' : 'dns';
    const answer = providerAnswer(match.provider, context.query.domain, channel, detail);
    if (answer.outcome !== 'found') return answer;
    return { ...answer, from: `${domain} MX ${host}; ${databaseEntry(match.provider)}` };
  }
  const [first] = known;
  const detail = first
    ? `${first.host} is ${first.match.provider.name}, ${whyNothing(first.match)}`
    : `${hosts.slice(0, 3).join(', ')}: no provider that the database knows`;
  const gateway = first?.match.proves === 'gateway' ? first.match.provider.name : null;
  return { outcome: 'nothing', detail, ...(gateway !== null && { gateway }) };
}

function whyNothing({ proves }: MxMatch): string {
  return proves === 'gateway'
    ? 'which filters or forwards the mail and says nothing about submission'
    : 'a rented machine, whose mail service is its own';
}
