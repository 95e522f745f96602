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
    directLookup(`autodiscover.${subject.domain}`, subject),
    directLookup(subject.domain, subject),
    redirectLookup(subject),
    srvLookup(subject),
    discoveryHostLookup(`autodiscover.${subject.domain}`),
  ],
};

/** How many answers of one service may lead on: to another URL, or by an address to another domain. */
const MAX_STEPS = 5;
const MAX_ADDRESSES = 2;
const MAX_TARGETS = 3;

function autodiscoverUrl(host: string, scheme: 'https' | 'http' = 'https'): string {
  return `${scheme}://${host}/autodiscover/autodiscover.xml`;
}

function directLookup(host: string, subject: Subject): Lookup {
  const url = autodiscoverUrl(host);
  return { from: url, find: (context) => ask(url, subject, context) };
}

/** Plain HTTP is asked for one thing only: where to go instead. */
function redirectLookup(subject: Subject): Lookup {
  const url = autodiscoverUrl(`autodiscover.${subject.domain}`, 'http');
  return {
    from: url,
    async find(context) {
      const answer = await context.network.fetch(url, { signal: context.signal });
      if (answer.kind === 'failed') return noResponse(answer);
      return answer.url.startsWith('https:')
        ? ask(answer.url, subject, context, 'http')
        : nothing(`HTTP ${answer.status}: no redirect to HTTPS`);
    },
  };
}

function srvLookup(subject: Subject): Lookup {
  const name = `_autodiscover._tcp.${subject.domain}`;
  const from = `${name} SRV`;
  return {
    from,
    async find(context) {
      const urls = await readUrls(name, context);
      if (urls.outcome !== 'found') return urls;
      const channel = urls.authentic ? 'dnssec' : 'dns';
      const answers: Answer[] = [];
      for (const [index, url] of urls.records.entries()) {
        const answer =
          (await withinShare(1 / (urls.records.length - index), context, (part) =>
            ask(url, subject, part, channel),
          )) ?? partTimedOut;
        if (answer.outcome === 'found') {
          const incomplete = answers.some(
            (before) => before.outcome === 'failed' && before.temporary,
          );
          return { ...answer, from: `${from}, ${url}`, ...(incomplete && { incomplete }) };
        }
        answers.push({ ...answer, detail: `${url}: ${answer.detail}` });
      }
      const failure = answers.find(({ outcome }) => outcome === 'failed');
      return failure ?? answers[0] ?? nothing('no target');
    },
  };
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
 * @param by how the URL reached us, where that is less than the domain's own HTTPS host; then the
 *   address is told to nobody
 * @throws the signal's reason
 */
async function ask(
  start: string,
  { domain: subject, kind }: Subject,
  context: LookupContext,
  by?: Channel,
): Promise<Answer> {
  const { query, sendAddress } = context;
  const mayKnow = (url: string): boolean =>
    inRegistrableDomain(new URL(url).hostname, query.domain);
  const own = kind === 'self' && by !== 'http' && query.email !== null;
  let email = own && sendAddress ? query.email : null;
  let domain = subject;
  let url = start;
  let secure = by !== 'http';
  let addresses = 0;
  const asked = new Set<string>();
  for (let step = 0; step < MAX_STEPS; step++) {
    asked.add(url);
    const told = email !== null && mayKnow(url) ? email : null;
    const address = told ?? standInFor(domain);
    const answer = await post(url, address, context);
    if (answer.kind === 'failed') return noResponse(answer);
    secure &&= answer.secure;
    const parsed = await parseAutodiscover(answer.body, answer.contentType, {
      address,
      standIn: told === null,
    });
    let next: string | null = null;
    switch (parsed.kind) {
      case 'settings':
        return settle(
          // Of another address only the servers are to be had, and not how to sign in with one's own.
          addresses === 0 ? parsed : withoutUsernames(parsed),
          start,
          secure ? (by === 'dns' ? 'dns' : 'https') : 'http',
          answer.status,
        );
      case 'redirect-url':
        next = parseWebUrl(parsed.url, ['https:']);
        if (next === null) return nothing(`it redirects to "${printable(parsed.url, 100)}"`);
        break;
      case 'redirect-address': {
        const other = toALabels(parsed.email.slice(parsed.email.lastIndexOf('@') + 1));
        if (other === null || ++addresses > MAX_ADDRESSES) return nothing('it redirects too often');
        domain = other;
        // The other domain is not the one that the user lets know.
        email = null;
        next = autodiscoverUrl(`autodiscover.${other}`);
        break;
      }
      case 'error': {
        const { code, message } = parsed;
        const detail = `error ${code}${message === '' ? '' : `: ${message}`}`;
        // 500 is what Exchange says of an address that it does not have.
        const wanted = code === '500' && told === null && own && !sendAddress && mayKnow(start);
        return wanted ? addressWanted(start, detail) : nothing(detail);
      }
      default:
        // A redirect made the POST a GET, which nobody answers; so ask anew where it led.
        if (answer.url === url || !answer.url.startsWith('https:')) {
          return noSettings(start, answer, parsed);
        }
        next = answer.url;
    }
    if (asked.has(next)) return nothing('it redirects in a circle');
    url = next;
  }
  return nothing('it redirects too often');
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
