/**
 * An internet on loopback, from a scenario of some ten lines: see README.md.
 *
 * Every host has a documentation address (192.0.2.0/24 and its like) in the lab's DNS, so that the
 * address policy lets it through, and `--connect-to` leads each place to the loopback port where it
 * really is. The last `--connect-to` catches all the rest, so that nothing leaves the machine.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assignAddresses } from './addresses.ts';
import { issueFor, labAuthorityPem } from './certificate-choice.ts';
import type { Conversation } from './conversation.ts';
import { type DnsQuestion, type DnsServer, startDnsServer } from './dns-server.ts';
import { type Stoppable, startSilentServer } from './loopback.ts';
import { connectToRules } from './redirects.ts';
import type { Scenario } from './scenario.ts';
import { type RunningServer, startServers } from './servers.ts';
import { type HttpRequest, startWebServer, type WebServer } from './web-server.ts';
import { ZoneTable } from './zone.ts';

export interface Lab {
  /** What steers the CLI into the lab. */
  readonly args: readonly string[];
  /** The same for the library. */
  readonly options: LabOptions;
  /** All that was asked of the lab so far. */
  readonly requests: {
    readonly dns: readonly DnsQuestion[];
    readonly http: readonly HttpRequest[];
    readonly smtp: readonly Conversation[];
  };
  readonly dns: DnsServer;
  readonly web: WebServer;
  /** The conversations with one server, by `host:port`. */
  conversations(place: string): readonly Conversation[];
  /** The most connections that one server had open at a time. */
  mostAtOnce(place: string): number;
  /** Everything that clients sent, as one text: to prove that something is not in it. */
  received(): string;
  /** Starts all records anew. */
  forget(): void;
  stop(): Promise<void>;
}

export interface LabOptions {
  readonly resolver: string[];
  readonly connectTo: string[];
  readonly cacert: string[];
}

export async function createLab(scenario: Scenario): Promise<Lab> {
  const started: Stoppable[] = [];
  const running = async <T extends Stoppable>(starting: Promise<T>): Promise<T> => {
    const server = await starting;
    started.push(server);
    return server;
  };
  try {
    return await start(scenario, started, running);
  } catch (error) {
    await Promise.all(started.map((server) => server.stop()));
    throw error;
  }
}

async function start(
  scenario: Scenario,
  started: readonly Stoppable[],
  running: <T extends Stoppable>(starting: Promise<T>) => Promise<T>,
): Promise<Lab> {
  const { roundTripMs = 0 } = scenario;
  const zone = new ZoneTable(scenario.zone ?? {});
  assignAddresses(zone, scenario);
  const dns = await running(
    startDnsServer({ zone, roundTripMs, ...(scenario.dns && { behaviours: scenario.dns }) }),
  );
  const web = await running(
    startWebServer({
      documents: scenario.web ?? {},
      certificateFor: (host) => issueFor(host, scenario.certificates?.[host]),
    }),
  );
  const servers = await startServers(scenario, running);
  const silent = await running(startSilentServer());
  const connectTo = await connectToRules(scenario, { zone, web, servers, silent, running });

  const directory = await mkdtemp(join(tmpdir(), 'smtp-find-lab-'));
  const caFile = join(directory, 'ca.pem');
  await writeFile(caFile, await labAuthorityPem());

  const options: LabOptions = {
    resolver: [`127.0.0.1:${dns.port}`],
    connectTo,
    cacert: [caFile],
  };
  const speaking = new Map<string, RunningServer>();
  for (const [place, server] of servers) {
    if (typeof server === 'object') speaking.set(place, server);
  }
  const transcripts = (): RunningServer[] => [...new Set(speaking.values())];
  const smtp = (): Conversation[] =>
    transcripts().flatMap(({ transcript }) => transcript.conversations);

  return {
    args: [
      ...options.resolver.flatMap((resolver) => ['--resolver', resolver]),
      ...options.cacert.flatMap((file) => ['--cacert', file]),
      ...options.connectTo.flatMap((rule) => ['--connect-to', rule]),
    ],
    options,
    requests: {
      dns: dns.questions,
      http: web.requests,
      get smtp() {
        return smtp();
      },
    },
    dns,
    web,
    conversations: (place) => speaking.get(place)?.transcript.conversations ?? [],
    mostAtOnce: (place) => speaking.get(place)?.transcript.mostAtOnce ?? 0,
    received: () =>
      [
        ...dns.questions.map(({ name, type }) => `${type} ${name}`),
        ...web.requests.map((request) => JSON.stringify(request)),
        ...smtp().flatMap(({ lines }) =>
          lines.filter(({ by }) => by === 'client').map(({ text }) => text),
        ),
      ].join('\n'),
    forget() {
      dns.forget();
      web.forget();
      for (const { transcript } of transcripts()) transcript.forget();
    },
    async stop() {
      await Promise.all(started.map((server) => server.stop()));
      await rm(directory, { recursive: true, force: true });
    },
  };
}
