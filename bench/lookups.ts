/** Time to a verified answer over a network with round trips, through the library and as a process. */
import { fork } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { createSession } from '../src/index.ts';
import type { Lab } from '../test/lab/lab.ts';
import { runCli } from '../test/lab/run-cli.ts';
import { type Path, paths, ROUND_TRIP_MS } from './scenario.ts';
import { interleaved, median, ratio, table } from './statistics.ts';

type Access = Pick<Lab, 'args' | 'options'>;

export async function lookups(rounds: number): Promise<string> {
  const child = fork(fileURLToPath(new URL('./lab-process.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
  });
  try {
    const [access] = (await once(child, 'message')) as [Access];
    return await measure(access, rounds);
  } finally {
    child.disconnect();
    await once(child, 'exit');
  }
}

async function measure(access: Access, rounds: number): Promise<string> {
  const rows = [['path', 'trips', 'sum ms', 'by hand', 'library', 'process', 'shortest path']];
  for (const [name, path] of Object.entries(paths)) {
    const contestants: Record<string, () => Promise<number>> = {
      library: () => throughLibrary(access, path),
      process: () => asProcess(access, path),
      ...(name === 'database' ? { hand: () => byHand(access) } : {}),
    };
    const times = await interleaved(contestants, rounds);
    const sum = path.roundTrips * ROUND_TRIP_MS;
    const cell = (values: readonly number[] = []): string =>
      values.length > 0 ? `${ratio(median(values), sum)} ${ratio(Math.max(...values), sum)}` : '';
    rows.push([
      name,
      String(path.roundTrips),
      String(sum),
      cell(times.hand),
      cell(times.library),
      cell(times.process),
      path.because,
    ]);
  }
  return table(rows);
}

/** A new session each time: nothing is remembered from the run before. */
async function throughLibrary({ options }: Access, { query }: Path): Promise<number> {
  const started = performance.now();
  const session = await createSession({ ...options, env: {} });
  try {
    const report = await session.find(query);
    const ms = performance.now() - started;
    if (report.status !== 'verified') throw new Error(`${query}: ${JSON.stringify(report)}`);
    return ms;
  } finally {
    await session.close();
  }
}

async function asProcess(lab: Access, { query }: Path): Promise<number> {
  const result = await runCli([query, '--json'], { lab });
  if (result.code !== 0) throw new Error(`${query}: exit ${result.code}\n${result.stderr}`);
  return result.durationMs;
}

/** The first path with nothing but Node's own calls: what the lab and the machine cost by themselves. */
async function byHand({ options }: Access): Promise<number> {
  const ca = await readFile(options.cacert[0] ?? '');
  const rule = options.connectTo.find((text) => text.startsWith('smtp.gmail.com:465:')) ?? '';
  const [, , name = '', port = ''] = rule.split(':');
  const resolver = new Resolver();
  resolver.setServers(options.resolver);

  const started = performance.now();
  const [host] = await resolver.resolve4(name);
  if (!host) throw new Error(`${name} has no address`);
  const socket = connect({ host, port: Number(port), servername: 'smtp.gmail.com', ca });
  await once(socket, 'data');
  socket.write('EHLO client.example\r\n');
  await once(socket, 'data');
  const ms = performance.now() - started;
  socket.end('QUIT\r\n');
  return ms;
}
