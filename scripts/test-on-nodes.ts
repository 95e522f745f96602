/**
 * The unit and flow tests on every Node that package.json promises. Ends non-zero when any fails.
 *
 *     npm run test:nodes            # all
 *     npm run test:nodes -- 22 24   # these
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchNode, nodeReleases } from './nodes.ts';

const TESTS_MS = 6 * 60_000;

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const asked = process.argv.slice(2);

/** @returns the version that passed */
async function testOn(release: string): Promise<string> {
  const { path, version } = await fetchNode(release);
  console.log(`\n== Node ${version} (node@${release})`);
  const child = spawn(path, [vitest, 'run'], {
    cwd: root,
    // What the tests start by the name `node` is this one, too.
    env: { ...process.env, PATH: [dirname(path), process.env.PATH].join(delimiter) },
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: TESTS_MS,
    killSignal: 'SIGKILL',
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (code === 0) return version;
  const over = signal === 'SIGKILL';
  throw new Error(over ? `not done within ${TESTS_MS / 1000} s` : `exit code ${code}`);
}

const results: { readonly ok: boolean; readonly text: string }[] = [];
for (const release of asked.length > 0 ? asked : nodeReleases) {
  const began = performance.now();
  const outcome = await testOn(release).then(
    (version) => ({ ok: true, text: `passed on ${version}` }),
    (error: unknown) => ({ ok: false, text: `FAILED: ${String(error)}` }),
  );
  const seconds = Math.round((performance.now() - began) / 1000);
  results.push({ ...outcome, text: `node@${release}: ${outcome.text} (${seconds} s)` });
}
console.log(`\n${results.map(({ text }) => text).join('\n')}`);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
