/** Exchange Autodiscover, without credentials: the four ways to find it, in order. */
import type { Channel } from '../model/candidate.ts';
import { inRegistrableDomain } from '../model/public-suffix.ts';
import { withinBudget } from '../net/time.ts';
import { discoveryHostLookup } from './discovery-host.ts';
import { addressWanted, silent, unusableDocument, withoutDocument } from './document-answer.ts';
import {
  askAutodiscover,
  autodiscoverUrl,
  httpRedirect,
  readAutodiscoverSrv,
} from './documents/autodiscover.ts';
import type { Answer, Lookup, LookupContext, Source, Subject } from './source.ts';

/** Milliseconds. Below what the source as a whole may take, so that a dead target costs its share. */
const PATIENCE = 3700;

export const autodiscover: Source = {
  name: 'autodiscover',
  over: 'http',
  lookups: (subject) => [
    directLookup(`autodiscover.${subject.domain}`, subject),
    directLookup(subject.domain, subject),
    redirectLookup(subject),
    srvLookup(subject),
    discoveryHostLookup(`autodiscover.${subject.domain}`),
  ],
};

function directLookup(host: string, subject: Subject): Lookup {
  const url = autodiscoverUrl(host);
  return { from: url, find: (context) => ask(url, subject, context) };
}

/** Plain HTTP is asked for one thing only: where to go instead. */
function redirectLookup(subject: Subject): Lookup {
  const { domain } = subject;
  return {
    from: autodiscoverUrl(`autodiscover.${domain}`, 'http'),
    async find(context) {
      const redirect = await httpRedirect(domain, context.network, context.signal);
      if (redirect.kind !== 'url') return withoutDocument(redirect);
      return ask(redirect.url, subject, context, 'http');
    },
  };
}

function srvLookup(subject: Subject): Lookup {
  const { domain } = subject;
  const from = `_autodiscover._tcp.${domain} SRV`;
  return {
    from,
    async find(context) {
      const until = performance.now() + PATIENCE;
      const srv = await readAutodiscoverSrv(domain, context.network, context.signal);
      if (srv.kind === 'none') return { outcome: 'nothing', detail: srv.detail, offWeb: true };
      if (srv.kind === 'failed') {
        const { detail, reached } = srv;
        return { outcome: 'failed', detail, temporary: true, reached, offWeb: true };
      }
      const by = srv.authentic ? 'dnssec' : 'dns';
      const answers: Answer[] = [];
      for (const [index, url] of srv.urls.entries()) {
        const share = (until - performance.now()) / (srv.urls.length - index);
        const answer =
          (await withinBudget(share, context.signal, (signal) =>
            ask(url, subject, { ...context, signal }, by),
          )) ?? silent;
        if (answer.outcome === 'found') {
          const passing = answers.some((other) => other.outcome === 'failed' && other.temporary);
          return { ...answer, from: `${from}, ${url}`, ...(passing ? { incomplete: true } : {}) };
        }
        answers.push({ ...answer, detail: `${url}: ${answer.detail}` });
      }
      const failure = answers.find(({ outcome }) => outcome === 'failed');
      return failure ?? answers[0] ?? { outcome: 'nothing', detail: 'no target' };
    },
  };
}

/**
 * @param by how we came to the URL, where that is less than the domain's own HTTPS host; then the
 *   address is told to nobody
 */
async function ask(
  url: string,
  { domain, kind }: Subject,
  { query, network, signal, sendAddress }: LookupContext,
  by?: Channel,
): Promise<Answer> {
  const mayKnow = (host: string): boolean => inRegistrableDomain(host, query.domain);
  const own = kind === 'self' && by !== 'http' && query.email !== null;
  const email = own && sendAddress ? query.email : null;
  const result = await askAutodiscover({ url, domain, email, mayKnow }, network, signal);
  switch (result.kind) {
    case 'found':
      return {
        outcome: 'found',
        statements: result.settings.servers,
        channel: !result.secure || by === 'http' ? 'http' : by === 'dns' ? 'dns' : 'https',
        provider: null,
        detail: result.detail,
      };
    case 'address-wanted':
      return own && !sendAddress && mayKnow(new URL(url).hostname)
        ? addressWanted(url, result.detail)
        : { outcome: 'nothing', detail: result.detail };
    case 'unusable':
      return unusableDocument(url, result.detail);
    default:
      return withoutDocument(result);
  }
}
