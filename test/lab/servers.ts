/** Starts the servers of a scenario, each host on a loopback address of its own where possible. */
import { issueFor } from './certificate-choice.ts';
import type { Transcript } from './conversation.ts';
import { type Endpoint, ownLoopbackAddress, type Stoppable } from './loopback.ts';
import { type Place, parsePlace, type Scenario, type ServerDescription } from './scenario.ts';
import { startScriptedServer } from './scripted-server.ts';
import { startSmtpServer } from './smtp-server.ts';

export interface RunningServer extends Endpoint, Stoppable {
  readonly transcript: Transcript;
}

type Outcome = RunningServer | 'refused' | 'hang' | 'unresolvable';
type Described = Exclude<ServerDescription, string | { readonly sameAs: string }>;

/** @returns by place; `sameAs` leads to the server it names */
export async function startServers(
  scenario: Scenario,
  running: (starting: Promise<RunningServer>) => Promise<RunningServer>,
): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const addresses = new Map<string, string>();
  const servers = Object.entries(scenario.servers ?? {});
  for (const [key, server] of servers) {
    if (typeof server === 'string') outcomes.set(key, server);
    else if (!('sameAs' in server)) {
      const place = parsePlace(key);
      const address = addresses.get(place.host) ?? ownLoopbackAddress(addresses.size);
      addresses.set(place.host, address);
      outcomes.set(key, await running(startOne(place, server, address, scenario)));
    }
  }
  for (const [key, server] of servers) {
    if (typeof server === 'string' || !('sameAs' in server)) continue;
    const other = outcomes.get(server.sameAs);
    if (!other) throw new Error(`the scenario has no server at ${server.sameAs}`);
    outcomes.set(key, other);
  }
  return outcomes;
}

async function startOne(
  { host, port }: Place,
  server: Described,
  address: string,
  scenario: Scenario,
): Promise<RunningServer> {
  const choice = server.certificate ?? scenario.certificates?.[host];
  const tls = { ...(await issueFor(host, choice)), ...server.tls };
  const name = `${host}:${port}`;
  if ('script' in server) {
    const implicit = server.implicit ?? port === 465;
    return startScriptedServer({ script: server.script, implicit, tls, name, address });
  }
  const encryption = server.encryption ?? (port === 465 ? 'tls' : 'starttls');
  return startSmtpServer({ hostname: host, ...server, encryption, tls, name, address });
}
