/** A domain whose best mail exchanger belongs to a provider that keeps the mailboxes there. */
import { warning } from '../model/warnings.ts';
import type { MxMatch } from '../providers/provider.ts';
import { type MxResult, readMx } from './documents/mx-records.ts';
import { databaseEntry, providerAnswer } from './provider-answer.ts';
import type { Answer, LookupContext, Source, Subject } from './source.ts';

export const mxProvider: Source = {
  name: 'mx-provider',
  over: 'dns',
  lookups: (subject) => [
    {
      from: `${subject.domain} MX`,
      find: (context) =>
        subject.kind === 'parent' ? findAbove(subject, context) : find(subject.domain, context),
    },
  ],
};

/** What a parent's mail exchanger proves of a subdomain whose mail goes elsewhere is nothing. */
async function findAbove({ domain }: Subject, context: LookupContext): Promise<Answer> {
  const { query, network, signal } = context;
  const [answer, own] = await Promise.all([
    find(domain, context),
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
