/** How old the facts are, who vouches for the servers, and what is due to be looked at again. */
import type { Fact, ProviderFile } from './format.ts';
import { SOURCES } from './import/sources.ts';
import { LARGEST } from './largest.ts';
import { lastConfirmed, newestOf, type Probed } from './last-confirmed.mjs';

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
  'public configurations',
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
    if (stating.some(({ from }) => from === 'public configurations')) return WITNESSES[4];
    return WITNESSES[5];
  });
}

const KEPT: ReadonlySet<string> = new Set(SOURCES.flatMap(({ id, kept }) => (kept ? [id] : [])));

export function isKept({ source }: Fact): boolean {
  return KEPT.has(source);
}

export interface Due {
  id: string;
  /** What is old: `settings`, or an item of `of`. */
  what: string;
  confirmed: string;
  months: number;
  /** It must not be so. */
  failing: boolean;
}

/** What of the largest is looked at beside their settings, and whether its age is a failure. */
const LOOKED_AT = { notes: true, mx: false, oauth: false, documentation: false } as const;

/** What nobody has confirmed for `DUE_AFTER` months, oldest first. */
export function due(providers: readonly ProviderFile[], probed: Probed, now: string): Due[] {
  return providers
    .flatMap((provider) => {
      const largest = LARGEST.includes(provider.id);
      const settings = {
        what: 'settings',
        confirmed: lastConfirmed(provider, probed),
        failing: largest,
      };
      const others = Object.entries(LOOKED_AT).flatMap(([what, failing]) => {
        const stating = provider.facts.filter(({ of }) => of.includes(what));
        const confirmed = newestOf(stating.map((fact) => fact.confirmed));
        return largest && confirmed !== '' ? [{ what, confirmed, failing }] : [];
      });
      return [settings, ...others].map((item) => ({
        id: provider.id,
        ...item,
        months: monthsBetween(item.confirmed, now),
      }));
    })
    .filter(({ months }) => months > DUE_AFTER)
    .sort((a, b) => b.months - a.months || (a.id < b.id ? -1 : 1));
}

/** Providers that were to close by now: to be retired, or corrected. */
export function closed(providers: readonly ProviderFile[], today: string): ProviderFile[] {
  return providers.filter(({ notes }) =>
    notes.some(
      ({ code, date = '9999' }) => code === 'closing' && date < today.slice(0, date.length),
    ),
  );
}
