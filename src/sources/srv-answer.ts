/** SRV records as answers, told apart by whose word a target is. */

import { inRegistrableDomain } from '../model/public-suffix.ts';
import {
  readSubmissionSrv,
  type SrvTarget,
  SUBMISSION_SERVICES,
  type SubmissionService,
  srvName,
} from './documents/srv-records.ts';
import type { Answer, Lookup, LookupContext } from './source.ts';

/**
 * `own`: in the query's registrable domain, a known provider's, or validated by DNSSEC;
 * `foreign`: any other, which a forged answer could have put there (RFC 6186 §6).
 */
export type SrvPart = 'own' | 'foreign';

/** One ask for each service, in the order in which they count. */
export function srvLookups(domain: string, part: SrvPart): readonly Lookup[] {
  return SUBMISSION_SERVICES.map((service) => ({
    from: `${srvName(service, domain)} SRV`,
    find: async (context) => find(service, domain, part, context),
  }));
}

async function find(
  service: SubmissionService,
  domain: string,
  part: SrvPart,
  context: LookupContext,
): Promise<Answer> {
  const srv = await readSubmissionSrv(service, domain, context.network, context.signal);
  switch (srv.kind) {
    case 'failed':
      return { outcome: 'failed', detail: srv.detail, temporary: true, reached: srv.reached };
    case 'none':
      return { outcome: 'nothing', detail: srv.detail };
    case 'denied':
      return denied(service, part);
    case 'targets':
      break;
  }
  const { targets, authentic } = srv;
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

/** Said once, by the source that is asked about the domain's own word. */
function denied(service: SubmissionService, part: SrvPart): Answer {
  const detail = 'target ".": the domain says that it has no such service';
  return part === 'own' && service !== '_smtps'
    ? { outcome: 'nothing', detail, denies: service }
    : { outcome: 'nothing', detail };
}

const SHOWN = 3;

function list(targets: readonly SrvTarget[]): string {
  const shown = targets.slice(0, SHOWN).map(({ host, port }) => `${host}:${port}`);
  const more = targets.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
