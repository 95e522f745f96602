/** Which lists state what of our files: their part of `facts`, made anew at every import. */
import { fillDomain } from '../../../src/model/username.ts';
import { matchFiled } from '../../../src/providers/mx-patterns.ts';
import { filePatterns } from '../file-patterns.mjs';
import { type Fact, type ProviderFile, sortNames } from '../format.ts';
import type { UpstreamEntry } from './entry.ts';
import { foldHost } from './fold.ts';
import { SOURCES } from './sources.ts';

/** Lists whose many dead entries make them no witness. */
const HINTS: ReadonlySet<string> = new Set(['free-email-domains']);

/** What a list states of a file, with the newest month in which it did. */
type Stated = Map<string, string>;

/**
 * The file with the facts of the lists renewed. What we know ourselves stays as it is, and so does
 * a date that the list's own history does not tell anew.
 */
export function citeLists(
  provider: ProviderFile,
  upstream: readonly UpstreamEntry[],
  ownerOfMx: (pattern: string) => string | null,
): ProviderFile {
  const bySource = new Map<string, Stated>();
  for (const entry of upstream) {
    if (HINTS.has(entry.source)) continue;
    const items = statedBy(entry, provider, ownerOfMx);
    if (items.length === 0) continue;
    const stated = bySource.get(entry.source) ?? new Map<string, string>();
    bySource.set(entry.source, stated);
    for (const item of items) {
      const month = monthOf(entry, item, provider);
      if (month > (stated.get(item) ?? '')) stated.set(item, month);
    }
  }
  const own = provider.facts.filter(({ source }) => source === 'own');
  const cited = [...withoutCopies(bySource)].flatMap(([source, stated]) =>
    factsOf(source, stated, provider),
  );
  return { ...provider, facts: [...own, ...cited] };
}

/** Who copies a list confirms nothing: of each family the first in order of trust is the witness. */
function withoutCopies(bySource: ReadonlyMap<string, Stated>): Map<string, Stated> {
  const witnessed = new Map<string, Set<string>>();
  const left = new Map<string, Stated>();
  for (const { id, family } of SOURCES) {
    const items = [...(bySource.get(id) ?? [])];
    const said = witnessed.get(family) ?? new Set<string>();
    const fresh = items.filter(([item]) => !said.has(item));
    if (fresh.length > 0) left.set(id, new Map(fresh));
    witnessed.set(family, new Set([...said, ...items.map(([item]) => item)]));
  }
  return left;
}

/** Whose pattern covers a source's pattern, among all our files. */
export function mxOwners(ours: readonly ProviderFile[]): (pattern: string) => string | null {
  const filed = filePatterns(
    ours.flatMap((p) => p.mx.map(({ pattern }) => ({ pattern, mark: p.id }))),
  );
  return (pattern) => {
    // A suffix in a source's sense is tried as a host name of its own, and with a label before.
    const sample = pattern.replace(/\([^)]*\)\??|\[[^\]]*\]/g, '1').replaceAll('*', 'x1');
    return (matchFiled(filed, sample) ?? matchFiled(filed, `x1.${sample}`))?.mark ?? null;
  };
}

/** The items of `of`, each as if it stood alone. */
export function statedBy(
  entry: UpstreamEntry,
  provider: ProviderFile,
  ownerOfMx: (pattern: string) => string | null,
): string[] {
  const shared = entry.domains.filter((domain) => provider.domains.includes(domain));
  const items: string[] = [];
  if (entry.mx.some((pattern) => ownerOfMx(pattern) === provider.id)) items.push('mx');
  const servers = sharedServers(entry, provider, shared);
  const isAbout =
    entry.servers.length === 0
      ? shared.length > 0
      : servers.length > 0 &&
        (shared.length > 0 || provider.domains.length * entry.domains.length === 0);
  if (!isAbout) return items;
  if (shared.length > 0) items.push('domains');
  items.push(...servers);
  if (entry.notes.some((code) => provider.notes.some((note) => note.code === code))) {
    items.push('notes');
  }
  if (entry.documentation !== null && entry.documentation === provider.documentation) {
    items.push('documentation');
  }
  return items;
}

/** `host:port` of what both name alike; the host alone where only that, or the service, is the same. */
function sharedServers(
  entry: UpstreamEntry,
  { servers }: ProviderFile,
  shared: readonly string[],
): string[] {
  const domain = shared[0] ?? '';
  const fill = (host: string) => fillDomain(host, domain);
  const items = servers.flatMap(({ host, port, encryption }) => {
    const service = foldHost(host, domain);
    const same = entry.servers.filter((theirs) => foldHost(theirs.host, domain) === service);
    if (same.length === 0) return [];
    const alike = same.some(
      (s) => fill(s.host) === fill(host) && s.port === port && s.encryption === encryption,
    );
    return [alike ? `${host}:${port}` : host];
  });
  // One of a host's ports is more than its name.
  return items.filter((item) => item.includes(':') || !items.some((i) => i.startsWith(`${item}:`)));
}

function monthOf(entry: UpstreamEntry, item: string, { facts }: ProviderFile): string {
  if (entry.dated) return entry.confirmed;
  const recorded = facts.find(
    ({ source, of }) => source === entry.source && (of.includes(item) || of.includes('servers')),
  );
  return recorded?.confirmed ?? entry.confirmed;
}

/** One fact for each month; all servers together are called so. */
function factsOf(source: string, stated: Stated, { servers }: ProviderFile): Fact[] {
  const endpoints = servers.map(({ host, port }) => `${host}:${port}`);
  const byMonth = new Map<string, string[]>();
  for (const [item, month] of stated) byMonth.set(month, [...(byMonth.get(month) ?? []), item]);
  return [...byMonth].map(([confirmed, items]) => {
    const all = endpoints.length > 0 && endpoints.every((endpoint) => items.includes(endpoint));
    const of = all ? ['servers', ...items.filter((item) => !endpoints.includes(item))] : items;
    return { source, of: sortNames(of), confirmed };
  });
}
