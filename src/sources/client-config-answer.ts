/** A clientConfig document from somewhere, as an answer. */

import {
  addressWanted,
  publishedProvider,
  unusableDocument,
  withoutDocument,
} from './document-answer.ts';
import { fetchClientConfig } from './documents/client-config.ts';
import type { Answer, Lookup, LookupContext } from './source.ts';

/** @param mayHaveAddress whether --send-address would let this place see the address */
export function clientConfigLookup(url: string, mayHaveAddress = false): Lookup {
  return { from: url, find: (context) => clientConfigAnswer(url, mayHaveAddress, context) };
}

/** @throws the signal's reason */
export async function clientConfigAnswer(
  url: string,
  mayHaveAddress: boolean,
  { query, network, signal }: LookupContext,
): Promise<Answer> {
  const result = await fetchClientConfig(url, query.domain, network, signal);
  switch (result.kind) {
    case 'found':
      return {
        outcome: 'found',
        statements: result.config.servers,
        channel: result.secure ? 'https' : 'http',
        provider: publishedProvider(result.config.displayName, result.config.documentation),
        detail: result.detail,
      };
    case 'address-wanted':
      return mayHaveAddress
        ? addressWanted(url, result.detail)
        : { outcome: 'nothing', detail: result.detail };
    case 'unusable':
      return unusableDocument(url, result.detail);
    default:
      return withoutDocument(result);
  }
}
