/** What an HTTP exchange for a published document means, as an answer. */
import { NO_LINKS, type ProviderFacts } from '../../model/candidate.ts';
import { printable } from '../../model/printable.ts';
import { warning } from '../../model/warnings.ts';
import type { HttpAnswer } from '../../net/network.ts';
import type { Failed, Nothing } from '../answer.ts';

export type HttpFailure = Extract<HttpAnswer, { kind: 'failed' }>;
export type HttpResponse = Extract<HttpAnswer, { kind: 'response' }>;

/** Also for what may pass: the route, and a reset in the middle of an answer. */
const TEMPORARY: ReadonlySet<HttpFailure['reason']> = new Set([
  'dns',
  'reset',
  'timeout',
  'unreachable',
  'protocol',
]);

/** There was no connection. */
const NO_WEB_SERVER: ReadonlySet<HttpFailure['reason']> = new Set([
  'dns',
  'refused',
  'reset',
  'timeout',
  'unreachable',
  'blocked',
]);

/** An exchange without a response. */
export function noResponse(failure: HttpFailure): Nothing | Failed {
  const { reason, reached, place, proxyTrouble } = failure;
  const detail = printable(failure.detail, 200);
  // That the host was never set up is the usual way to publish nothing.
  if (reason === 'no-such-host') return { outcome: 'nothing', detail, noWebServer: true };
  return {
    outcome: 'failed',
    detail,
    // Without anybody to speak a protocol with, it is the URL that is wrong, and remains so.
    temporary: TEMPORARY.has(reason) && (reason !== 'protocol' || reached),
    reached,
    ...(NO_WEB_SERVER.has(reason) && { noWebServer: true }),
    ...(reason === 'blocked' && place && { warnings: [warning('address-refused', place)] }),
    ...(proxyTrouble && { warnings: [warning('proxy-failed', { trouble: proxyTrouble })] }),
  };
}

/** A status that promises no document; null for one that does. */
export function noDocument(status: number): Nothing | Failed | null {
  if (status >= 200 && status < 300) {
    return status === 204 || status === 205 ? nothing(`HTTP ${status}`) : null;
  }
  if (status === 401 || status === 403) return nothing(`HTTP ${status}: it is not public`);
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return { outcome: 'failed', detail: `HTTP ${status}`, temporary: true, reached: true };
  }
  return nothing(`HTTP ${status}`);
}

/** A body that no parser could read: `other` is no such document, `malformed` a broken one. */
export function unreadableDocument(
  url: string,
  status: string,
  { kind, reason }: { readonly kind: 'other' | 'malformed'; readonly reason: string },
): Nothing | Failed {
  const detail = `${status}: ${reason}`;
  return kind === 'other' ? nothing(detail) : unusableDocument(url, detail);
}

/** A document of the right kind of which nothing can be used: its publisher should know. */
export function unusableDocument(url: string, reason: string): Failed {
  const warnings = [warning('source-malformed', { url, reason })];
  return { outcome: 'failed', detail: reason, temporary: false, reached: true, warnings };
}

/** A server that refuses without the address. */
export function addressWanted(url: string, detail: string): Nothing {
  return { outcome: 'nothing', detail, warnings: [warning('address-wanted', { url })] };
}

export function nothing(detail: string): Nothing {
  return { outcome: 'nothing', detail };
}

/** What a document says of its publisher; null when it gives no name. */
export function publishedProvider({
  displayName: name,
  documentation,
}: {
  readonly displayName: string | null;
  readonly documentation: string | null;
}): ProviderFacts | null {
  if (name === null) return null;
  return { id: null, name, documentation, notes: [], links: NO_LINKS, confirmed: null };
}
