/**
 * Exchange Autodiscover, without credentials: the four ways to find it, in order. Most services
 * want a login first; those that answer anybody are worth the lookup.
 */
import type { Channel } from '../model/candidate.ts';
import { toALabels } from '../model/domain.ts';
import { printable } from '../model/printable.ts';
import { inRegistrableDomain } from '../model/public-suffix.ts';
import { parseUrl } from '../model/url.ts';
import type { HttpAnswer } from '../net/network.ts';
import { type Answer, partTimedOut } from './answer.ts';
import { discoveryHostLookup } from './discovery-host.ts';
import {
  type AutodiscoverParsed,
  autodiscoverRequest,
  parseAutodiscover,
} from './documents/autodiscover-xml.ts';
import { type Records, readRecords, usableTargets } from './documents/dns-records.ts';
import { parseWebUrl } from './documents/field-parsers.ts';
import {
  addressWanted,
  type HttpResponse,
  noDocument,
  noResponse,
  nothing,
  unreadableDocument,
  unusableDocument,
} from './documents/http-answer.ts';
import { standInFor } from './documents/stand-in.ts';
import {
  type Lookup,
  type LookupContext,
  type Source,
  type Subject,
  withinShare,
} from './source.ts';

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

/** How many times one service may lead on to another URL, and one lookup to another domain. */
const MAX_STEPS = 5;
const MAX_ADDRESSES = 2;
/** Of one lookup, wherever it is led. */
const MAX_URLS = 16;
const MAX_TARGETS = 3;

/** Where one lookup has been, wherever it was led. */
interface Search {
  readonly subject: Subject;
  /** The subject's own, and those that addresses have led to. */
  readonly domains: string[];
  /** The URLs that were asked, each once. */
  readonly asked: Set<string>;
}

/** A domain whose service is looked for, and how its name, or a URL of its service, reached us. */
interface Place {
  readonly domain: string;
  readonly channel: Channel;
}

/** One of the four ways to find a domain's service (MS-OXDSCLI §3.1.5), in order. */
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

/** The HTTPS place that a GET over plain HTTP leads to. A POST would tell everybody on the way. */
async function ledTo(url: string, { network, signal }: LookupContext): Promise<string | Answer> {
  const answer = await network.fetch(url, { signal });
  if (answer.kind === 'failed') return noResponse(answer);
  return answer.url.startsWith('https:')
    ? answer.url
    : nothing(`HTTP ${answer.status}: no redirect to HTTPS`);
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

/**
 * Asks one service, and whom it refers to.
 *
 * @throws the signal's reason
 */
async function ask(
  start: string,
  place: Place,
  search: Search,
  context: LookupContext,
): Promise<Answer> {
  const { query, sendAddress } = context;
  const { domain } = place;
  const mayKnow = (url: string): boolean =>
    inRegistrableDomain(new URL(url).hostname, query.domain);
  const isSubject = domain === search.subject.domain;
  // Another domain is not the one that the user lets know.
  const own = isSubject && search.subject.kind === 'self' && query.email !== null;
  let { channel } = place;
  let url = start;
  for (let step = 0; step < MAX_STEPS; step++) {
    if (search.asked.has(url)) return nothing('it redirects in a circle');
    if (search.asked.size >= MAX_URLS) return nothing('it redirects too often');
    search.asked.add(url);
    // Whoever forges plain HTTP chooses the URL, so that nobody is told the address there.
    const told = own && sendAddress && channel !== 'http' && mayKnow(url) ? query.email : null;
    const address = told ?? standInFor(domain);
    const answer = await post(url, address, context);
    if (answer.kind === 'failed') return noResponse(answer);
    if (!answer.secure) channel = 'http';
    const parsed = await parseAutodiscover(answer.body, answer.contentType, {
      address,
      standIn: told === null,
    });
    switch (parsed.kind) {
      case 'settings':
        return settle(
          // Of another address only the servers are to be had, and not how to sign in with one's own.
          isSubject ? parsed : withoutUsernames(parsed),
          start,
          channel,
          answer.status,
        );
      case 'redirect-url': {
        const next = parseWebUrl(parsed.url);
        if (next === null) return nothing(`it redirects to "${printable(parsed.url, 100)}"`);
        if (next.startsWith('https:')) {
          url = next;
          break;
        }
        if (search.asked.has(next)) return nothing('it redirects in a circle');
        search.asked.add(next);
        channel = 'http';
        const led = await ledTo(next, context);
        if (typeof led !== 'string') return led;
        url = led;
        break;
      }
      case 'redirect-address':
        return anew(parsed.email, channel, search, context);
      case 'error': {
        const { code, message } = parsed;
        const detail = `error ${code}${message === '' ? '' : `: ${message}`}`;
        // 500 is what Exchange says of an address that it does not have.
        const wanted =
          code === '500' &&
          told === null &&
          own &&
          !sendAddress &&
          channel !== 'http' &&
          mayKnow(start);
        return wanted ? addressWanted(start, detail) : nothing(detail);
      }
      default:
        // A redirect made the POST a GET, which nobody answers; so ask anew where it led.
        if (answer.url === url || !answer.url.startsWith('https:')) {
          return noSettings(start, answer, parsed);
        }
        url = answer.url;
    }
  }
  return nothing('it redirects too often');
}

/** Looks for the service of the domain that another address leads to, in all ways. */
async function anew(
  email: string,
  channel: Channel,
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

function post(url: string, email: string, { network, signal }: LookupContext): Promise<HttpAnswer> {
  return network.fetch(url, {
    signal,
    method: 'POST',
    // Exactly so: Exchange answers nothing else.
    headers: { 'content-type': 'text/xml; charset=utf-8', accept: 'text/xml' },
    body: autodiscoverRequest(email),
  });
}

type Settings = Extract<AutodiscoverParsed, { kind: 'settings' }>;

function withoutUsernames(settings: Settings): Settings {
  const servers = settings.servers.map((server) => ({ ...server, username: null }));
  return { ...settings, servers };
}

function settle(
  { servers, dropped }: Settings,
  url: string,
  channel: Channel,
  status: number,
): Answer {
  if (servers.length === 0) {
    return dropped.length > 0
      ? unusableDocument(url, `HTTP ${status}: ${printable(dropped.join('; '), 200)}`)
      : nothing(`HTTP ${status}: settings, but none for SMTP`);
  }
  const list = servers.map(({ host, port }) => `${host}:${port}`).join(', ');
  const detail = `HTTP ${status}: ${list}`;
  return { outcome: 'found', statements: servers, channel, provider: null, detail };
}

function noSettings(
  url: string,
  { status }: HttpResponse,
  parsed: Extract<AutodiscoverParsed, { kind: 'other' | 'malformed' }>,
): Answer {
  if (status === 401) return nothing('HTTP 401: it exists, and wants a login first');
  return noDocument(status) ?? unreadableDocument(url, `HTTP ${status}`, parsed);
}
