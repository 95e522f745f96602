/** The real process: signals, closed pipes, full disks. Bundled anew, so that it is never stale. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const bundler = fileURLToPath(new URL('../../scripts/bundle.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'smtp-find-'));
const main = join(folder, 'main.js');
const command = `"${process.execPath}" "${main}"`;
const windows = process.platform === 'win32';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [main, ...args]);
  return { child, ended: finish(child) };
}

function shell(script: string): Promise<Ended> {
  return finish(spawn('bash', ['-o', 'pipefail', '-c', script]));
}

async function finish(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

describe.skipIf(windows)('the process', { concurrent: true }, () => {
  let silent: Socket;
  let resolver: string;

  beforeAll(async () => {
    execFileSync(process.execPath, [bundler, folder]);
    silent = createSocket('udp4');
    silent.bind(0, '127.0.0.1');
    await once(silent, 'listening');
    resolver = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    silent.close();
    rmSync(folder, { recursive: true });
  });

  it('takes no argument that is not in UTF-8', async () => {
    const { code, stderr } = await shell(`${command} --offline $'y\\xe9u@example.com'`);
    expect([code, stderr]).toEqual([2, 'smtp-find: "y\ufffdu@example.com" is not in UTF-8\n']);
  });

  it('answers from the database without a network', async () => {
    const { ended, child } = start(['--offline', '--json', 'you@gmail.com']);
    child.stdin?.end();
    const { code, stdout, stderr } = await ended;
    expect(JSON.parse(stdout)).toMatchObject({ settings: { host: 'smtp.gmail.com' } });
    expect([code, stderr]).toEqual([0, '']);
  });

  it.each([
    ['Amazon SES', 'ses-us-east-1'],
    ['gmial', 'gmail'],
    ['bluehost', 'your address or domain'],
  ])('asks what is meant by --provider %s alone', async (name, hint) => {
    const { code, stdout, stderr } = await start(['--provider', name, '--json']).ended;
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(hint);
  });

  it('ends with 130 when interrupted, keeping what it has, though stdin is still open', async () => {
    // It would go on for longer than this test may take.
    const { ended, child } = start(['--json', '--resolver', resolver, '-t', '600', '-']);
    child.stdin?.write('not an address\nneither this\nyou@example.com\n');
    // It asks: now it is in the middle of it.
    await Promise.all([once(silent, 'message'), child.stdout && once(child.stdout, 'data')]);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(130);
    expect(
      stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).status),
    ).toEqual(['error', 'error']);
    expect(stderr).toBe('');
  });

  it('ends quietly when the reader has had enough', async () => {
    const { code, stdout, stderr } = await shell(
      `yes you@gmail.com | head -500 | ${command} --offline --json | head -1`,
    );
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).toBe('');
    // Only `yes` may have died of its own closed pipe.
    expect([0, 141]).toContain(code);
  });

  it.runIf(process.platform === 'linux')('says when the disk is full', async () => {
    const { code, stderr } = await shell(`${command} --offline you@gmail.com > /dev/full`);
    expect(stderr).toMatch(/^smtp-find: cannot write the output: .*ENOSPC/);
    expect(code).toBe(74);
  });

  it.runIf(process.platform === 'linux')('says so of a file of its own as well', async () => {
    const { code, stdout, stderr } = await shell(`${command} --offline you@gmail.com -o /dev/full`);
    expect([code, stdout]).toEqual([74, '']);
    expect(stderr).toMatch(/^smtp-find: cannot write \/dev\/full: ENOSPC/);
  });

  it('ends quietly when the reader of a named pipe has had enough', async () => {
    const pipe = join(folder, 'pipe');
    const { code, stdout, stderr } = await shell(
      `mkfifo "${pipe}"; head -1 "${pipe}" & yes you@gmail.com | head -5000 | ${command} --offline --json -o "${pipe}"; code=$?; wait; exit $code`,
    );
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).toBe('');
    expect([0, 141]).toContain(code);
  });

  it.each([
    ['-o', 'SIGINT', 130],
    ['-o', 'SIGTERM', 143],
    ['--junit', 'SIGTERM', 143],
    ['--prometheus', 'SIGINT', 130],
  ] as const)(
    'a pipe without a reader does not outlive an interruption: %s, %s',
    async (option, signal, expected) => {
      const pipe = join(folder, `unread${option}${signal}`);
      execFileSync('mkfifo', [pipe]);
      const { ended, child } = start(['--offline', 'Jane <you@gmail.com>', option, pipe]);
      // What it was understood as is said before the answer.
      if (child.stderr) await once(child.stderr, 'data');
      child.kill(signal);
      expect((await ended).code).toBe(expected);
    },
  );

  it('a reader of a pipe that comes late, and reads slowly, gets all of it', async () => {
    const pipe = join(folder, 'late');
    const { code, stdout, stderr } = await shell(
      `mkfifo "${pipe}"; (sleep 1; cat "${pipe}" | (sleep 1; wc -l)) & yes you@gmail.com | head -500 | ${command} --offline --json -o "${pipe}"; code=$?; wait; exit $code`,
    );
    expect(stdout.trim()).toBe('500');
    expect([0, 141]).toContain(code);
    expect(stderr).toContain('500 answered');
    const junit = join(folder, 'late-junit');
    const other = await shell(
      `mkfifo "${junit}"; (sleep 1; cat "${junit}") & ${command} --offline -q -f env you@gmail.com --junit "${junit}"; wait`,
    );
    expect(other.stdout).toContain('</testsuite');
  });

  it('keeps whole lines in its file when it is interrupted', async () => {
    const file = join(folder, 'interrupted.ndjson');
    const args = ['--json', '-o', file, '--resolver', resolver, '-t', '600', '-'];
    const { ended, child } = start(args);
    child.stdin?.write('not an address\nneither this\nyou@example.org\n');
    await expect
      .poll(() => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').length : 0))
      .toBe(3);
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect([code, stdout]).toEqual([130, '']);
    expect(readFileSync(file, 'utf8')).toMatch(/^\{.*\}\n\{.*\}\n$/);
  });

  it('tells that stdin is closed or empty', async () => {
    const { code, stderr } = await shell(`${command} --offline <&-`);
    expect(stderr).toContain('smtp-find: nothing to look for: expected an address');
    expect(code).toBe(2);
  });

  it('goes on where an earlier output was cut, with >>', async () => {
    const list = join(folder, 'list.csv');
    const rows = Array.from({ length: 300 }, (_, i) => `"user${i}@gmail.com","Name, ${i}"\r\n`);
    writeFileSync(list, `Email,Name\r\n${rows.join('')}`);
    const whole = join(folder, 'whole.ndjson');
    const cut = join(folder, 'cut.ndjson');
    const find = `${command} --offline --json --input "${list}"`;
    const { code, stderr } = await shell(
      `${find} > "${whole}"; head -c 54321 "${whole}" > "${cut}"; ${find} --resume "${cut}" >> "${cut}"`,
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/^(?:smtp-find: \d+ answered: \d+ found; \d+(?:\.\d)? s\n){2}$/);
    const without = (file: string): string =>
      readFileSync(file, 'utf8').replaceAll(/"durationMs":\d+/g, '');
    expect(without(cut)).toBe(without(whole));
    expect(without(whole).split('\n')).toHaveLength(301);
  });

  // terminal.test.ts has what decides about colours; here it meets real streams.
  const colour = '\u001b[';

  it.each([
    ['', false],
    ['FORCE_COLOR=1', true],
  ])('into a pipe with "%s" has colours: %s', async (environment, colored) => {
    const { stdout, stderr } = await shell(
      `env -u FORCE_COLOR -u NO_COLOR ${environment} ${command} --offline you@gmail.com`,
    );
    expect(stdout.includes(colour)).toBe(colored);
    expect(stderr).toBe('');
  });

  const hasScript = spawnSync('script', ['--version']).stdout?.includes('util-linux') ?? false;

  it.runIf(hasScript).each([
    ['', true],
    ['NO_COLOR=1', false],
  ])('on a terminal with "%s" has colours: %s', async (environment, colored) => {
    const inner = `env -u FORCE_COLOR -u NO_COLOR TERM=xterm ${environment} ${command} --offline you@gmail.com`;
    const { stdout } = await shell(`script -qec '${inner}' /dev/null < /dev/null`);
    expect(stdout).toContain('smtp.gmail.com');
    expect(stdout.includes(colour)).toBe(colored);
  });
});
