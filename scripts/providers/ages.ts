/** How old the facts are, who vouches for the servers, and what is due to be looked at again. */
import type { Fact, ProviderFile } from './format.ts';
import { SOURCES } from './import/sources.ts';
import { LARGEST } from './largest.ts';
import { lastConfirmed, newestOf, type Seen } from './last-confirmed.mjs';

export type Probed = Readonly<Record<string, Seen>>;

/** Months after which a provider is due to be confirmed anew. */
export const DUE_AFTER = 18;

/** Months from one YYYY-MM to another. */
export function monthsBetween(from: string, to: string): number {
  const [yearA = 0, monthA = 0] = from.split('-').map(Number);
  const [yearB = 0, monthB = 0] = to.split('-').map(Number);
  return (yearB - yearA) * 12 + monthB - monthA;
}

export interface Group {
  name: string;
  providers: ProviderFile[];
}

/** By size: the largest, those that keep the mail of others' domains, the rest; then the other kinds. */
export function bySize(providers: readonly ProviderFile[]): Group[] {
  const groups: [string, (p: ProviderFile) => boolean][] = [
    ['the 50 largest', (p) => LARGEST.includes(p.id)],
    ['others with domains of customers', (p) => p.mx.some((m) => m.proves === 'mailbox')],
    ['others with mailboxes', (p) => p.kind === 'mailbox'],
    ['relays', (p) => p.kind === 'relay'],
    ['gateways and hosting', () => true],
  ];
  const left = new Set(providers);
  return groups.map(([name, belongs]) => {
    const members = [...left].filter(belongs);
    for (const member of members) left.delete(member);
    return { name, providers: members };
  });
}

export interface Spread {
  median: string;
  oldest: string;
  upTo1: number;
  upTo2: number;
  older: number;
}

/** Of some months, how many lie up to one year, up to two and further back; null of none. */
export function spread(months: readonly string[], now: string): Spread | null {
  const sorted = [...months].sort();
  const [oldest] = sorted;
  if (oldest === undefined) return null;
  const ages = sorted.map((month) => monthsBetween(month, now));
  return {
    median: sorted[sorted.length >> 1] ?? oldest,
    oldest,
    upTo1: ages.filter((age) => age <= 12).length,
    upTo2: ages.filter((age) => age > 12 && age <= 24).length,
    older: ages.filter((age) => age > 24).length,
  };
}

/** Who vouches best for one server, best first. */
export const WITNESSES = [
  'kept list, host and port',
  'kept list, host only',
  'a page',
  'another list',
  'experience',
] as const;
export type Witness = (typeof WITNESSES)[number];

/** The best witness of each server of a provider. */
export function witnesses({ servers, facts }: ProviderFile): Witness[] {
  return servers.map(({ host, port }) => {
    const names = ['servers', `${host}:${port}`];
    const stating = facts.filter(({ of }) => of.some((item) => names.includes(item)));
    const hostOnly = facts.some(
      (fact) =>
        isKept(fact) && fact.of.some((item) => item === host || item.startsWith(`${host}:`)),
    );
    if (stating.some(isKept)) return WITNESSES[0];
    if (hostOnly) return WITNESSES[1];
    if (stating.some(({ from }) => from?.startsWith('https:'))) return WITNESSES[2];
    if (stating.some(({ source }) => source !== 'own')) return WITNESSES[3];
    return WITNESSES[4];
  });
}

const KEPT: ReadonlySet<string> = new Set(SOURCES.flatMap(({ id, kept }) => (kept ? [id] : [])));

export function isKept({ source }: Fact): boolean {
  return KEPT.has(source);
}

export interface Due {
  id: string;
  /** What is old: `settings`, `notes`. */
  what: string;
  confirmed: string;
  months: number;
  largest: boolean;
}

/**
 * What nobody has confirmed for `DUE_AFTER` months, oldest first. Notes count for the largest
 * alone: for most others nobody but ourselves states them.
 */
export function due(providers: readonly ProviderFile[], probed: Probed, now: string): Due[] {
  return providers
    .flatMap((provider) => {
      const largest = LARGEST.includes(provider.id);
      const noted = provider.facts.filter(({ of }) => of.includes('notes'));
      const items: [string, string][] = [['settings', lastConfirmed(provider, probed)]];
      if (largest && noted.length > 0) {
        items.push(['notes', newestOf(noted.map(({ confirmed }) => confirmed))]);
      }
      return items.map(([what, confirmed]) => ({
        id: provider.id,
        what,
        confirmed,
        months: monthsBetween(confirmed, now),
        largest,
      }));
    })
    .filter(({ months }) => months > DUE_AFTER)
    .sort((a, b) => b.months - a.months || (a.id < b.id ? -1 : 1));
}
