/**
 * The unit and flow tests on every Node that package.json promises: the oldest, the long-term
 * releases and the newest. npm's `node` package has the binaries; each is fetched once and kept in
 * npm's cache of commands. Ends non-zero when any fails.
 *
 *     npm run test:nodes            # all
 *     npm run test:nodes -- 22 24   # these
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RELEASES = ['20', '22', '24', 'latest'];
const FETCH_MS = 2 * 60_000;
const TESTS_MS = 6 * 60_000;

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const asked = process.argv.slice(2);

/** @returns what it printed, when that is captured */
async function run(command, args, { limitMs, capture = false, env = process.env }) {
  const child = spawn(command, args, {
    cwd: root,
    env,
    stdio: ['ignore', capture ? 'pipe' : 'inherit', 'inherit'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const [code, signal] = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (...end) => resolve(end));
  });
  if (code === 0) return output.trim();
  const end = signal === 'SIGKILL' ? `not done within ${limitMs / 1000} s` : `exit code ${code}`;
  throw new Error(`${[command, ...args].join(' ')}: ${end}`);
}

/** Where the release's binary is, fetched when it isn't there yet. */
function fetchNode(release) {
  const show = 'process.execPath';
  const args = ['exec', '--yes', `--package=node@${release}`, '--', 'node', '-p', show];
  return run('npm', args, { limitMs: FETCH_MS, capture: true });
}

async function testOn(release) {
  const node = await fetchNode(release);
  const version = await run(node, ['--version'], { limitMs: 10_000, capture: true });
  console.log(`\n== Node ${version} (node@${release})`);
  // What the tests start by the name `node` is this one, too.
  const PATH = `${dirname(node)}:${process.env.PATH}`;
  await run(node, [vitest, 'run'], { limitMs: TESTS_MS, env: { ...process.env, PATH } });
  return version;
}

const results = [];
for (const release of asked.length > 0 ? asked : RELEASES) {
  const began = performance.now();
  const outcome = await testOn(release).then(
    (version) => ({ ok: true, text: `passed on ${version}` }),
    (error) => ({ ok: false, text: `FAILED: ${error.message}` }),
  );
  const seconds = Math.round((performance.now() - began) / 1000);
  results.push({ ...outcome, text: `node@${release}: ${outcome.text} (${seconds} s)` });
}
console.log(`\n${results.map(({ text }) => text).join('\n')}`);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
