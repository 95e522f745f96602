/** A documentation address for every host of a scenario (RFC 5737), one each. */
import { parsePlace, type Scenario } from './scenario.ts';
import type { ZoneTable } from './zone.ts';

const BLOCKS = ['192.0.2', '198.51.100', '203.0.113'];
const PER_BLOCK = 254;

/** Adds the addresses to the zone. A host whose zone entry has an address or alias keeps that. */
export function assignAddresses(zone: ZoneTable, scenario: Scenario): void {
  const taken = new Set([...zone.entries()].flatMap(([, { A = [] }]) => [A].flat()));
  const free = addresses();
  for (const host of hostsOf(scenario)) {
    const entry = zone.get(host);
    if (entry?.A ?? entry?.AAAA ?? entry?.CNAME) continue;
    const twin = twinOf(host, scenario);
    const A = (twin && zone.get(twin)?.A) ?? next(free, taken);
    zone.set(host, { ...entry, A });
  }
}

/** Those that stand for themselves first, so that their twins find them. */
function hostsOf({ web = {}, servers = {} }: Scenario): Set<string> {
  const places = Object.entries(servers);
  const own = places.filter(([, server]) => server !== 'unresolvable' && !isTwin(server));
  const twins = places.filter(([, server]) => isTwin(server));
  return new Set([
    ...[...own, ...twins].map(([place]) => parsePlace(place).host),
    ...Object.keys(web).map((url) => new URL(url).hostname),
  ]);
}

function isTwin(server: unknown): server is { sameAs: string } {
  return typeof server === 'object' && server !== null && 'sameAs' in server;
}

function twinOf(host: string, { servers = {} }: Scenario): string | undefined {
  for (const [place, server] of Object.entries(servers)) {
    if (isTwin(server) && parsePlace(place).host === host) return parsePlace(server.sameAs).host;
  }
  return undefined;
}

function* addresses(): Generator<string, never> {
  for (const block of BLOCKS) for (let i = 1; i <= PER_BLOCK; i++) yield `${block}.${i}`;
  throw new Error('the scenario has more hosts than there are documentation addresses');
}

function next(free: Generator<string, never>, taken: ReadonlySet<string>): string {
  for (;;) {
    const { value } = free.next();
    if (!taken.has(value)) return value;
  }
}
