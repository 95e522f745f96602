/** What an HTTP exchange that brought no document means for somebody who looks for one. */

import { printable } from '../../model/printable.ts';
import type { HttpAnswer } from '../../net/network.ts';

/**
 * No document to be had; every published document's result has these two forms. `offWeb`: no web
 * server had a part in it, since there was no connection to any.
 */
export type NoDocument =
  | {
      readonly kind: 'nothing';
      readonly detail: string;
      readonly offWeb?: boolean;
    }
  | {
      readonly kind: 'failed';
      readonly detail: string;
      /** Lookups again later may help. */
      readonly temporary: boolean;
      /** Whether anything answered at all. */
      readonly reached: boolean;
      /** The place that the address policy forbids, when that is why. */
      readonly blocked?: { readonly host: string; readonly port: number };
      /** Why the proxy is of no use, when that is why. */
      readonly proxyTrouble?: string;
      readonly offWeb?: boolean;
    };

type HttpFailure = Extract<HttpAnswer, { kind: 'failed' }>;

/** Also for what may pass: the route, and a reset in the middle of an answer. */
const TEMPORARY: ReadonlySet<HttpFailure['reason']> = new Set([
  'dns',
  'timeout',
  'unreachable',
  'protocol',
]);

/** There was no connection. */
const OFF_WEB: ReadonlySet<HttpFailure['reason']> = new Set([
  'dns',
  'refused',
  'timeout',
  'unreachable',
  'blocked',
]);

export function noAnswer(answer: HttpFailure): NoDocument {
  const detail = printable(answer.detail, 200);
  // That the host was never set up is the usual way to publish nothing.
  if (answer.reason === 'no-such-host') return { kind: 'nothing', detail, offWeb: true };
  return {
    kind: 'failed',
    detail,
    // Without anybody to speak a protocol with, it is the URL that is wrong, and remains so.
    temporary: TEMPORARY.has(answer.reason) && (answer.reason !== 'protocol' || answer.reached),
    reached: answer.reached,
    ...(OFF_WEB.has(answer.reason) && { offWeb: true }),
    ...(answer.proxyTrouble && { proxyTrouble: answer.proxyTrouble }),
    ...(answer.reason === 'blocked' && answer.place && { blocked: answer.place }),
  };
}

/** Null for a status that promises a document. */
export function noDocument(status: number): NoDocument | null {
  if (status >= 200 && status < 300) {
    return status === 204 || status === 205 ? { kind: 'nothing', detail: `HTTP ${status}` } : null;
  }
  if (status === 401 || status === 403) {
    return { kind: 'nothing', detail: `HTTP ${status}: it is not public` };
  }
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return { kind: 'failed', detail: `HTTP ${status}`, temporary: true, reached: true };
  }
  return { kind: 'nothing', detail: `HTTP ${status}` };
}
