import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InputStream } from '../../../src/cli/io.ts';
import { runFake, type World } from '../fake-io.ts';

async function ask(world: World, argv: readonly string[] = []) {
  let shown = '';
  const outcome = await runFake(argv, {
    stdinIsTTY: true,
    terminal: {
      write: (text) => {
        shown += text;
      },
      readKeys: () => {
        throw new Error('nothing is secret here');
      },
    },
    ...world,
  });
  return { shown, ...outcome };
}

const question = 'smtp-find --help shows all that it can do.\nAddress or domain: ';

describe('with nothing given, on a terminal', () => {
  it('asks for the address, and answers', async () => {
    const { shown, finds, code, stdout, stderr } = await ask({
      stdin: ' you@example.com \nmore\n',
    });
    expect(shown).toBe(question);
    expect(finds.map(({ input }) => input)).toEqual(['you@example.com']);
    expect(stdout).toMatch(/^Server /);
    expect([code, stderr]).toEqual([0, '']);
  });

  it('asks for the one of a login, too', async () => {
    const { shown, finds, code } = await ask(
      { stdin: 'you@example.com\n', env: { SMTP_FIND_PASSWORD: 'secret' } },
      ['--login'],
    );
    expect([shown, code]).toEqual([question, 0]);
    expect(finds).toMatchObject([{ input: 'you@example.com', options: { login: {} } }]);
  });

  it.each([
    ['Ctrl-D', '', `${question}\n`],
    ['an empty line', '\n', question],
  ])('ends with the hint at %s', async (_, stdin, expected) => {
    const { shown, finds, code, stdout, stderr } = await ask({ stdin });
    expect(shown).toBe(expected);
    expect(stderr).toMatch(/^smtp-find: nothing to look for: .*--help.*\n$/);
    expect([code, stdout, finds]).toEqual([2, '', []]);
  });

  it('takes what was typed before Ctrl-D', async () => {
    const { shown, code } = await ask({ stdin: 'you@example.com' });
    expect([shown, code]).toEqual([`${question}\n`, 0]);
  });

  it('ends with 130 when interrupted', async () => {
    const silent: InputStream = Object.assign(
      { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) },
      { isTTY: true },
    );
    const { code, stdout, stderr } = await ask({
      stdin: silent,
      signal: AbortSignal.timeout(20),
    });
    expect([code, stdout, stderr]).toEqual([130, '', '']);
  });

  it.each([
    ['an option is wrong', ['-t', 'x'], {}],
    ['stdin is no terminal', [], { stdinIsTTY: false }],
  ])('asks nobody where %s', async (_, argv, world) => {
    const { shown, code } = await ask(world, argv);
    expect([shown, code]).toEqual(['', 2]);
  });
});

const hasPython = spawnSync('python3', ['--version']).status === 0;

describe.runIf(hasPython && process.platform !== 'win32')('the process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'smtp-find-'));
  const driver = fileURLToPath(new URL('../login/on-terminal.py', import.meta.url));
  const bundler = fileURLToPath(new URL('../../../scripts/bundle.mjs', import.meta.url));
  beforeAll(() => {
    execFileSync(process.execPath, [bundler, folder]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['an address', { send: ['you@gmail.com\n'] }, 0, 'smtp.gmail.com'],
    ['Ctrl-D', { send: ['\u0004'] }, 2, 'nothing to look for'],
    ['Ctrl-C', { send: ['\u0003'] }, 130, question.split('\n')[0] ?? ''],
  ])('asks on a real terminal: %s', (_, step, code, shown) => {
    const told = {
      command: [process.execPath, join(folder, 'main.js'), '--offline'],
      env: { PATH: process.env.PATH, LANG: 'C.UTF-8', TERM: 'xterm', CI: '1' },
      steps: [{ wait: 'domain: ', ...step }],
    };
    const seen = JSON.parse(
      execFileSync('python3', [driver], { input: JSON.stringify(told), encoding: 'utf8' }),
    ) as { code: number; shown: string };
    expect(seen.shown).toContain(shown);
    expect(seen.code).toBe(code);
  });
});
