import type { ProviderFile } from '../format.ts';
import { type LeftOut, reasonOf } from '../left-out.ts';
import type { UpstreamEntry } from './entry.ts';
import { mxOwners } from './facts.ts';
import { foldHosts } from './fold.ts';
import { SOURCES } from './sources.ts';

export interface Addition {
  domain: string;
  /** The best trusted entry that gives it. */
  entry: UpstreamEntry;
  /** The provider of ours with the same server, if any. */
  provider: ProviderFile | null;
}

/** Sources that disagree on the service of some domains, and where we stand. */
export interface Conflict {
  domains: string[];
  ours: string[];
  sides: { hosts: string[]; sources: string[] }[];
}

export interface SourceCoverage {
  id: string;
  date: string;
  domains: number;
  covered: number;
  leftOut: Record<string, number>;
}

export interface Comparison {
  additions: Addition[];
  conflicts: Conflict[];
  /** MX patterns of the sources that none of ours matches. */
  unmatchedMx: { pattern: string; source: string; name: string }[];
  coverage: SourceCoverage[];
}

/** Ours against theirs: a pure function, so that the same folder gives the same answer. */
export function compare(
  ours: readonly ProviderFile[],
  upstream: readonly UpstreamEntry[],
  leftOut: LeftOut,
): Comparison {
  const owners = new Map(ours.flatMap((p) => p.domains.map((domain) => [domain, p] as const)));
  const given = byDomain(upstream);
  return {
    additions: findAdditions(ours, owners, given, leftOut),
    conflicts: findConflicts(owners, given),
    unmatchedMx: findUnmatchedMx(ours, upstream),
    coverage: findCoverage(owners, upstream, leftOut),
  };
}

/** Domains with their entries that have settings, best trusted first. */
function byDomain(upstream: readonly UpstreamEntry[]): Map<string, UpstreamEntry[]> {
  const given = new Map<string, UpstreamEntry[]>();
  for (const entry of upstream.filter((e) => e.servers.length > 0)) {
    for (const domain of entry.domains) given.set(domain, [...(given.get(domain) ?? []), entry]);
  }
  return given;
}

function findAdditions(
  ours: readonly ProviderFile[],
  owners: ReadonlyMap<string, ProviderFile>,
  given: ReadonlyMap<string, UpstreamEntry[]>,
  leftOut: LeftOut,
): Addition[] {
  const additions: Addition[] = [];
  for (const [domain, [entry]] of given) {
    if (entry === undefined || owners.has(domain) || reasonOf(leftOut, domain)) continue;
    const hosts = foldHosts(entry.servers, domain);
    const provider = ours.find((p) =>
      foldHosts(p.servers, domain).some((host) => hosts.includes(host)),
    );
    additions.push({ domain, entry, provider: provider ?? null });
  }
  return additions.sort((a, b) => (a.domain < b.domain ? -1 : 1));
}

function findConflicts(
  owners: ReadonlyMap<string, ProviderFile>,
  given: ReadonlyMap<string, UpstreamEntry[]>,
): Conflict[] {
  const conflicts = new Map<string, Conflict>();
  for (const [domain, entries] of given) {
    const owner = owners.get(domain);
    if (!owner) continue;
    const ours = foldHosts(owner.servers, domain);
    const sides = new Map<string, Set<string>>();
    for (const entry of entries) {
      const hosts = foldHosts(entry.servers, domain).join(' ');
      sides.set(hosts, (sides.get(hosts) ?? new Set()).add(entry.source));
    }
    const foreign = [...sides.keys()].filter((s) => !s.split(' ').some((h) => ours.includes(h)));
    if (foreign.length === 0) continue;
    // The same quarrel over many domains of one provider is told once.
    const own = domain.slice(0, domain.indexOf('.') + 1);
    const key = `${owner.id} ${[...sides].map(([hosts, by]) => [hosts.replace(own, ''), ...by])}`;
    const known = conflicts.get(key);
    if (known) known.domains.push(domain);
    else conflicts.set(key, { domains: [domain], ours, sides: namedSides(sides) });
  }
  return [...conflicts.values()].sort((a, b) =>
    (a.domains[0] ?? '') < (b.domains[0] ?? '') ? -1 : 1,
  );
}

function namedSides(sides: ReadonlyMap<string, Set<string>>): Conflict['sides'] {
  return [...sides].map(([hosts, sources]) => ({
    hosts: hosts.split(' '),
    sources: [...sources],
  }));
}

function findUnmatchedMx(
  ours: readonly ProviderFile[],
  upstream: readonly UpstreamEntry[],
): Comparison['unmatchedMx'] {
  const ownerOfMx = mxOwners(ours);
  const unmatched = new Map<string, Comparison['unmatchedMx'][number]>();
  for (const entry of upstream) {
    for (const pattern of entry.mx) {
      if (ownerOfMx(pattern) !== null) continue;
      unmatched.set(pattern, { pattern, source: entry.source, name: entry.name });
    }
  }
  return [...unmatched.values()].sort((a, b) => (a.pattern < b.pattern ? -1 : 1));
}

function findCoverage(
  owners: ReadonlyMap<string, ProviderFile>,
  upstream: readonly UpstreamEntry[],
  leftOut: LeftOut,
): SourceCoverage[] {
  return SOURCES.flatMap(({ id, date }) => {
    const entries = upstream.filter((e) => e.source === id && e.servers.length > 0);
    const domains = new Set(entries.flatMap((e) => e.domains));
    if (domains.size === 0) return [];
    const coverage: SourceCoverage = { id, date, domains: domains.size, covered: 0, leftOut: {} };
    for (const domain of domains) {
      const reason = owners.has(domain) ? null : (reasonOf(leftOut, domain) ?? 'to-do');
      if (reason === null) coverage.covered++;
      else coverage.leftOut[reason] = (coverage.leftOut[reason] ?? 0) + 1;
    }
    const sorted = Object.entries(coverage.leftOut).sort(([a], [b]) => (a < b ? -1 : 1));
    return [{ ...coverage, leftOut: Object.fromEntries(sorted) }];
  });
}
