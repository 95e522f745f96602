/** How long the program takes before and besides its work, next to Node itself. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { interleaved, median, ratio, table } from './statistics.ts';

const LAUNCHER = fileURLToPath(new URL('../bin/smtp-find.js', import.meta.url));

export async function startUp(rounds: number): Promise<string> {
  const times = await interleaved(
    {
      'node -e 0': () => run(['-e', '0']),
      'smtp-find --version': () => run([LAUNCHER, '--version']),
      'smtp-find --offline you@gmail.com': () => run([LAUNCHER, '--offline', 'you@gmail.com']),
    },
    rounds,
  );
  const base = median(times['node -e 0']);
  const rows = Object.entries(times).map(([name, values]) => [
    name,
    median(values).toFixed(0),
    ratio(median(values), base),
  ]);
  return table([['command', 'median ms', 'ratio to node -e 0'], ...rows]);
}

async function run(args: readonly string[]): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, args, { stdio: 'ignore', env: { PATH: process.env.PATH } });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}`);
  return performance.now() - started;
}
