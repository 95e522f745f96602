import type { ProviderFile } from '../format.ts';
import type { UpstreamEntry } from './entry.ts';
import { SOURCES } from './sources.ts';

/** A server that a source states on one of our hosts, and that our file lacks. */
export interface Change {
  id: string;
  server: string;
  source: string;
}

/** Ports and encryptions that a list in good care states differently from us. */
export function findChanges(
  ours: readonly ProviderFile[],
  upstream: readonly UpstreamEntry[],
): Change[] {
  const kept = new Set(SOURCES.flatMap(({ id, kept }) => (kept ? [id] : [])));
  const changes = new Map<string, Change>();
  for (const provider of ours) {
    const known = new Set(provider.servers.map((s) => `${s.host}:${s.port}/${s.encryption}`));
    for (const entry of upstream.filter((e) => kept.has(e.source) && speaksOf(e, provider))) {
      for (const { host, port, encryption } of entry.servers) {
        const server = `${host}:${port}/${encryption}`;
        if (known.has(server) || port === 25 || encryption === 'none') continue;
        if (!provider.servers.some((s) => s.host === host)) continue;
        changes.set(`${provider.id} ${server}`, { id: provider.id, server, source: entry.source });
      }
    }
  }
  return [...changes.values()];
}

/** Whether an entry is about this provider: a domain and a server in common. */
function speaksOf(entry: UpstreamEntry, { domains, servers }: ProviderFile): boolean {
  const hosts = new Set(servers.map((server) => server.host));
  return (
    entry.servers.some((server) => hosts.has(server.host)) &&
    (domains.length === 0 || entry.domains.some((domain) => domains.includes(domain)))
  );
}
