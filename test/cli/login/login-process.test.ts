/** The real process against the lab: a prompt on a real terminal, and a search for the secret. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../../src/report/report.ts';
import { createLab, type Lab } from '../../lab/lab.ts';
import type { Script } from '../../lab/scripted-server.ts';

const bundler = fileURLToPath(new URL('../../../scripts/bundle.mjs', import.meta.url));
const driver = fileURLToPath(new URL('on-terminal.py', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'smtp-find-'));
const main = join(folder, 'main.js');

const PASSWORD = 'Qz7-kÄse Wurst&99';
const WRONG = 'Nearly-the-right-one&98';
const TOKEN = 'ya29.Gl0tBwXk4mQ~7Zr_secretTokenValue==';

/** Repeats all that it was sent, as it came and decoded, and then lets nobody in. */
const parrot: Script = async (peer) => {
  peer.send('220 lab ESMTP');
  for (let line = await peer.line(); line !== null; line = await peer.line()) {
    const [verb = '', , initial = ''] = line.split(' ');
    if (verb === 'EHLO') peer.send('250-lab', '250 AUTH PLAIN LOGIN XOAUTH2 OAUTHBEARER');
    else if (verb === 'AUTH') {
      const decoded = Buffer.from(initial, 'base64')
        .toString()
        .replaceAll(/\p{Control}/gu, ' ');
      peer.send(`535 5.7.8 ${decoded} or ${initial} is no good`);
    } else if (verb === 'QUIT') {
      peer.send('221 bye');
      return;
    } else peer.send('250 ok');
  }
};

let lab: Lab;

beforeAll(async () => {
  execFileSync(process.execPath, [bundler, folder]);
  const users = { 'you@example.com': PASSWORD };
  const submissions = (host: string): { SRV: string } => ({ SRV: `0 1 465 smtp.${host}` });
  lab = await createLab({
    zone: {
      '_submissions._tcp.example.com': submissions('example.com'),
      '_submissions._tcp.parrot.example': submissions('parrot.example'),
      '_submissions._tcp.expired.example': submissions('expired.example'),
      '_submissions._tcp.foreign.example': submissions('elsewhere.example'),
    },
    servers: {
      'smtp.example.com:465': { users, delayMs: 20 },
      'smtp.parrot.example:465': { script: parrot },
      'smtp.expired.example:465': { users, certificate: 'expired' },
      'smtp.elsewhere.example:465': { users: { 'you@foreign.example': PASSWORD } },
    },
  });
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

/** The secret, whole or in part, as such or in the clothes it wears on the wire. */
function formsOf(secret: string, user: string): string[] {
  const encoded = [secret, `\0${user}\0${secret}`, `${secret}\u0001\u0001`].flatMap((text) =>
    (['base64', 'base64url', 'hex'] as const).map((name) => Buffer.from(text).toString(name)),
  );
  const parts = [
    secret.slice(0, 8),
    secret.slice(-8),
    ...encoded.map((form) => form.slice(-14, -3)),
  ];
  return [secret, encodeURIComponent(secret), ...encoded, ...parts];
}

function expectSecrecy(secret: string, user: string, ...texts: readonly string[]): void {
  for (const form of formsOf(secret, user)) {
    for (const text of texts) expect(text.toLowerCase()).not.toContain(form.toLowerCase());
  }
}

const ALL = ['--json', '--all', '--explain'];
const EVERY = [ALL, ['-a', '-e'], ['-f', 'env']];
const inEnvironment = (value: string): object => ({ SMTP_FIND_PASSWORD: value });

interface Case {
  readonly is: string;
  readonly address?: string;
  readonly secret?: string;
  readonly env?: object;
  readonly stdin?: string;
  readonly options?: readonly (readonly string[])[];
  readonly code: number;
}

describe('the process', { concurrent: true }, () => {
  it.each<Case>([
    { is: 'accepted', env: inEnvironment(PASSWORD), options: EVERY, code: 0 },
    { is: 'accepted from stdin', stdin: `${PASSWORD}\n`, code: 0 },
    { is: 'refused', secret: WRONG, env: inEnvironment(WRONG), code: 4 },
    {
      is: 'repeated',
      address: 'you@parrot.example',
      stdin: `${PASSWORD}\r\n`,
      options: EVERY,
      code: 4,
    },
    {
      is: 'a token, repeated',
      address: 'you@parrot.example',
      secret: TOKEN,
      env: { SMTP_FIND_TOKEN: TOKEN },
      code: 4,
    },
    {
      is: 'not tried',
      address: 'you@expired.example',
      env: inEnvironment(PASSWORD),
      options: [['-a', '-e']],
      code: 3,
    },
  ])('never shows a secret that is $is', async (given) => {
    const { address = 'you@example.com', secret = PASSWORD, env = {}, stdin = '' } = given;
    const runs = (given.options ?? [ALL]).map(async (options) => {
      const { code, stdout, stderr, cmdline } = await run([...options, address], env, stdin);
      expect([options, code, stdout === '']).toEqual([options, given.code, false]);
      expectSecrecy(secret, address, stdout, stderr, cmdline);
      if (process.platform === 'linux') expect(cmdline).toContain('--login');
    });
    await Promise.all(runs);
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

  it('reports the login in JSON', async () => {
    const { stdout } = await run(['--json', 'you@example.com'], {}, PASSWORD);
    expect((JSON.parse(stdout) as Report).login).toEqual({
      outcome: 'accepted',
      mechanism: 'PLAIN',
      username: 'you@example.com',
      maySendAs: true,
      reply: expect.stringMatching(/^235 /),
    });
  });

  it('shows a server that only an unprotected answer names the password on request only', async () => {
    const refused = await run(['you@foreign.example'], {}, PASSWORD);
    expect(refused.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'pass --accept-host smtp.elsewhere.example',
    );
    const accept = ['--accept-host', 'SMTP.elsewhere.example.', 'you@foreign.example'];
    const accepted = await run(accept, {}, PASSWORD);
    expect(accepted.stdout).toContain('✔ Login accepted (PLAIN) as you@foreign.example');
    expect([refused.code, accepted.code]).toEqual([3, 0]);
  });

  it('says on stderr that it waits for stdin', async () => {
    const [node = '', ...rest] = commandFor(['you@example.com']);
    const child = spawn(node, rest, { env: environment });
    const [first] = (await once(child.stderr.setEncoding('utf8'), 'data')) as [string];
    expect(first).toBe(
      'smtp-find: waiting for the password on standard input (or set SMTP_FIND_PASSWORD)\n',
    );
    child.stdin.end(`${PASSWORD}\n`);
    expect(await once(child, 'close')).toEqual([0, null]);
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

  it('hides what is typed, and leaves the terminal as it was', async () => {
    const keys = [...PASSWORD.slice(0, 5), 'x', '\u007f', PASSWORD.slice(5), '\r'];
    const { shown, code, hidden, restored } = await onTerminal(login, [
      { wait: question, send: keys },
    ]);
    expect(shown).toContain('✔ Login accepted (PLAIN) as you@example.com');
    expectSecrecy(PASSWORD, 'you@example.com', shown);
    expect([code, hidden, restored]).toEqual([0, [true], true]);
  });

  it('takes a paste', async () => {
    const send = [`\u001b[200~${PASSWORD}\u001b[201~`, '\r'];
    const { shown, code } = await onTerminal(login, [{ wait: question, send }]);
    expect(code).toBe(0);
    expectSecrecy(PASSWORD, 'you@example.com', shown);
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
