/** How long it takes next to swaks, which has the same conversation: TLS, EHLO, QUIT. */
import { readFile } from 'node:fs/promises';
import { interleaved, median, ratio, table } from '../../bench/statistics.ts';
import { createInternet } from '../../src/net/internet.ts';
import type { Network } from '../../src/net/network.ts';
import { probe } from '../../src/probe/probe.ts';
import { CLEAN } from './network.ts';
import type { Machines } from './program.ts';
import type { Results } from './results.ts';
import { must } from './shell.ts';
import type { World } from './world.ts';
import { matrixDomain, matrixHost, type Port, ports } from './zone.ts';

const ROUNDS = 9;
const HOST = matrixHost('postfix', 'good');

export async function compareWithSwaks(
  machines: Machines,
  world: World,
  results: Results,
): Promise<void> {
  results.heading(`Time to have seen AUTH of a Postfix nearby (median of ${ROUNDS}, in turn)`);
  const cacert = await readFile(world.cacert, 'utf8');
  const rows = [['', 'swaks ms', 'probe', 'first probe', 'whole command']];
  const warm = newNetwork(cacert);
  for (const port of ports) {
    const times = await interleaved(
      {
        swaks: () => timed(() => swaks(world.root, port)),
        probe: () => timed(() => ourProbe(warm, port)),
        first: () => timed(() => firstProbe(cacert, port)),
        command: () => timed(() => command(machines, world.cacert, port)),
      },
      ROUNDS,
    );
    const base = median(times.swaks);
    const ratios = [times.probe, times.first, times.command].map((all) => ratio(median(all), base));
    rows.push([port === 465 ? '465 TLS' : '587 STARTTLS', base.toFixed(0), ...ratios]);
  }
  await warm.close();
  console.log(table(rows).replace(/^/gm, '  '));
  console.log(`  The first probe of a session reads the trusted certificates. The whole command starts, finds
  the server by its domain, and then probes; swaks is told where to connect to.`);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function swaks(root: string, port: Port): Promise<void> {
  await must(
    'chroot',
    [
      ...[root, 'swaks', '--server', HOST, '--port', String(port), '--quit-after', 'EHLO'],
      ...[port === 465 ? '--tls-on-connect' : '--tls', '--tls-verify'],
      ...['--tls-ca-path', '/etc/certs/trusted/ca.crt', '--helo', '[192.0.2.1]'],
    ],
    { env: CLEAN },
  );
}

/** The way it is without a session: nothing is known, no certificate is read. */
async function firstProbe(cacert: string, port: Port): Promise<void> {
  const network = newNetwork(cacert);
  await ourProbe(network, port);
  await network.close();
}

function newNetwork(cacert: string): Network {
  return createInternet({
    userAgent: 'smtp-find/bench',
    servers: [{ address: '192.0.2.53', port: 53, trusted: false }],
    cacerts: [cacert],
  });
}

async function ourProbe(network: Network, port: Port): Promise<void> {
  const endpoint = { host: HOST, port, encryption: port === 465 ? 'tls' : 'starttls' } as const;
  const signal = AbortSignal.timeout(10_000);
  const { outcome, reason } = await probe(endpoint, network, { signal });
  if (outcome !== 'ok') throw new Error(`${HOST}:${port}: ${reason}`);
}

async function command(machines: Machines, cacert: string, port: Port): Promise<void> {
  const query = `you@${matrixDomain('postfix', 'good', port)}`;
  const { code, stderr } = await machines.smtpFind([query, '--json', '--cacert', cacert]);
  if (code !== 0) throw new Error(`smtp-find ${query}: exit ${code} ${stderr}`);
}
