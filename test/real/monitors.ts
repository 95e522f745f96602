/**
 * `npm run test:monitors`: what --prometheus writes in promtool, and what --junit writes in xmllint,
 * both from Debian's packages, which are unpacked and not installed. Elsewhere nothing is tested,
 * which in CI counts as a failure.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Results } from './results.ts';
import { attempt } from './shell.ts';
import { firstMissing } from './wanted-programs.ts';

const queries = [
  'you@gmail.com',
  'me@gmail.com',
  'you@outlook.com',
  'nowhere.example',
  'no address',
  '</testcase>&<![CDATA[',
  '"=1+1\\\\"@x.example',
];

interface Program {
  readonly name: string;
  readonly debian: string;
}

const promtool: Program = { name: 'promtool', debian: 'prometheus' };
const xmllint: Program = { name: 'xmllint', debian: 'libxml2-utils' };

/** @returns its path; null where it can't be had */
async function programIn(folder: string, { name, debian }: Program): Promise<string | null> {
  if ((await firstMissing([name])) === null) return name;
  const download = `cd '${folder}' && apt-get -qq download ${debian} && dpkg -x ${debian}_*.deb .`;
  const fetched = await attempt('sh', ['-c', download], { timeoutMs: 300_000 });
  // A machine whose lists are missing or old.
  if (fetched.code !== 0 && process.getuid?.() === 0) {
    await attempt('apt-get', ['-qq', 'update'], { timeoutMs: 300_000 });
    await attempt('sh', ['-c', download], { timeoutMs: 300_000 });
  }
  const path = join(folder, 'usr', 'bin', name);
  return existsSync(path) ? path : null;
}

async function main(): Promise<void> {
  const results = new Results();
  const folder = mkdtempSync(join(tmpdir(), 'smtp-find-monitors-'));
  try {
    const bundler = fileURLToPath(new URL('../../scripts/bundle.mjs', import.meta.url));
    execFileSync(process.execPath, [bundler, folder]);
    const [junit, prometheus, list] = ['junit.xml', 'metrics.prom', 'list.txt'].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    writeFileSync(list, queries.map((query) => `${query}\n`).join(''));
    const checks = ['--require', 'encrypted,auth=PLAIN', '--expect', 'username=%EMAILADDRESS%'];
    const files = ['--junit', junit, '--prometheus', prometheus];
    const args = ['--offline', '--json', '--input', list, ...checks, ...files];
    await attempt(process.execPath, [join(folder, 'main.js'), ...args]);

    const tool = await programIn(folder, promtool);
    if (tool === null) results.skip('promtool', 'it is missing');
    else {
      const stdin = readFileSync(prometheus, 'utf8');
      const { code, stdout, stderr } = await attempt(tool, ['check', 'metrics'], { stdin });
      results.add('promtool check metrics', code === 0 ? [] : [stdout + stderr]);
    }
    const lint = await programIn(folder, xmllint);
    if (lint === null) results.skip('xmllint', 'it is missing');
    else {
      const count = ['--xpath', 'count(//testcase)', junit];
      const { code, stdout, stderr } = await attempt(lint, count);
      const whole = code === 0 && Number(stdout) >= queries.length;
      results.add('xmllint', whole ? [] : [stdout + stderr]);
    }
    const left = readdirSync(folder).filter((name) => name.endsWith('.tmp'));
    results.add('nothing is left beside them', left);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  results.conclude();
}

await main();
