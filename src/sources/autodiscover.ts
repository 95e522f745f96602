/**
 * Exchange Autodiscover, without credentials: the four ways to find it, in order. Most services
 * want a login first; those that answer anybody are worth the lookup.
 */
import { toALabels } from '../model/domain.ts';
import { printable } from '../model/printable.ts';
import { parseUrl } from '../model/url.ts';
import { type Answer, partTimedOut } from './answer.ts';
import { discoveryHostLookup } from './discovery-host.ts';
import {
  askService,
  type Elsewhere,
  ledTo,
  type Place,
  type Visits,
} from './documents/autodiscover-service.ts';
import { type Records, readRecords, usableTargets } from './documents/dns-records.ts';
import { nothing } from './documents/http-answer.ts';
import { type Lookup, type LookupContext, type Source, withinShare } from './source.ts';

export const autodiscover: Source = {
  name: 'autodiscover',
  over: 'http',
  lookups: (subject) => [
    ...WAYS.map(({ from, find }): Lookup => {
      const { domain } = subject;
      return {
        from: from(domain),
        find: (context) =>
          find(
            { domain, channel: 'https' },
            { subject, domains: [domain], asked: new Set() },
            context,
          ),
      };
    }),
    discoveryHostLookup(`autodiscover.${subject.domain}`),
  ],
};

/** How many times one lookup may lead on to another domain. */
const MAX_ADDRESSES = 2;
const MAX_TARGETS = 3;

/** Where one lookup has been, wherever it was led. */
interface Search extends Visits {
  /** The subject's own, and those that addresses have led to. */
  readonly domains: string[];
}

/** One of the four ways to find a domain's service (MS-OXDISCO), in order. */
interface Way {
  readonly from: (domain: string) => string;
  readonly find: (place: Place, search: Search, context: LookupContext) => Promise<Answer>;
}

const WAYS: readonly Way[] = [
  direct((domain) => `autodiscover.${domain}`),
  direct((domain) => domain),
  {
    from: redirectorOf,
    // Plain HTTP is asked for one thing only: where to go instead.
    async find(place, search, context) {
      const led = await ledTo(redirectorOf(place.domain), context);
      return typeof led === 'string' ? ask(led, by('http', place), search, context) : led;
    },
  },
  { from: (domain) => `${recordOf(domain)} SRV`, find: findBySrv },
];

function direct(hostOf: (domain: string) => string): Way {
  const from = (domain: string): string => autodiscoverUrl(hostOf(domain));
  return {
    from,
    find: (place, search, context) => ask(from(place.domain), place, search, context),
  };
}

function autodiscoverUrl(host: string, scheme: 'https' | 'http' = 'https'): string {
  return `${scheme}://${host}/autodiscover/autodiscover.xml`;
}

function redirectorOf(domain: string): string {
  return autodiscoverUrl(`autodiscover.${domain}`, 'http');
}

function recordOf(domain: string): string {
  return `_autodiscover._tcp.${domain}`;
}

async function findBySrv(place: Place, search: Search, context: LookupContext): Promise<Answer> {
  const name = recordOf(place.domain);
  const urls = await readUrls(name, context);
  if (urls.outcome !== 'found') return urls;
  const target = urls.authentic ? place : by('dns', place);
  const answer = await firstFound(
    urls.records.map((url) => ({
      from: url,
      find: (part) => ask(url, target, search, part),
    })),
    context,
  );
  return answer.outcome === 'found' ? { ...answer, from: `${name} SRV, ${answer.from}` } : answer;
}

/** Asks one after the other, each within its share of the time. */
async function firstFound(parts: readonly Lookup[], context: LookupContext): Promise<Answer> {
  const answers: Answer[] = [];
  for (const [index, { from, find }] of parts.entries()) {
    const share = 1 / (parts.length - index);
    const answer = (await withinShare(share, context, find)) ?? partTimedOut;
    if (answer.outcome === 'found') {
      const incomplete = answers.some((before) => before.outcome === 'failed' && before.temporary);
      return { from, ...answer, ...(incomplete && { incomplete }) };
    }
    answers.push({ ...answer, detail: `${from}: ${answer.detail}` });
  }
  const failure = answers.find(({ outcome }) => outcome === 'failed');
  return failure ?? answers[0] ?? nothing('no target');
}

/** In the order of SRV, each once. */
function readUrls(name: string, context: LookupContext): Promise<Records<string>> {
  return readRecords(name, 'SRV', context, (records) => {
    const urls = usableTargets(records)
      .map(({ host, port }) => autodiscoverUrl(port === 443 ? host : `${host}:${port}`))
      .filter((url) => parseUrl(url) !== null);
    return [...new Set(urls)].slice(0, MAX_TARGETS);
  });
}

/** Asks a service, and if it leaves the answer to another address, that one's domain in all ways. */
async function ask(
  url: string,
  place: Place,
  search: Search,
  context: LookupContext,
): Promise<Answer> {
  const answer = await askService(url, place, search, context);
  return answer.outcome === 'elsewhere' ? anew(answer, search, context) : answer;
}

async function anew(
  { email, channel }: Elsewhere,
  search: Search,
  context: LookupContext,
): Promise<Answer> {
  const domain = toALabels(email.slice(email.lastIndexOf('@') + 1));
  if (domain === null) return nothing(`it redirects to "${printable(email, 100)}"`);
  if (search.domains.includes(domain)) return nothing('it redirects in a circle');
  if (search.domains.length > MAX_ADDRESSES) return nothing('it redirects too often');
  search.domains.push(domain);
  return firstFound(
    WAYS.map(({ from, find }) => ({
      from: from(domain),
      find: (part) => find({ domain, channel }, search, part),
    })),
    context,
  );
}

/** What was found by way of an unprotected answer is no safer than that answer. */
function by(way: 'http' | 'dns', { domain, channel }: Place): Place {
  return { domain, channel: channel === 'http' ? channel : way };
}
