/** Fetches a clientConfig document (draft-ietf-mailmaint-autoconfig). */
import { printable } from '../../model/printable.ts';
import { parseUrl } from '../../model/url.ts';
import type { Answer } from '../answer.ts';
import type { Lookup, LookupContext } from '../source.ts';
import { type ClientConfig, parseClientConfig } from './client-config-xml.ts';
import {
  addressWanted,
  type HttpResponse,
  noDocument,
  noResponse,
  nothing,
  publishedProvider,
  unreadableDocument,
  unusableDocument,
} from './http-answer.ts';

/** How much of a refusal is read for its reason, in bytes. */
const REFUSAL = 4096;

/** @param mayHaveAddress whether --send-address would let this place see the address */
export function clientConfigLookup(url: string, mayHaveAddress = false): Lookup {
  return { from: url, find: (context) => fetchClientConfig(url, mayHaveAddress, context) };
}

/**
 * @param mayHaveAddress whether --send-address would let this place see the address
 * @throws the signal's reason
 */
export async function fetchClientConfig(
  url: string,
  mayHaveAddress: boolean,
  { query, network, signal }: LookupContext,
): Promise<Answer> {
  const holdsAddress = ADDRESS.test(url);
  const headers = { accept: 'text/xml, application/xml;q=0.9, */*;q=0.5' };
  const told = await network.fetch(url, {
    signal,
    headers,
    ...(holdsAddress && { within: query.domain }),
  });
  // The redirect's target must not see the address, and may need none.
  const isLedAway = holdsAddress && told.kind === 'failed' && told.reason === 'redirect';
  const answer = isLedAway
    ? await network.fetch(url.replace(ADDRESS, ''), { signal, headers })
    : told;
  if (answer.kind === 'failed') return noResponse(answer);
  if (!holdsAddress && wantsAddress(answer)) {
    const detail = `HTTP ${answer.status}: it wants the full address`;
    return mayHaveAddress ? addressWanted(url, detail) : nothing(detail);
  }
  const missing = noDocument(answer.status);
  if (missing) return missing;

  const status = `HTTP ${answer.status}${movedTo(url, answer.url)}`;
  const parsed = await parseClientConfig(answer.body, answer.contentType, query.domain);
  if (!parsed.ok) return unreadableDocument(url, status, parsed);
  return answerOf(parsed.config, url, status, answer.secure);
}

/** @param secure every hop was HTTPS with a good certificate */
function answerOf(config: ClientConfig, url: string, status: string, secure: boolean): Answer {
  const { servers } = config;
  const dropped = listed('left out', config.dropped);
  if (servers.length === 0) {
    return dropped !== ''
      ? unusableDocument(url, `${status}: no usable outgoing server${dropped}`)
      : nothing(`${status}: no outgoing server`);
  }
  return {
    outcome: 'found',
    statements: servers,
    channel: secure ? 'https' : 'http',
    provider: publishedProvider(config),
    detail: `${status}: ${servers.length === 1 ? '1 server' : `${servers.length} servers`}${dropped}${listed('by its port', config.assumed)}`,
  };
}

function listed(what: string, items: readonly string[]): string {
  return items.length === 0 ? '' : ` (${what}: ${printable(items.join('; '), 200)})`;
}

/** Whether the response rejects a correct request, or names the parameter that it misses. */
function wantsAddress(answer: HttpResponse): boolean {
  if (answer.status === 400 || answer.status === 422) return true;
  if (answer.status !== 404) return false;
  const text = answer.body.subarray(0, REFUSAL).toString('latin1');
  // A web page may mention e-mail addresses for any reason.
  return /html/i.test(answer.contentType)
    ? /\bemailaddress\b/i.test(text)
    : /\be-?mail[ _-]?address\b/i.test(text);
}

function movedTo(asked: string, url: string): string {
  const final = parseUrl(url);
  if (parseUrl(asked) === null || final === null) return '';
  const here = final.origin + final.pathname;
  return asked.startsWith(here) ? '' : ` at ${printable(here, 120)}`;
}

const ADDRESS = /\?emailaddress=.*$/;

/**
 * The URL that tells the server the address, for settings that differ between users. Everything
 * but letters, digits, `-`, `.`, `_` and `~` is escaped: some servers take `+` for a space, and
 * some take `%2E` for something else than a dot.
 */
export function withAddress(url: string, email: string): string {
  const escaped = encodeURIComponent(email).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${url}?emailaddress=${escaped}`;
}
