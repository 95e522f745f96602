/** The real process against the lab: a prompt on a real terminal, and a search for the secret. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lab } from '../../lab/lab.ts';
import { createSecretLab, expectSecrecy, PASSWORD, TOKEN } from './secrets.ts';

const bundler = fileURLToPath(new URL('../../../scripts/bundle.mjs', import.meta.url));
const driver = fileURLToPath(new URL('on-terminal.py', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'smtp-find-'));
const main = join(folder, 'main.js');

let lab: Lab;

beforeAll(async () => {
  execFileSync(process.execPath, [bundler, folder]);
  lab = await createSecretLab();
});
afterAll(async () => {
  await lab.stop();
  rmSync(folder, { recursive: true });
});

function commandFor(args: readonly string[]): string[] {
  return [process.execPath, main, ...lab.args, '--login', ...args];
}

const environment = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', TERM: 'xterm', CI: '1' };

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** All that other users of the machine saw of it. */
  readonly cmdline: string;
}

async function run(args: readonly string[], env: object, stdin = ''): Promise<Ended> {
  const [node = '', ...rest] = commandFor(args);
  const child = spawn(node, rest, { env: { ...environment, ...env } });
  child.stdin.on('error', () => {}); // It need not read.
  child.stdin.end(stdin);
  const seen = { stdout: '', stderr: '', cmdline: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      seen[stream] += text;
      seen.cmdline += cmdline(child.pid);
    });
  }
  const watch = setInterval(() => {
    seen.cmdline += cmdline(child.pid);
  }, 20);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(watch);
  return { code, ...seen };
}

function cmdline(pid: number | undefined): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // It has gone, or there is no such file system.
  }
}

describe('the process', { concurrent: true }, () => {
  it.each<[string, string, string, object, number]>([
    ['accepted, from stdin', 'you@example.com', PASSWORD, {}, 0],
    ['a token, repeated', 'you@parrot.example', TOKEN, { SMTP_FIND_TOKEN: TOKEN }, 4],
  ])('never shows a secret that is %s', async (_, address, secret, env, expected) => {
    const stdin = Object.keys(env).length === 0 ? `${secret}\n` : '';
    const ended = await run(['--json', '--all', '--explain', address], env, stdin);
    const { code, stdout, stderr, cmdline } = ended;
    expect([code, stdout === '']).toEqual([expected, false]);
    expectSecrecy(secret, address, stdout, stderr, cmdline);
    if (process.platform === 'linux') expect(cmdline).toContain('--login');
  });

  it('shows no more of it when it is watched', async () => {
    const env = {
      SMTP_FIND_PASSWORD: PASSWORD,
      SMTP_FIND_DEBUG: '1',
      NODE_DEBUG: 'net,tls,stream',
    };
    const { code, stdout, stderr } = await run(['-e', 'you@parrot.example'], env);
    expect(code).toBe(4);
    expect(stderr).not.toBe('');
    expectSecrecy(PASSWORD, 'you@parrot.example', stdout, stderr);
  });
});

interface Step {
  readonly wait: string;
  readonly send?: readonly string[];
  readonly signal?: string;
  readonly stop?: true;
}

interface OnTerminal {
  readonly shown: string;
  readonly code: number;
  readonly hidden: readonly boolean[];
  readonly restored: boolean;
}

const hasPty = spawnSync('python3', ['-c', 'import pty, termios']).status === 0;
if (!hasPty) console.warn('SKIPPED: no python3 with a pty module, so no prompt on a real terminal');

describe.skipIf(!hasPty)('the prompt on a real terminal', { concurrent: true }, () => {
  async function onTerminal(
    args: readonly string[],
    steps: readonly Step[],
    redirection?: string,
  ): Promise<OnTerminal> {
    const direct = commandFor(args);
    const command = redirection
      ? ['sh', '-c', `exec "$@" ${redirection}`, 'sh', ...direct]
      : direct;
    const child = spawn('python3', [driver], { stdio: ['pipe', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    child.stdin.end(JSON.stringify({ command, env: environment, steps }));
    await once(child, 'close');
    return JSON.parse(text) as OnTerminal;
  }

  const question = 'Password for you@example.com at smtp.example.com: ';
  const login = ['--no-color', 'you@example.com'];

  it('hides what is pasted and typed, and leaves the terminal as it was', async () => {
    const paste = `\u001b[200~${PASSWORD.slice(0, 5)}\u001b[201~`;
    const keys = [paste, 'x', '\u007f', ...PASSWORD.slice(5), '\r'];
    const { shown, code, hidden, restored } = await onTerminal(login, [
      { wait: question, send: keys },
    ]);
    expect(shown).toContain('✔ Login accepted (PLAIN) as you@example.com');
    expectSecrecy(PASSWORD, 'you@example.com', shown);
    expect([code, hidden, restored]).toEqual([0, [true], true]);
  });

  it('asks for the address before, where none is given', async () => {
    const { shown, code, hidden, restored } = await onTerminal(
      ['--no-color'],
      [
        { wait: 'Address or domain: ', send: ['you@example.com\n'] },
        { wait: question, send: [PASSWORD, '\r'] },
      ],
    );
    expect(shown).toContain('✔ Login accepted (PLAIN) as you@example.com');
    expectSecrecy(PASSWORD, 'you@example.com', shown);
    expect([code, hidden, restored]).toEqual([0, [false, true], true]);
  });

  it.each<[string, Step, number]>([
    ['Ctrl-C', { wait: question, send: ['secr', '\u0003'] }, 130],
    ['Ctrl-D', { wait: question, send: ['\u0004'] }, 2],
    ['an interruption from elsewhere', { wait: question, signal: 'SIGINT' }, 130],
    ['an end from elsewhere', { wait: question, send: ['secr'], signal: 'SIGTERM' }, 143],
  ])('leaves the terminal as it was after %s', async (_, step, expected) => {
    lab.forget();
    const { shown, code, restored } = await onTerminal(login, [step]);
    expect([code, restored]).toEqual([expected, true]);
    expect(shown).not.toContain('secr');
    expect(shown).not.toContain('Server');
  });

  it('is still hidden after a stop, whatever the shell made of the terminal', async () => {
    const { shown, code, hidden, restored } = await onTerminal(login, [
      { wait: question, stop: true, send: [PASSWORD, '\r'] },
    ]);
    expect(shown).toContain('✔ Login accepted');
    expectSecrecy(PASSWORD, 'you@example.com', shown);
    expect([code, hidden, restored]).toEqual([0, [true, true], true]);
  });

  it('is seen, wherever the output goes', async () => {
    const out = join(folder, 'out.json');
    const err = join(folder, 'err.txt');
    const { shown, code } = await onTerminal(
      ['--json', 'you@example.com'],
      [{ wait: question, send: [PASSWORD, '\r'] }],
      `>${out} 2>${err}`,
    );
    expect([code, shown]).toEqual([0, `${question}\r\n`]);
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ login: { outcome: 'accepted' } });
    expect(readFileSync(err, 'utf8')).toBe('');
  });
});
