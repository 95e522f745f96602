/** Which servers the database has, and which of them are to be examined. Pure. */
import { compareText } from '../../../src/model/compare-text.ts';
import { isAddress } from '../../../src/model/domain.ts';
import { type Endpoint, endpointKey } from '../../../src/model/endpoint.ts';
import { registrableDomain } from '../../../src/model/public-suffix.ts';
import { DOMAIN, fillDomain } from '../../../src/model/username.ts';
import type { ProviderFile } from '../format.ts';
import type { Probed } from '../probed.ts';

export interface Server {
  readonly key: string;
  readonly endpoint: Endpoint;
  /** Whose machines these are, by the registrable domain of the host. */
  readonly operator: string;
  /** Ids of the providers that name it. */
  readonly providers: readonly string[];
  /** The mechanisms that the database has for it. */
  readonly auth: readonly string[];
}

/** A server that nobody can examine from here. */
export interface Skipped {
  readonly provider: string;
  readonly host: string;
  readonly why: 'own-machine' | 'no-domain';
}

export interface Database {
  /** Those of the operators with most servers first. */
  readonly servers: readonly Server[];
  readonly skipped: readonly Skipped[];
}

type FiledServer = ProviderFile['servers'][number];

/**
 * The endpoint that stands for a server of the database. Where the host holds the address's domain,
 * it is examined for the first one of the provider.
 */
export function endpointOf(
  { domains }: Pick<ProviderFile, 'domains'>,
  { host, port, encryption }: Pick<FiledServer, 'host' | 'port' | 'encryption'>,
): Endpoint | Skipped['why'] {
  if (isAddress(host)) return 'own-machine';
  if (!host.includes(DOMAIN)) return { host, port, encryption };
  const [domain] = domains;
  return domain === undefined ? 'no-domain' : { host: fillDomain(host, domain), port, encryption };
}

export function serversOf(providers: readonly ProviderFile[]): Database {
  const servers = new Map<string, Server>();
  const skipped: Skipped[] = [];
  for (const provider of providers) {
    for (const filed of provider.servers) {
      const endpoint = endpointOf(provider, filed);
      if (typeof endpoint === 'string') {
        skipped.push({ provider: provider.id, host: filed.host, why: endpoint });
        continue;
      }
      const key = endpointKey(endpoint);
      const known = servers.get(key);
      servers.set(key, {
        key,
        endpoint,
        operator: registrableDomain(endpoint.host) ?? endpoint.host,
        providers: [...new Set([...(known?.providers ?? []), provider.id])],
        auth: [...new Set([...(known?.auth ?? []), ...filed.auth])],
      });
    }
  }
  return { servers: largestFirst([...servers.values()]), skipped };
}

/** They take longest, since each of their servers waits for the one before. */
function largestFirst(servers: readonly Server[]): readonly Server[] {
  const counts = new Map<string, number>();
  for (const { operator } of servers) counts.set(operator, (counts.get(operator) ?? 0) + 1);
  const countOf = ({ operator }: Server): number => counts.get(operator) ?? 0;
  return [...servers].sort(
    (a, b) =>
      countOf(b) - countOf(a) || compareText(a.operator, b.operator) || compareText(a.key, b.key),
  );
}

const DAY_MS = 86_400_000;

/** @param maxAge in days: a younger result stands */
export function isDue(probed: Probed | undefined, today: string, maxAge: number): boolean {
  return !probed || Date.parse(today) - Date.parse(probed.date) >= maxAge * DAY_MS;
}
