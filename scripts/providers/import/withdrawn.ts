/** What a list used to say and no longer does: the first sign that a fact has died. */
import type { Fact, ProviderFile } from '../format.ts';
import type { UpstreamEntry } from './entry.ts';
import { hasSeen, type Seen } from './seen.ts';
import { SOURCES, type Source } from './sources.ts';

export interface Withdrawn {
  id: string;
  source: string;
  /** Items of `of`, or domains. */
  items: string[];
}

/**
 * Statements and domains that a list had at the last import.
 * @param renewed our files after `citeLists`
 */
export function findWithdrawn(
  ours: readonly ProviderFile[],
  renewed: readonly ProviderFile[],
  upstream: readonly UpstreamEntry[],
  seen: Seen,
): Withdrawn[] {
  const now = domainsBySource(upstream);
  const had = hasSeen(seen);
  const isGone = (source: string, domain: string): boolean =>
    had(source, 'domains', domain) && !now.get(source)?.has(domain);
  const sources = Object.keys(seen);
  return ours.flatMap((provider) => {
    const fresh = renewed.find(({ id }) => id === provider.id);
    return [
      ...statementsGone(provider, fresh?.facts ?? []),
      ...domainsGone(provider, sources, isGone),
    ];
  });
}

/**
 * Domains that a list in good care has dropped some time before, or never had: of the lists of its
 * family only an old copy gives them, and no other list in good care does.
 */
export function findLeftInCopies(
  ours: readonly ProviderFile[],
  upstream: readonly UpstreamEntry[],
): Withdrawn[] {
  const now = domainsBySource(upstream);
  return ours.flatMap((provider) => goneSinceCopied(provider, now));
}

function statementsGone({ id, facts, servers }: ProviderFile, fresh: readonly Fact[]): Withdrawn[] {
  const endpoints = servers.map(({ host, port }) => `${host}:${port}`);
  const itemsOf = (list: readonly Fact[], source: string) =>
    list
      .filter((fact) => fact.source === source)
      .flatMap(({ of }) => of.flatMap((item) => (item === 'servers' ? endpoints : [item])));
  const sources = new Set(facts.map(({ source }) => source).filter((source) => source !== 'own'));
  return [...sources].flatMap((source) => {
    const left = itemsOf(fresh, source);
    const items = itemsOf(facts, source).filter((item) => !left.includes(item));
    return items.length === 0 ? [] : [{ id, source, items }];
  });
}

function domainsGone(
  { id, domains }: ProviderFile,
  sources: readonly string[],
  isGone: (source: string, domain: string) => boolean,
): Withdrawn[] {
  return sources.flatMap((source) => {
    const items = domains.filter((domain) => isGone(source, domain));
    return items.length === 0 ? [] : [{ id, source, items }];
  });
}

function goneSinceCopied(
  { id, domains }: ProviderFile,
  now: ReadonlyMap<string, ReadonlySet<string>>,
): Withdrawn[] {
  const has = (source: Source, domain: string) => now.get(source.id)?.has(domain) === true;
  const kept = SOURCES.filter((source) => source.kept);
  return kept.flatMap((list) => {
    const copies = SOURCES.filter(
      ({ family, id: other }) => family === list.family && other !== list.id,
    );
    const items = domains.filter(
      (domain) =>
        copies.some((copy) => has(copy, domain)) && !kept.some((source) => has(source, domain)),
    );
    return items.length === 0 ? [] : [{ id, source: list.id, items }];
  });
}

function domainsBySource(upstream: readonly UpstreamEntry[]): Map<string, Set<string>> {
  const bySource = new Map<string, Set<string>>();
  for (const { source, domains, servers } of upstream) {
    if (servers.length === 0) continue;
    const known = bySource.get(source) ?? new Set<string>();
    bySource.set(source, known);
    for (const domain of domains) known.add(domain);
  }
  return bySource;
}
