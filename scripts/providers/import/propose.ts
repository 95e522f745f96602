import type { ProviderFile } from '../format.ts';
import type { Addition } from './compare.ts';
import type { UpstreamServer } from './entry.ts';

const STRENGTH: Record<UpstreamServer['encryption'], number> = { tls: 0, starttls: 1, none: 2 };

/**
 * The files that take up all additions: domains join the provider with the same server, the rest
 * becomes new providers, one for each set of servers. For a person to review, rename and explain.
 * Whoever states what is added by `citeLists`.
 */
export function propose(additions: readonly Addition[]): ProviderFile[] {
  const changed = new Map<string, ProviderFile>();
  for (const { domain, entry, provider } of additions) {
    const hosts = entry.servers.map((server) => server.host).join(' ');
    const id = provider?.id ?? `${entry.source} ${hosts}`;
    const file = changed.get(id) ?? provider ?? newProvider(domain, entry.servers);
    changed.set(id, { ...file, domains: [...file.domains, domain] });
  }
  return [...changed.values()];
}

function newProvider(domain: string, servers: readonly UpstreamServer[]): ProviderFile {
  const usable = servers.some((s) => s.port !== 25)
    ? servers.filter((s) => s.port !== 25)
    : servers;
  const sorted = [...usable].sort((a, b) => STRENGTH[a.encryption] - STRENGTH[b.encryption]);
  const plaintext = sorted.every((server) => server.encryption === 'none');
  return {
    $schema: '../provider.schema.json',
    id: domain,
    name: domain,
    kind: 'mailbox',
    domains: [],
    mx: [],
    servers: sorted.map((server) => ({
      host: server.host,
      port: server.port,
      encryption: server.encryption,
      auth: server.auth,
      username: server.username,
    })),
    notes: plaintext ? [{ code: 'plaintext-only', message: PLAINTEXT }] : [],
    documentation: null,
    oauth: null,
    facts: [],
  };
}

const PLAINTEXT =
  'No source knows of an encrypted way to send here, so a password would cross the network in the clear.';
