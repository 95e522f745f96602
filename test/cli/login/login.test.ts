/** `--login` from the arguments to the exit code, with an engine that obeys the test. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseArguments } from '../../../src/cli/options/parse.ts';
import { timeLimits } from '../../../src/model/time-limits.ts';
import type { Report } from '../../../src/report/report.ts';
import {
  loggedIn,
  loggedInAsAnother,
  loginNotTried,
  loginRefused,
  loginTemporary,
  notFound,
} from '../../render/samples.ts';
import { exitCodes, type Outcome, runFake, Sink, type World } from '../fake-io.ts';

const SECRET = 'correct-horse-battery-staple';

afterEach(() => {
  vi.useRealTimers();
});

const env = { LANG: 'C.UTF-8', SMTP_FIND_PASSWORD: SECRET };

function run(argv: readonly string[], world: World = {}): Promise<Outcome> {
  return runFake(['--login', ...argv], world);
}

function expectOneLine({ code, stdout, stderr, finds }: Outcome, message: string): void {
  expect(stderr).toBe(`smtp-find: ${message}\n`);
  expect([code, stdout, finds.length]).toEqual([exitCodes.badInput, '', 0]);
}

describe('options that do not go with a login, or without', () => {
  it.each([
    [['--user', 'you'], '--user says who logs in: expected --login as well'],
    [
      ['--accept-host', 'a.example'],
      '--accept-host says where to log in: expected --login as well',
    ],
  ])('%j', async (argv, message) => {
    expectOneLine(await runFake([...argv, 'you@example.com'], { env }), message);
  });

  it.each([
    ['--no-probe', []],
    ['--offline', []],
  ])('%s', async (option, value) => {
    const why = 'only a server that was probed is shown a password';
    expectOneLine(
      await run([option, ...value, 'you@example.com'], { env }),
      `--login and ${option} contradict each other: ${why}`,
    );
  });

  const oneOnly =
    '--login takes one address, as an argument: one account at a time, since servers lock accounts out';

  it.each([
    ['two queries', ['a@example.com', 'b@example.com'], {}],
    ['a list', ['--input', 'list.txt'], {}],
    ['a list beside a query', ['--input', 'list.txt', 'a@example.com'], {}],
    ['a list on stdin', [], { stdin: 'a@example.com\n' }],
    ['a list on stdin, by its sign', ['-'], { stdin: 'a@example.com\n' }],
  ])('%s', async (_, argv, world) => {
    expectOneLine(await run(argv, { env, ...world }), oneOnly);
  });

  it('--resume', async () => {
    const { code, stderr } = await run(['--json', '--resume', 'x', 'a@example.com'], { env });
    expect(stderr).toMatch(/^smtp-find: --login and --resume contradict each other: .*\n$/);
    expect(code).toBe(2);
  });

  it.each([
    [['--user', ''], '--user cannot be "": expected a user name'],
    [['--user', 'a\u0000b'], '--user cannot be "ab": expected a user name'],
    [['--accept-host', 'a b'], '--accept-host cannot be "a b": expected the name of a host'],
    [['--accept-host', ''], '--accept-host cannot be "": expected the name of a host'],
  ])('a value that can be none: %j', async (argv, message) => {
    expectOneLine(await run([...argv, 'you@example.com'], { env }), message);
  });

  it('bad input is told before a password is read', async () => {
    const { code, stderr } = await run(['not an address'], { stdinIsTTY: true });
    expect([code, stderr]).toEqual([2, expect.stringContaining('is not an address')]);
  });
});

describe('a password as an argument', () => {
  it.each([
    ['--password=hunter2', "unknown option '--password'"],
    ["--password=hunt'er2'\nhunter2'", "unknown option '--password'"],
    ['-phunter2', "unknown option '-p'"],
    ['-qphunter2', "unknown option '-p'"],
    ['--login=hunter2', "unknown option '--login'"],
  ])('is not repeated: %j', (argument, message) => {
    const parsed = parseArguments([argument, 'you@example.com'], 80);
    expect(parsed).toMatchObject({
      kind: 'usage-error',
      message: expect.stringContaining(message),
    });
    expect(JSON.stringify(parsed)).not.toContain('hunt');
  });

  it('is answered with where it belongs', async () => {
    for (const argv of [['--password', 'hunter2'], ['--password=hunter2']]) {
      const { code, stderr } = await runFake([...argv, 'you@example.com']);
      expect(stderr).toBe(
        "smtp-find: unknown option '--password' (a password is never an argument: see --login)\n",
      );
      expect(code).toBe(2);
    }
  });

  it('beside the address is taken for a second query, and not repeated', async () => {
    const { code, stderr } = await run(['you@example.com', 'hunter2']);
    expect(stderr).not.toContain('hunter2');
    expect(code).toBe(2);
  });
});

describe('the secret', () => {
  const password = { kind: 'password', value: SECRET };

  it.each<[string, World, object]>([
    ['SMTP_FIND_PASSWORD', { env }, password],
    ['SMTP_FIND_TOKEN', { env: { SMTP_FIND_TOKEN: 'ya29.x' } }, { kind: 'token', value: 'ya29.x' }],
    ['the first line of stdin', { stdin: `${SECRET}\nmore\n` }, password],
    ['stdin without an end of line', { stdin: SECRET }, password],
    ['stdin with an end of line as on Windows', { stdin: `${SECRET}\r\n` }, password],
    ['stdin with a byte order mark', { stdin: `\ufeff${SECRET}\n` }, password],
    ['stdin, with its spaces', { stdin: ' a b \n' }, { kind: 'password', value: ' a b ' }],
    ['stdin in UTF-8', { stdin: 'pässwörd🔑\n' }, { kind: 'password', value: 'pässwörd🔑' }],
    ['the environment, before stdin', { env, stdin: 'another\n' }, password],
    ['the environment, before a prompt', { env, stdinIsTTY: true }, password],
    ['a variable that a file filled', { env: { SMTP_FIND_PASSWORD: `${SECRET}\n` } }, password],
    ['the variable that is not empty', { env: { ...env, SMTP_FIND_TOKEN: '' } }, password],
  ])('comes from %s', async (_, world, secret) => {
    const { code, stderr, finds } = await run(['you@example.com'], { ...world });
    expect([code, stderr]).toEqual([0, '']);
    expect(finds[0]?.options.login).toEqual({ secret, acceptHosts: [] });
  });

  const none = (from: string): string =>
    `no password from ${from}; SMTP_FIND_PASSWORD and the first line of stdin are other ways`;
  const long = 'x'.repeat(12_289);

  it.each<[string, World, string]>([
    [
      'both variables',
      { env: { SMTP_FIND_PASSWORD: 'a', SMTP_FIND_TOKEN: 'b' } },
      'SMTP_FIND_PASSWORD and SMTP_FIND_TOKEN are both set: expected one of them',
    ],
    ['an empty variable', { env: { SMTP_FIND_PASSWORD: '' } }, 'SMTP_FIND_PASSWORD is empty'],
    ['an empty token', { env: { SMTP_FIND_TOKEN: '' } }, 'SMTP_FIND_TOKEN is empty'],
    ['nothing on stdin', { stdin: '' }, none('standard input')],
    ['an empty line', { stdin: `\n${SECRET}\n` }, none('standard input')],
    [
      'more than a password',
      { stdin: `${long}\n` },
      'standard input: longer than 12288 characters, so it is no password',
    ],
    [
      'a megabyte',
      { stdin: 'x'.repeat(1_000_000) },
      'standard input: longer than 12288 characters, so it is no password',
    ],
    [
      'more than a password, in the environment',
      { env: { SMTP_FIND_PASSWORD: long } },
      'SMTP_FIND_PASSWORD: longer than 12288 characters, so it is no password',
    ],
    [
      'another encoding',
      { stdin: latin1('pässwörd\n') },
      'standard input: the password is not in UTF-8',
    ],
  ])('is not taken from %s', async (_, world, message) => {
    expectOneLine(await run(['you@example.com'], world), message);
  });

  it('is not asked for when another option is wrong', async () => {
    const { stderr } = await run(['-t', 'abc', 'you@example.com'], { stdinIsTTY: true });
    expect(stderr).toContain('--timeout cannot be');
  });

  it('is said to be waited for, when stdin is silent', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const stderr = new Sink();
    let running: Promise<Outcome> | undefined;
    let type = (_: IteratorResult<Uint8Array>): void => {};
    const waiting = new Promise<void>((resolve) => {
      const next = (): Promise<IteratorResult<Uint8Array>> =>
        new Promise((typed) => {
          type = typed;
          resolve();
        });
      const stdin = { isTTY: false, [Symbol.asyncIterator]: () => ({ next }) };
      running = run(['you@example.com'], { stdin, stderr });
    });
    await waiting;
    expect(stderr.text).toBe('');
    await vi.advanceTimersByTimeAsync(timeLimits.passwordHint);
    expect(stderr.text).toBe(
      'smtp-find: waiting for the password on standard input (or set SMTP_FIND_PASSWORD)\n',
    );
    type({ done: false, value: Buffer.from(`${SECRET}\n`) });
    expect((await running)?.finds[0]?.options.login?.secret).toEqual(password);
  });

  it('is not waited for after an interruption', async () => {
    const interrupt = new AbortController();
    const stdin = { isTTY: false, [Symbol.asyncIterator]: () => silence };
    const silence: AsyncIterator<Uint8Array> = {
      next() {
        setImmediate(() => interrupt.abort(new Error('interrupted')));
        return new Promise(() => {});
      },
    };
    const { code, stdout, stderr } = await run(['you@example.com'], {
      stdin,
      signal: interrupt.signal,
    });
    expect([code, stdout, stderr]).toEqual([exitCodes.interrupted, '', '']);
  });
});

function latin1(text: string): NonNullable<World['stdin']> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text, 'latin1');
  }
  return Object.assign(chunks(), { isTTY: false });
}

it('a defect that quotes the secret is not quoted', async () => {
  for (const format of ['text', 'json']) {
    const outcome = await run(['-f', format, 'you@example.com'], {
      env: { ...env, SMTP_FIND_DEBUG: '1' },
      find: async (_, { login }) => {
        throw new TypeError(`no method of ${JSON.stringify(login?.secret)}`);
      },
    });
    expect(outcome.stderr).toContain('internal error, please report it: its words are withheld');
    expect(outcome.stdout + outcome.stderr).not.toContain(SECRET);
    expect(outcome.code).toBe(exitCodes.internal);
  }
});

describe('what the engine gets', () => {
  it('is the user name and the hosts to accept, as they are on the wire', async () => {
    const { finds } = await run(
      [
        ...['--user', 'you\\corp:x', '--accept-host', 'SMTP.Bücher.example.'],
        ...['--accept-host', '192.0.2.1', 'you@example.com'],
      ],
      { env },
    );
    expect(finds[0]?.options.login).toMatchObject({
      username: 'you\\corp:x',
      acceptHosts: ['smtp.xn--bcher-kva.example', '192.0.2.1'],
    });
  });

  it('has no login unless that is asked for, whatever the environment holds', async () => {
    const { finds, code } = await runFake(['you@example.com'], { env });
    expect(finds[0]?.options).not.toHaveProperty('login');
    expect(code).toBe(0);
  });
});

describe('the exit code', () => {
  const nowhere: Report = { ...notFound, login: loginNotTried.login };

  it.each<[string, number, Report]>([
    ['accepted', 0, loggedIn],
    ['accepted, and may not send as the address', 0, loggedInAsAnother],
    ['refused', 4, loginRefused],
    ['not decided', 3, loginTemporary],
    ['not tried, since nothing was verified', 3, loginNotTried],
    ['not tried with a verified server', 3, { ...loginTemporary, login: loginNotTried.login }],
    ['not tried, since nothing was found', 1, nowhere],
  ])('of a login that was %s is %i', async (_, expected, report) => {
    for (const format of ['text', 'json', 'env']) {
      const { code } = await run(['-f', format, 'you@example.com'], {
        env,
        find: async () => report,
      });
      expect([format, code]).toEqual([format, expected]);
    }
  });

  it('is in the help', async () => {
    const { stdout } = await runFake(['--help']);
    expect(stdout).toContain('\n  4    the login was refused\n');
  });

  it('4 is worse than a condition that is not met', async () => {
    const { code } = await run(['--require', 'no-warnings', 'you@example.com'], {
      env,
      find: async () => loginRefused,
    });
    expect(code).toBe(4);
  });
});

describe('other formats', () => {
  it.each([
    ['refused', loginRefused, /^smtp-find: you@example\.com: .*534 5\.7\.9.*app password.*\n$/],
    ['not decided', loginTemporary, /^smtp-find: you@example\.com: .*454 4\.7\.0.*\n$/],
    ['not the address', loggedInAsAnother, /^smtp-find: .* will not let it send as .*\n$/],
  ])('say on stderr that the login was %s', async (_, report, note) => {
    const world = { env, find: async () => report };
    const { stdout, stderr } = await run(['-f', 'msmtp', 'you@example.com'], world);
    expect(stderr).toMatch(note);
    expect(stdout).toContain('smtp.example.com');
    expect((await run(['-q', '-f', 'msmtp', 'you@example.com'], world)).stderr).toBe('');
  });
});
