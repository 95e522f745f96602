/** Fetches a clientConfig document, and says in one line what came of it. */

import { printable } from '../../model/printable.ts';
import type { HttpAnswer, Network } from '../../net/network.ts';
import { withoutAddress } from './client-config-urls.ts';
import { type ClientConfig, parseClientConfig } from './client-config-xml.ts';
import { type NoDocument, noAnswer, noDocument } from './http-outcome.ts';

export type ClientConfigResult =
  | {
      readonly kind: 'found';
      /** At least one server. */
      readonly config: ClientConfig;
      /** Every hop was HTTPS with a good certificate. */
      readonly secure: boolean;
      readonly detail: string;
    }
  /** The server would likely answer if it were told the address. */
  | { readonly kind: 'address-wanted'; readonly detail: string }
  /** A document of this kind, of which nothing can be used. */
  | { readonly kind: 'unusable'; readonly detail: string }
  | NoDocument;

type HttpResponse = Extract<HttpAnswer, { kind: 'response' }>;

/** How much of a refusal is read for its reason, in bytes. */
const REFUSAL = 4096;

/**
 * @param domain takes the place of %EMAILDOMAIN% in host names
 * @throws the signal's reason
 */
export async function fetchClientConfig(
  url: string,
  domain: string,
  network: Network,
  signal: AbortSignal,
): Promise<ClientConfigResult> {
  const holdsAddress = /[?&]emailaddress=/.test(url);
  const headers = { accept: 'text/xml, application/xml;q=0.9, */*;q=0.5' };
  const told = await network.fetch(url, {
    signal,
    headers,
    ...(holdsAddress && { within: domain }),
  });
  // It leads to somebody who must not see the address, and who may need none.
  const isLedAway = holdsAddress && told.kind === 'failed' && told.reason === 'redirect';
  const answer = isLedAway ? await network.fetch(withoutAddress(url), { signal, headers }) : told;
  if (answer.kind === 'failed') return noAnswer(answer);
  if (!holdsAddress && wantsAddress(answer)) {
    return { kind: 'address-wanted', detail: `HTTP ${answer.status}: it wants the full address` };
  }
  const missing = noDocument(answer.status);
  if (missing) return missing;

  const parsed = await parseClientConfig(answer.body, answer.contentType, domain);
  const status = `HTTP ${answer.status}${movedTo(url, answer.url)}`;
  if (!parsed.ok) {
    const detail = `${status}: ${parsed.reason}`;
    return parsed.kind === 'other' ? { kind: 'nothing', detail } : { kind: 'unusable', detail };
  }
  const { servers, dropped } = parsed.config;
  const why = dropped.length === 0 ? '' : ` (left out: ${printable(dropped.join('; '), 200)})`;
  if (servers.length > 0) {
    const detail = `${status}: ${servers.length === 1 ? '1 server' : `${servers.length} servers`}${why}`;
    return { kind: 'found', config: parsed.config, secure: answer.secure, detail };
  }
  return dropped.length > 0
    ? { kind: 'unusable', detail: `${status}: no usable outgoing server${why}` }
    : { kind: 'nothing', detail: `${status}: no outgoing server` };
}

/** A bad request where nothing was requested amiss, or a refusal that names what it misses. */
function wantsAddress(answer: HttpResponse): boolean {
  if (answer.status === 400 || answer.status === 422) return true;
  if (answer.status !== 404) return false;
  const text = answer.body.subarray(0, REFUSAL).toString('latin1');
  // A web page may speak of e-mail addresses for any reason.
  return /html/i.test(answer.contentType)
    ? /\bemailaddress\b/i.test(text)
    : /\be-?mail[ _-]?address\b/i.test(text);
}

function movedTo(asked: string, url: string): string {
  if (!URL.canParse(asked) || !URL.canParse(url)) return '';
  const { origin, pathname } = new URL(url);
  const here = origin + pathname;
  return asked.startsWith(here) ? '' : ` at ${printable(here, 120)}`;
}
