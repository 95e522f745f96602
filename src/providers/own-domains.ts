/** A provider's settings as they hold for one domain: its own, or a customer's. */
import { normaliseHost } from '../model/domain.ts';
import { DOMAIN, fillDomain, HANDED_OUT } from '../model/username.ts';
import type { Provider, ProviderServer } from './provider.ts';

export interface DomainSettings {
  /** With the domain in the place of %EMAILDOMAIN% in host names. */
  readonly servers: readonly ProviderServer[];
  /** What to sign in with, as a sentence; null where it is what the servers' user name says. */
  readonly signIn: string | null;
}

/** @param domain that of the address, as an A-label */
export function settingsForDomain(provider: Provider, domain: string): DomainSettings {
  const servers = provider.servers.flatMap((server) => {
    const host = normaliseHost(fillDomain(server.host, domain));
    return host === null ? [] : [{ ...server, host }];
  });
  const { ownDomains } = provider;
  if (ownDomains === null || isProviders(provider, domain)) return { servers, signIn: null };
  const username = ownDomains.username ?? HANDED_OUT;
  return {
    servers: servers.map((server) => ({ ...server, username })),
    signIn: ownDomains.message,
  };
}

/** What holds whatever the domain is. */
export function settingsForAnyDomain({ servers }: Provider): DomainSettings {
  return {
    servers: servers.filter(({ host, username }) => !`${host} ${username}`.includes(DOMAIN)),
    signIn: null,
  };
}

function isProviders({ domains }: Provider, domain: string): boolean {
  return domains.some((own) => domain === own || domain.endsWith(`.${own}`));
}
