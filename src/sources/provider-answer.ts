/** What the bundled database says of a provider, as an answer. */
import { type Channel, providerFacts, type Statement } from '../model/candidate.ts';
import { settingsForDomain } from '../providers/own-domains.ts';
import type { Provider } from '../providers/provider.ts';
import type { Answer } from './answer.ts';

/**
 * @param domain takes the place of %EMAILDOMAIN% in host names
 * @param detail what led to the provider
 */
export function providerAnswer(
  provider: Provider,
  domain: string,
  channel: Channel,
  detail: string,
): Answer {
  const facts = providerFacts(provider);
  if (provider.notes.some(({ code }) => code === 'no-submission')) {
    return {
      outcome: 'found',
      statements: [],
      channel,
      provider: facts,
      detail: `${detail}, which offers no submission`,
      from: databaseEntry(provider),
      ends: 'everything',
    };
  }
  const { servers, signIn } = settingsForDomain(provider, domain);
  const statements = servers.map(
    (server): Statement => ({
      ...server,
      oauth: provider.oauth,
      ...(signIn !== null && { signIn }),
    }),
  );
  if (statements.length === 0) {
    return { outcome: 'nothing', detail: `${detail}, whose servers the database does not know` };
  }
  return {
    outcome: 'found',
    statements,
    channel,
    provider: facts,
    detail,
    from: databaseEntry(provider),
    // The way in is a program on the user's own machine, so there is nothing to guess at; but a
    // domain of one's own may publish another way.
    ...(provider.notes.some(({ code }) => code === 'bridge-required') && {
      ends: channel === 'bundled' ? 'everything' : 'guessing',
    }),
  };
}

export function databaseEntry(provider: Provider): string {
  return `bundled database, ${provider.id}`;
}
