/**
 * What each list said at the last import, as digests of eight digits, joined: what the lists say is
 * theirs and not ours to pass on. Enough to notice that a list has dropped something, and that a
 * file credits a list with what it never said.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { sortNames } from '../format.ts';
import type { UpstreamEntry } from './entry.ts';

/** Domains with settings; servers as `host:port/encryption`. */
const KINDS = ['domains', 'servers'] as const;
export type Kind = (typeof KINDS)[number];

export type Seen = Readonly<Record<string, Readonly<Record<Kind, string>>>>;

const DIGITS = 8;

export function readSeen(): Seen {
  return JSON.parse(readFileSync(new URL('./seen.json', import.meta.url), 'utf8')) as Seen;
}

export function seenIn(upstream: readonly UpstreamEntry[]): Seen {
  const sources = new Set(upstream.flatMap((e) => (e.servers.length > 0 ? [e.source] : [])));
  return Object.fromEntries(
    [...sources].map((source) => {
      const entries = upstream.filter((e) => e.source === source && e.servers.length > 0);
      const domains = entries.flatMap((e) => e.domains);
      const servers = entries.flatMap((e) =>
        e.servers.map(({ host, port, encryption }) => `${host}:${port}/${encryption}`),
      );
      return [source, { domains: digests(domains), servers: digests(servers) }];
    }),
  );
}

/** Looks texts up; true for a source that was never read. */
export function hasSeen(seen: Seen): (source: string, kind: Kind, text: string) => boolean {
  const read = new Map<string, Set<string>>();
  return (source, kind, text) => {
    const joined = seen[source]?.[kind];
    if (joined === undefined) return true;
    const key = `${source} ${kind}`;
    const known = read.get(key) ?? new Set(joined.match(new RegExp(`.{${DIGITS}}`, 'g')));
    read.set(key, known);
    return known.has(digest(text));
  };
}

function digests(texts: readonly string[]): string {
  return sortNames(texts.map(digest)).join('');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, DIGITS);
}
