/**
 * `npm run test:parallel`: the batch under GNU parallel, against the lab. However a list is split
 * among processes, the same lines come out. On Debian, as root, a missing parallel is installed;
 * elsewhere nothing is tested, which in CI counts as a failure.
 */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLab } from '../lab/lab.ts';
import type { Scenario } from '../lab/scenario.ts';
import { Results } from './results.ts';
import { firstMissing, installPackages } from './wanted-programs.ts';

const scenario: Scenario = {
  zone: {
    '_submissions._tcp.library.example': { SRV: '0 1 465 mail.library.example' },
    'bakery.example': { MX: '1 aspmx.l.google.com' },
  },
  servers: {
    'smtp.gmail.com:465': { auth: ['PLAIN', 'XOAUTH2'] },
    'mail.library.example:465': {},
    'smtp.workshop.example:587': {},
    'mail.museum.example:587': { encryption: 'none' },
    'smtp.forge.example:465': { certificate: 'wrong-name' },
  },
};
const domains = ['library', 'bakery', 'workshop', 'museum', 'forge', 'nowhere'];

/** Addresses, domains and nonsense, each domain many times. */
function list(length: number): string[] {
  return Array.from({ length }, (_, i) => {
    const domain = `${domains[(i * 7 + (i % 5)) % domains.length]}.example`;
    if (i % 17 === 3) return 'not an address';
    return i % 4 === 0 ? domain : `user${i}@${domain}`;
  });
}

interface Way {
  readonly name: string;
  /** Of parallel, before the command. */
  readonly options: readonly string[];
  readonly lines: number;
  readonly ordered: boolean;
}

const fakeSsh = '--ssh FAKE_SSH -S 2/one.example,2/two.example'.split(' ');
const ways: readonly Way[] = [
  { name: 'a process a line', options: ['-k', '-N1'], lines: 34, ordered: true },
  { name: 'seven lines each', options: ['-k', '-N7'], lines: 120, ordered: true },
  { name: 'blocks of bytes', options: ['-k', '--block', '1000'], lines: 300, ordered: true },
  { name: 'as they come', options: ['-N11'], lines: 120, ordered: false },
  { name: 'round robin', options: ['--round-robin', '-N3'], lines: 120, ordered: false },
  { name: 'one process', options: ['-k', '--block', '1M'], lines: 300, ordered: true },
  { name: 'over ssh', options: ['-k', '-N30', ...fakeSsh], lines: 120, ordered: true },
];

/** Lines without what time does to them. */
function comparable(output: string, ordered: boolean): string {
  const lines = output
    .replaceAll(/"durationMs":\d+/g, '"durationMs":0')
    .split('\n')
    .slice(0, -1);
  return (ordered ? lines : lines.sort()).join('\n');
}

async function main(): Promise<void> {
  const results = new Results();
  if ((await firstMissing(['parallel'])) !== null) await installPackages(['parallel']);
  if ((await firstMissing(['parallel'])) !== null) {
    results.skip('everything', 'GNU parallel is missing');
    results.conclude();
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'smtp-find-parallel-'));
  const lab = await createLab(scenario);
  try {
    const bundler = fileURLToPath(new URL('../../scripts/bundle.mjs', import.meta.url));
    execFileSync(process.execPath, [bundler, folder]);
    const command = executable(folder, 'smtp-find', [
      process.execPath,
      join(folder, 'main.js'),
      ...lab.args,
    ]);
    // What ssh does, on this machine: what follows the host is a command for a shell.
    const ssh = join(folder, 'ssh');
    writeFileSync(
      ssh,
      [
        '#!/bin/sh',
        'while case $1 in -*) ;; *) false ;; esac; do shift; done',
        'shift; [ "$1" = -- ] && shift',
        'exec sh -c "$*"\n',
      ].join('\n'),
    );
    chmodSync(ssh, 0o755);
    for (const way of ways) {
      const lines = list(way.lines);
      const alone = await run([command, '--json', '-j', '1'], lines);
      const options = way.options.map((option) => option.replace('FAKE_SSH', ssh));
      const split = await run(
        ['parallel', '--will-cite', '--pipe', '-j', '3', ...options, `${command} --json`],
        lines,
      );
      const expected = comparable(alone.output, way.ordered);
      const same = comparable(split.output, way.ordered) === expected;
      const whole = expected.split('\n').length === way.lines;
      const shown = `${split.errors}${split.output.slice(0, 500)}`;
      results.add(way.name, same && whole ? [] : [shown]);
    }
  } finally {
    await lab.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  results.conclude();
}

function executable(folder: string, name: string, words: readonly string[]): string {
  const file = join(folder, name);
  const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  writeFileSync(file, `#!/bin/sh\nexec ${quoted} "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}

/** Not synchronous: the lab answers in this very process. */
function run(
  [command = '', ...args]: readonly string[],
  lines: readonly string[],
): Promise<{ output: string; errors: string }> {
  // Without $SHELL, GNU parallel runs nothing over ssh, and says nothing either.
  const env = { ...process.env, SHELL: '/bin/sh' };
  const child = spawn(command, args, { stdio: 'pipe', env });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(`${lines.join('\n')}\n`);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve({ output, errors }));
  });
}

await main();
