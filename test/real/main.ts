/**
 * `npm run test:real`: the program against Debian's own servers, in network namespaces where the
 * ports are the real ones. Needs root on Linux with apt; elsewhere it says so and skips, which in
 * CI counts as a failure. `npm run test:real -- WORDS…` runs only the cases whose heading or name has
 * one of the arguments, and shows their reports.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unpackedRoots } from './packages.ts';
import { copyProgram } from './program.ts';
import { attempt } from './shell.ts';

const NAMESPACES = ['--net', '--mount', '--uts', '--ipc', '--pid', '--fork', '--mount-proc'];
const TOOLS = ['apt-get', 'dpkg-deb', 'tar', 'unshare', 'nsenter', 'mount', 'chroot', 'realpath'];
const AT_MOST_MS = 9 * 60_000;

const reason = await whyNot();
process.exitCode = reason === null ? await run().catch(brokeOff) : skip(reason);

async function whyNot(): Promise<string | null> {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  for (const tool of TOOLS) {
    const { code } = await attempt('sh', ['-c', `command -v ${tool}`]);
    if (code !== 0) return `there is no ${tool} here`;
  }
  const { code, stderr } = await attempt('unshare', [...NAMESPACES, 'true']);
  return code === 0 ? null : `this machine allows no namespaces (${stderr.trim()})`;
}

function skip(why: string): number {
  const fails = /^(?:1|true)$/i.test(process.env.CI ?? '');
  console.log(`SKIPPED: the tests against real servers did not run, because ${why}.`);
  if (fails) console.log('In CI that is a failure.');
  console.log(`0 passed, ${fails ? 1 : 0} failed`);
  return fails ? 1 : 0;
}

function brokeOff(error: unknown): number {
  console.log(error instanceof Error ? error.message : String(error));
  console.log('0 passed, 1 failed');
  return 1;
}

async function run(): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), 'smtp-find-real-'));
  try {
    const roots = await unpackedRoots((text) => console.log(text));
    await copyProgram(join(scratch, 'program'), (text) => console.log(text));
    return await inNamespaces(JSON.stringify({ roots, scratch, only: process.argv.slice(2) }));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Whatever was started and mounted there ends with the first process. */
function inNamespaces(task: string): Promise<number> {
  const inside = fileURLToPath(new URL('inside.ts', import.meta.url));
  const node = [process.execPath, ...process.execArgv, inside, task];
  const child = spawn('unshare', [...NAMESPACES, '--kill-child', ...node], {
    // When this process is gone, the pipe ends, and the other ends itself.
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const stop = (): boolean => child.kill('SIGKILL');
  const timer = setTimeout(() => {
    console.log(`\nNot done after ${AT_MOST_MS / 60_000} minutes.`);
    stop();
  }, AT_MOST_MS);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      if (code === null) reject(new Error('The run was ended from outside.'));
      else resolve(code);
    });
  });
}
