/** The source that looks a domain up in the bundled database, by its exact name. */
import type { Answer } from './answer.ts';
import { providerAnswer } from './provider-answer.ts';
import type { LookupContext, Source } from './source.ts';

export const database: Source = {
  name: 'database',
  over: 'bundle',
  lookups: ({ domain }) => [
    { from: 'bundled database', find: async (context) => find(domain, context) },
  ],
};

function find(domain: string, { providers, query, signal }: LookupContext): Answer {
  signal.throwIfAborted();
  const provider = providers.byDomain(domain);
  if (provider === null) return { outcome: 'nothing', detail: 'not listed' };
  // They have no mailboxes, so no address is theirs.
  if (provider.kind === 'gateway' || provider.kind === 'relay') {
    return { outcome: 'nothing', detail: `${provider.name} has no mailboxes` };
  }
  return providerAnswer(provider, query.domain, 'bundled', provider.name);
}
