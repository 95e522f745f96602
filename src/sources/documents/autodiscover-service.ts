/**
 * One Autodiscover service: asks it, follows it from URL to URL, and tells what it says, or that
 * another address's domain would know. No credentials.
 */
import type { Channel } from '../../model/candidate.ts';
import { printable } from '../../model/printable.ts';
import { inRegistrableDomain } from '../../model/public-suffix.ts';
import type { HttpAnswer } from '../../net/network.ts';
import type { Answer } from '../answer.ts';
import type { LookupContext, Subject } from '../source.ts';
import {
  type AutodiscoverParsed,
  autodiscoverRequest,
  parseAutodiscover,
} from './autodiscover-xml.ts';
import { parseWebUrl } from './field-parsers.ts';
import {
  addressWanted,
  type HttpResponse,
  noDocument,
  noResponse,
  nothing,
  unreadableDocument,
  unusableDocument,
} from './http-answer.ts';
import { standInFor } from './stand-in.ts';

/** How many times one service may lead on to another URL. */
const MAX_STEPS = 5;
/** Of one lookup, wherever it is led. */
const MAX_URLS = 16;

/** What one lookup is about, and where it has been. */
export interface Visits {
  readonly subject: Subject;
  /** The URLs that were asked, each once. */
  readonly asked: Set<string>;
}

/** A domain whose service is looked for, and how its name, or a URL of its service, reached us. */
export interface Place {
  readonly domain: string;
  readonly channel: Channel;
}

/** The service leaves it to that of another address. */
export interface Elsewhere {
  readonly outcome: 'elsewhere';
  readonly email: string;
  readonly channel: Channel;
}

/**
 * Asks one service, and whom it refers to.
 *
 * @throws the signal's reason
 */
export async function askService(
  start: string,
  { domain, channel: way }: Place,
  { subject, asked }: Visits,
  context: LookupContext,
): Promise<Answer | Elsewhere> {
  const { query, sendAddress } = context;
  const mayKnow = (url: string): boolean =>
    inRegistrableDomain(new URL(url).hostname, query.domain);
  const isSubject = domain === subject.domain;
  // Another domain is not the one that the user lets know.
  const own = isSubject && subject.kind === 'self' && query.email !== null;
  let channel = way;
  let url = start;
  for (let step = 0; step < MAX_STEPS; step++) {
    if (asked.has(url)) return nothing('it redirects in a circle');
    if (asked.size >= MAX_URLS) return nothing('it redirects too often');
    asked.add(url);
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
        if (asked.has(next)) return nothing('it redirects in a circle');
        asked.add(next);
        channel = 'http';
        const led = await ledTo(next, context);
        if (typeof led !== 'string') return led;
        url = led;
        break;
      }
      case 'redirect-address':
        return { outcome: 'elsewhere', email: parsed.email, channel };
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

/** The HTTPS place that a GET over plain HTTP leads to. A POST would tell everybody on the way. */
export async function ledTo(
  url: string,
  { network, signal }: LookupContext,
): Promise<string | Answer> {
  const answer = await network.fetch(url, { signal });
  if (answer.kind === 'failed') return noResponse(answer);
  return answer.url.startsWith('https:')
    ? answer.url
    : nothing(`HTTP ${answer.status}: no redirect to HTTPS`);
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
