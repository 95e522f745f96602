/**
 * Asks an Exchange Autodiscover service, without credentials. Most want a login first; those that
 * answer anybody are worth the question.
 */
import { isIP } from 'node:net';
import { normaliseHost, toALabels } from '../../model/domain.ts';
import { printable } from '../../model/printable.ts';
import type { HttpAnswer, Network } from '../../net/network.ts';
import {
  type AutodiscoverParsed,
  autodiscoverRequest,
  PLACEHOLDER,
  parseAutodiscover,
} from './autodiscover-xml.ts';
import { publishedPort, webUrl } from './field-parsers.ts';
import { type NoDocument, noAnswer, noDocument } from './http-outcome.ts';
import { inOrder } from './srv-records.ts';

type Settings = Extract<AutodiscoverParsed, { kind: 'settings' }>;

export type AutodiscoverResult =
  | {
      readonly kind: 'found';
      /** At least one server. */
      readonly settings: Settings;
      /** Every hop was HTTPS with a good certificate. */
      readonly secure: boolean;
      readonly detail: string;
    }
  | { readonly kind: 'address-wanted' | 'unusable'; readonly detail: string }
  | NoDocument;

export interface AutodiscoverQuestion {
  readonly url: string;
  /** The domain that the placeholder address is made with. */
  readonly domain: string;
  /** The real address, told to hosts for which `mayKnow` holds; null to tell nobody. */
  readonly email: string | null;
  readonly mayKnow: (host: string) => boolean;
}

/** Each answer may lead on: to another URL, or to another domain by way of an address. */
const MAX_STEPS = 5;
const MAX_ADDRESSES = 2;

export function autodiscoverUrl(host: string, scheme: 'https' | 'http' = 'https'): string {
  return `${scheme}://${host}/autodiscover/autodiscover.xml`;
}

/** @throws the signal's reason */
export async function askAutodiscover(
  question: AutodiscoverQuestion,
  network: Network,
  signal: AbortSignal,
): Promise<AutodiscoverResult> {
  let { url, domain, email } = question;
  let secure = true;
  let addresses = 0;
  const asked = new Set<string>();
  for (let step = 0; step < MAX_STEPS; step++) {
    asked.add(url);
    const told = email !== null && question.mayKnow(new URL(url).hostname) ? email : null;
    const address = told ?? `${PLACEHOLDER}@${domain}`;
    const answer = await post(url, address, network, signal);
    if (answer.kind === 'failed') return noAnswer(answer);
    secure &&= answer.secure;
    const parsed = await parseAutodiscover(answer.body, answer.contentType, address);
    let next: string | null = null;
    switch (parsed.kind) {
      case 'settings':
        return settle(parsed, secure, answer.status);
      case 'redirect-url':
        next = webUrl(parsed.url, ['https:']);
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
      case 'error':
        return refused(parsed, told !== null);
      default:
        // A redirect made the POST a GET, which nobody answers; so ask anew where it led.
        if (answer.url === url || !answer.url.startsWith('https:'))
          return noSettings(answer, parsed);
        next = answer.url;
    }
    if (asked.has(next)) return nothing('it redirects in a circle');
    url = next;
  }
  return nothing('it redirects too often');
}

/**
 * Where plain HTTP redirects to, which is the only thing it is asked for; null when it does not
 * lead to HTTPS.
 *
 * @throws the signal's reason
 */
export async function httpRedirect(
  domain: string,
  network: Network,
  signal: AbortSignal,
): Promise<{ readonly kind: 'url'; readonly url: string } | NoDocument> {
  const answer = await network.fetch(autodiscoverUrl(`autodiscover.${domain}`, 'http'), { signal });
  if (answer.kind === 'failed') return noAnswer(answer);
  return answer.url.startsWith('https:')
    ? { kind: 'url', url: answer.url }
    : nothing(`HTTP ${answer.status}: no redirect to HTTPS`);
}

export type AutodiscoverSrv =
  | { readonly kind: 'urls'; readonly urls: readonly string[]; readonly authentic: boolean }
  | { readonly kind: 'none'; readonly detail: string }
  | { readonly kind: 'failed'; readonly detail: string; readonly reached: boolean };

const MAX_TARGETS = 3;

/** In the order of SRV. @throws the signal's reason */
export async function readAutodiscoverSrv(
  domain: string,
  network: Network,
  signal: AbortSignal,
): Promise<AutodiscoverSrv> {
  const answer = await network.dns.query(`_autodiscover._tcp.${domain}`, 'SRV', signal);
  if (answer.kind === 'failed') {
    return { kind: 'failed', detail: answer.detail, reached: answer.reached };
  }
  if (answer.kind === 'none') return { kind: 'none', detail: answer.detail };
  const urls = inOrder(answer.records).flatMap(({ target, port }) => {
    const host = normaliseHost(target);
    if (host === null || isIP(host) !== 0 || publishedPort(String(port)) === null) return [];
    const url = autodiscoverUrl(port === 443 ? host : `${host}:${port}`);
    return URL.canParse(url) ? [url] : [];
  });
  if (urls.length === 0) return { kind: 'none', detail: 'no usable record' };
  const { authentic } = answer;
  return { kind: 'urls', urls: [...new Set(urls)].slice(0, MAX_TARGETS), authentic };
}

function post(
  url: string,
  email: string,
  network: Network,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  return network.fetch(url, {
    signal,
    method: 'POST',
    // Exactly so: Exchange answers nothing else.
    headers: { 'content-type': 'text/xml; charset=utf-8', accept: 'text/xml' },
    body: autodiscoverRequest(email),
  });
}

function settle(settings: Settings, secure: boolean, status: number): AutodiscoverResult {
  const { servers, dropped } = settings;
  if (servers.length > 0) {
    const list = servers.map(({ host, port }) => `${host}:${port}`).join(', ');
    return { kind: 'found', settings, secure, detail: `HTTP ${status}: ${list}` };
  }
  return dropped.length > 0
    ? { kind: 'unusable', detail: `HTTP ${status}: ${printable(dropped.join('; '), 200)}` }
    : nothing(`HTTP ${status}: settings, but none for SMTP`);
}

/** 500 is what Exchange says of an address that it does not have. */
function refused(
  { code, message }: Extract<AutodiscoverParsed, { kind: 'error' }>,
  told: boolean,
): AutodiscoverResult {
  const detail = `error ${code}${message === '' ? '' : `: ${message}`}`;
  return !told && code === '500' ? { kind: 'address-wanted', detail } : nothing(detail);
}

function noSettings(
  { status }: Extract<HttpAnswer, { kind: 'response' }>,
  { kind, reason }: Extract<AutodiscoverParsed, { kind: 'other' | 'malformed' }>,
): AutodiscoverResult {
  if (status === 401) return nothing('HTTP 401: it exists, and wants a login first');
  const missing = noDocument(status);
  if (missing) return missing;
  const detail = `HTTP ${status}: ${reason}`;
  return kind === 'other' ? nothing(detail) : { kind: 'unusable', detail };
}

function nothing(detail: string): NoDocument {
  return { kind: 'nothing', detail };
}
