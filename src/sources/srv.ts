/** SRV records of the submission services, as two sources that differ in whose word a target is. */
import { inRegistrableDomain } from '../model/public-suffix.ts';
import type { Answer } from './answer.ts';
import {
  readSubmissionSrv,
  type SrvTarget,
  SUBMISSION_SERVICES,
  type SubmissionService,
  srvName,
} from './documents/dns-records.ts';
import type { Lookup, LookupContext, Source } from './source.ts';

/** Targets in the query's registrable domain, a known provider's, or validated by DNSSEC. */
export const srv: Source = {
  name: 'srv',
  over: 'dns',
  lookups: ({ domain }) => srvLookups(domain, 'own'),
};

/** Any other target: ranked lower, since a forged answer could have put it there (RFC 6186 §6). */
export const srvForeign: Source = {
  name: 'srv-foreign',
  over: 'dns',
  lookups: ({ domain }) => srvLookups(domain, 'foreign'),
};

type Part = 'own' | 'foreign';

/** One lookup for each service, in the order in which they count. */
function srvLookups(domain: string, part: Part): readonly Lookup[] {
  return SUBMISSION_SERVICES.map((service) => ({
    from: `${srvName(service, domain)} SRV`,
    find: (context) => find(service, domain, part, context),
  }));
}

async function find(
  service: SubmissionService,
  domain: string,
  part: Part,
  context: LookupContext,
): Promise<Answer> {
  const answer = await readSubmissionSrv(service, domain, context);
  if (answer.outcome === 'nothing') {
    // A denial is told once, by the source that has the domain's own word.
    const { denies, ...nothing } = answer;
    return part === 'own' && service !== '_smtps' ? answer : nothing;
  }
  if (answer.outcome === 'failed') return answer;
  const { records: targets, authentic } = answer;
  const isOwn = ({ host }: SrvTarget): boolean => authentic || isTrusted(host, context);
  const wanted = targets.filter((target) => isOwn(target) === (part === 'own'));
  if (wanted.length === 0) {
    const side = part === 'own' ? `outside ${domain}` : `inside ${domain} or a known provider's`;
    return { outcome: 'nothing', detail: `${list(targets)}: ${side}` };
  }
  return {
    outcome: 'found',
    statements: wanted.map((target) => ({ ...target, auth: [], username: null, oauth: null })),
    channel: authentic ? 'dnssec' : 'dns',
    provider: null,
    detail: list(wanted),
  };
}

function isTrusted(host: string, { query, providers }: LookupContext): boolean {
  return inRegistrableDomain(host, query.domain) || providers.byHost(host) !== null;
}

const SHOWN = 3;

function list(targets: readonly SrvTarget[]): string {
  const shown = targets.slice(0, SHOWN).map(({ host, port }) => `${host}:${port}`);
  const more = targets.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
