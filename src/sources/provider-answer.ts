/** What the bundled database says of a provider, as an answer. */
import { type Channel, providerFacts, type Statement } from '../model/candidate.ts';
import { HANDED_OUT } from '../model/username.ts';
import { settingsForAnyDomain, settingsForDomain } from '../providers/own-domains.ts';
import type { Provider } from '../providers/provider.ts';
import type { Answer } from './answer.ts';

/**
 * @param domain takes the place of %EMAILDOMAIN% in host names; empty where none is known
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
  const statements = providerStatements(provider, domain);
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

/**
 * What the database says of a provider's servers. The user names of relay services are handed out,
 * unless all customers share one.
 * @param domain as above
 */
export function providerStatements(provider: Provider, domain: string): readonly Statement[] {
  const { servers, signIn } =
    domain === '' ? settingsForAnyDomain(provider) : settingsForDomain(provider, domain);
  return servers.map((server) => ({
    ...server,
    username: server.username ?? (provider.kind === 'relay' ? HANDED_OUT : null),
    oauth: provider.oauth,
    ...(signIn !== null && { signIn }),
  }));
}

export function databaseEntry(provider: Provider): string {
  return `bundled database, ${provider.id}`;
}
