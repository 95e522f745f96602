/** Which `--connect-to` leads where: from the places of a scenario to loopback, or nowhere. */
import { CLOSED_PORT, type Endpoint, type Stoppable } from './loopback.ts';
import { startRelay } from './relay.ts';
import { parsePlace, type Scenario } from './scenario.ts';
import type { RunningServer } from './servers.ts';
import type { WebServer } from './web-server.ts';
import type { ZoneTable } from './zone.ts';

export interface Started {
  readonly zone: ZoneTable;
  readonly web: WebServer;
  readonly servers: ReadonlyMap<string, RunningServer | 'refused' | 'hang' | 'unresolvable'>;
  readonly silent: Endpoint;
  /** Whatever is started here is handed to it, to be stopped in the end. */
  running<T extends Stoppable>(starting: Promise<T>): Promise<T>;
}

const CLOSED: Endpoint = { address: '127.0.0.1', port: CLOSED_PORT };
/** A name that does not exist, whatever the zone says. */
const NOWHERE = 'nowhere.invalid:1';

/** The rules in the order in which they count: the first that matches wins, as in curl. */
export async function connectToRules(scenario: Scenario, started: Started): Promise<string[]> {
  const { roundTripMs = 0 } = scenario;
  const { zone, web, servers, silent } = started;
  const unmapped = scenario.unmapped ?? (hasWildcardAddress(zone) ? 'refused' : 'no-such-host');
  const rules = new Map<string, string>();
  const distant = new Map<Endpoint, Promise<Endpoint>>();

  function away(endpoint: Endpoint): Promise<Endpoint> {
    if (roundTripMs === 0) return Promise.resolve(endpoint);
    const relay =
      distant.get(endpoint) ?? started.running(startRelay(endpoint, roundTripMs, endpoint.address));
    distant.set(endpoint, relay);
    return relay;
  }

  function target(host: string, { address, port }: Endpoint): string {
    if (roundTripMs === 0) return `${address}:${port}`;
    // A literal address would spare the client the round trip that looking up a name costs.
    const name = `${host}.at-${address.replaceAll('.', '-')}.lab.invalid`;
    zone.set(name, { A: address });
    return `${name}:${port}`;
  }

  for (const url of Object.keys(scenario.web ?? {})) {
    const { protocol, hostname, port } = new URL(url);
    const plain = protocol === 'http:';
    const endpoint = await away(plain ? web.http : web.https);
    rules.set(`${hostname}:${port || (plain ? 80 : 443)}`, target(hostname, endpoint));
  }
  for (const [key, server] of servers) {
    const { host, port } = parsePlace(key);
    const place = `${host}:${port}`;
    if (server === 'unresolvable') rules.set(place, NOWHERE);
    else if (server === 'refused') rules.set(place, target(host, CLOSED));
    else if (server === 'hang') rules.set(place, target(host, silent));
    else rules.set(place, target(host, await away(server)));
  }
  for (const name of namesWithoutAddress(zone)) rules.set(`${name}:`, NOWHERE);

  if (unmapped === 'no-such-host') {
    // A host that exists has nothing to offer on its other ports.
    for (const [name, { A, AAAA }] of [...zone.entries()]) {
      if (A ?? AAAA) rules.set(`${name}:`, target(name, CLOSED));
    }
    rules.set(':', NOWHERE);
  } else {
    const { address, port } = unmapped === 'hang' ? silent : CLOSED;
    rules.set(':', `${address}:${port}`);
  }
  return [...rules].map(([from, to]) => `${from}:${to}`);
}

/** Hosts that records speak of and that do not exist: connecting to them must say just that. */
function namesWithoutAddress(zone: ZoneTable): Set<string> {
  const names = new Set<string>();
  for (const [, { SRV = [], MX = [] }] of zone.entries()) {
    for (const record of [SRV, MX].flat()) {
      const host = record.trim().split(/\s+/).at(-1) ?? '.';
      const answers = ['A', 'AAAA'].flatMap((type) => zone.lookup(host, type).answers);
      const exists = answers.some(({ type }) => type === 'A' || type === 'AAAA');
      if (!exists && host !== '.') names.add(host.toLowerCase().replace(/\.$/, ''));
    }
  }
  return names;
}

/** Then names exist that no rule can spell out, and nothing listens there. */
function hasWildcardAddress(zone: ZoneTable): boolean {
  return [...zone.entries()].some(([name, { A, AAAA }]) => name.startsWith('*.') && (A ?? AAAA));
}
