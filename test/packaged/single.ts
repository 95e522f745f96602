/**
 * `npm run test:single`: the one file that `npm run build:single` makes, where there is no Node. Its
 * size and start-up are printed next to Node's own, which it holds.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { interleaved, median, ratio, table } from '../../bench/statistics.ts';
import { Results } from '../real/results.ts';
import { must } from '../real/shell.ts';
import { createShop, tryCommand } from './command.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const built = join(root, 'build', 'smtp-find');
const launcher = join(root, 'bin', 'smtp-find.js');

const results = new Results();
const scratch = mkdtempSync(join(tmpdir(), 'smtp-find-single-'));
const lab = await createShop();
try {
  results.heading('One file');
  // Apart from the clone, so that it can find nothing there.
  const command = join(scratch, 'smtp-find');
  copyFileSync(built, command);
  const nowhere = { command, path: scratch, cwd: scratch };
  results.add('works without Node in PATH', await tryCommand(nowhere, lab));
  console.log(`\n${await measured(command)}`);
} finally {
  await lab.stop();
  rmSync(scratch, { recursive: true });
}
results.conclude();

async function measured(command: string): Promise<string> {
  const node = process.execPath;
  const lookup = ['--offline', 'you@gmail.com'];
  const time = (program: string, args: readonly string[]) => async () => {
    const began = performance.now();
    await must(program, args);
    return performance.now() - began;
  };
  const times = await interleaved(
    {
      'node -e 0': time(node, ['-e', '0']),
      'with Node: smtp-find --offline you@gmail.com': time(node, [launcher, ...lookup]),
      'one file: smtp-find --offline you@gmail.com': time(command, lookup),
    },
    9,
  );
  const base = median(times['node -e 0']);
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  const file = readFileSync(command);
  return [
    `Size ${megabytes(file.length)}, ${megabytes(gzipSync(file).length)} as .gz; Node ${process.version} alone ${megabytes(statSync(node).size)}`,
    '',
    table([
      ['command', 'median ms', 'ratio to node -e 0'],
      ...Object.entries(times).map(([name, values]) => [
        name,
        median(values).toFixed(0),
        ratio(median(values), base),
      ]),
    ]),
  ].join('\n');
}
