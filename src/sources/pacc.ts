/** PACC at the domain itself (draft-ietf-mailmaint-pacc). */

import { publishedProvider, unusableDocument, withoutDocument } from './document-answer.ts';
import { fetchPacc, paccUrl } from './documents/pacc.ts';
import type { Answer, LookupContext, Source } from './source.ts';

export const pacc: Source = {
  name: 'pacc',
  over: 'http',
  lookups: ({ domain }) => [{ from: paccUrl(domain), find: (context) => find(domain, context) }],
};

async function find(domain: string, { network, signal }: LookupContext): Promise<Answer> {
  const result = await fetchPacc(domain, network, signal);
  switch (result.kind) {
    case 'found':
      return {
        outcome: 'found',
        statements: result.config.servers,
        channel: 'https',
        provider: publishedProvider(result.config.displayName, result.config.documentation),
        detail: result.detail,
        ...(result.unchecked ? { incomplete: true } : {}),
      };
    case 'unusable':
      return unusableDocument(paccUrl(domain), result.detail);
    default:
      return withoutDocument(result);
  }
}
