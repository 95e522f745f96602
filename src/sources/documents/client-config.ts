/** Fetches a clientConfig document (draft-ietf-mailmaint-autoconfig). */
import { printable } from '../../model/printable.ts';
import { parseUrl } from '../../model/url.ts';
import type { HttpAnswer } from '../../net/network.ts';
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
import { wantsAddress } from './wants-address.ts';

/** What a place may be told that refuses to answer without an address. */
export interface WithoutAddress {
  /** The address to ask it about instead; null for none. */
  readonly standIn: string | null;
  /** Whether --send-address would let it see the user's own. */
  readonly hint: boolean;
}

const NOTHING_MORE: WithoutAddress = { standIn: null, hint: false };

export function clientConfigLookup(url: string, without: WithoutAddress = NOTHING_MORE): Lookup {
  return { from: url, find: (context) => fetchClientConfig(url, without, context) };
}

/** @throws the signal's reason */
export async function fetchClientConfig(
  url: string,
  without: WithoutAddress,
  context: LookupContext,
): Promise<Answer> {
  const answer = await get(url, context);
  if (answer.kind === 'failed') return noResponse(answer);
  if (!ADDRESS.test(url) && wantsAddress(answer)) return askAgain(url, answer, without, context);
  return documentOf(answer, url, null, context);
}

/** A URL that holds an address is for the query's own domain alone. */
async function get(url: string, { query, network, signal }: LookupContext): Promise<HttpAnswer> {
  const headers = { accept: 'text/xml, application/xml;q=0.9, */*;q=0.5' };
  if (!ADDRESS.test(url)) return network.fetch(url, { signal, headers });
  const answer = await network.fetch(url, { signal, headers, within: query.domain });
  // The redirect's target must not see the address, and may need none.
  return answer.kind === 'failed' && answer.reason === 'redirect'
    ? network.fetch(url.replace(ADDRESS, ''), { signal, headers })
    : answer;
}

async function askAgain(
  url: string,
  { status }: HttpResponse,
  { standIn, hint }: WithoutAddress,
  context: LookupContext,
): Promise<Answer> {
  const detail = `HTTP ${status}: it wants the full address`;
  const refused = hint ? addressWanted(url, detail) : nothing(detail);
  if (standIn === null) return refused;
  const about = withAddress(url, standIn);
  const answer = await get(about, context);
  const second =
    answer.kind === 'failed'
      ? noResponse(answer)
      : await documentOf(answer, about, standIn, context);
  if (second.outcome === 'found') return { ...second, from: about };
  // What the server says of another address is no more than that.
  return second.outcome === 'failed' && second.temporary
    ? { ...second, ...(refused.warnings && { warnings: refused.warnings }) }
    : refused;
}

/** @param standIn the address that the server was asked about in place of the user's */
async function documentOf(
  answer: HttpResponse,
  url: string,
  standIn: string | null,
  { query }: LookupContext,
): Promise<Answer> {
  const missing = noDocument(answer.status);
  if (missing) return missing;
  const status = `HTTP ${answer.status}${movedTo(url, answer.url)}`;
  const { body, contentType } = answer;
  const parsed = await parseClientConfig(body, contentType, query.domain, standIn);
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
