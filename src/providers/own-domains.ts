/** How a provider's settings hold for a domain that is its customer's and not its own. */
import { HANDED_OUT } from '../model/username.ts';
import type { Provider, ProviderServer } from './provider.ts';

export interface DomainSettings {
  readonly servers: readonly ProviderServer[];
  /** What to sign in with, as a sentence; null where it is what the servers' user name says. */
  readonly signIn: string | null;
}

/** @param domain that of the address, as an A-label */
export function settingsForDomain(provider: Provider, domain: string): DomainSettings {
  const { servers, ownDomains } = provider;
  if (ownDomains === null || isProviders(provider, domain)) return { servers, signIn: null };
  const username = ownDomains.username ?? HANDED_OUT;
  return {
    servers: servers.map((server) => ({ ...server, username })),
    signIn: ownDomains.message,
  };
}

function isProviders({ domains }: Provider, domain: string): boolean {
  return domains.some((own) => domain === own || domain.endsWith(`.${own}`));
}
