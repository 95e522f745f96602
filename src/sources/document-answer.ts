/** What sources that fetch a document share: how the lack of one becomes an answer. */
import type { ProviderFacts } from '../model/candidate.ts';
import { warning } from '../model/warnings.ts';
import type { NoDocument } from './documents/http-outcome.ts';
import type { Answer } from './source.ts';

export function withoutDocument(result: NoDocument): Answer {
  const { detail, offWeb = false } = result;
  const how = offWeb ? { offWeb } : {};
  if (result.kind === 'nothing') return { outcome: 'nothing', detail, ...how };
  const { temporary, reached, blocked, proxyTrouble } = result;
  const warnings = blocked
    ? [warning('address-refused', blocked)]
    : proxyTrouble && [warning('proxy-failed', { trouble: proxyTrouble })];
  return { outcome: 'failed', detail, temporary, reached, ...how, ...(warnings && { warnings }) };
}

/** A document of the right kind of which nothing can be used: its publisher should know. */
export function unusableDocument(url: string, reason: string): Answer {
  return {
    outcome: 'failed',
    detail: reason,
    temporary: false,
    reached: true,
    warnings: [warning('source-malformed', { url, reason })],
  };
}

/** A server that refuses without the address. */
export function addressWanted(url: string, detail: string): Answer {
  return { outcome: 'nothing', detail, warnings: [warning('address-wanted', { url })] };
}

/** What a document says of its publisher; null when it gives no name. */
export function publishedProvider(
  name: string | null,
  documentation: string | null,
): ProviderFacts | null {
  return name === null ? null : { id: null, name, documentation, notes: [] };
}

/** One of several places of a source that took its share of the time, and more. */
export const silent: Answer = {
  outcome: 'failed',
  detail: 'no answer in time',
  temporary: true,
  reached: false,
};
