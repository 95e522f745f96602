/** The prompt, on a terminal that is made up: every key, and an end to every wait. */
import { describe, expect, it } from 'vitest';
import { PasswordInput } from '../../../src/cli/login/password-input.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
import type { Secret, WantedSecret } from '../../../src/index.ts';
import { answerByName, exitCodes, type Outcome, runFake } from '../fake-io.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function type(...chunks: readonly (string | Uint8Array)[]): unknown {
  const line = new PasswordInput(100);
  let result: unknown = 'more';
  for (const chunk of chunks) {
    result = line.feed(typeof chunk === 'string' ? bytes(chunk) : chunk);
    if (result !== 'more') return result;
  }
  return result;
}

describe('a line typed unseen', () => {
  it.each<[string, readonly string[], string]>([
    ['key by key', ['a', 'b', 'c', '\r'], 'abc'],
    ['pasted with its end', ['secret\nrm -rf /\n'], 'secret'],
    ['pasted between marks', ['\u001b[200~se cret\u001b[201~', '\r'], 'se cret'],
    ['with a slip', ['abx', '\u007f', 'c\r'], 'abc'],
    ['with ^H for a slip', ['abx\bc\r'], 'abc'],
    ['with more slips than letters', ['a\u007f\u007f\u007fb\r'], 'b'],
    ['begun anew with ^U', ['wrong', '\u0015', 'right\r'], 'right'],
    ['a word less with ^W', ['two words\u0017more\r'], 'two more'],
    ['with an accent typed apart', ['e\u0301\u007fa\r'], 'a'],
    ['with an emoji of many parts', ['x👩‍👩‍👧\u007f\r'], 'x'],
    ['with arrows', ['a\u001b[Db\u001b[1;5C\u001bOPc\r'], 'abc'],
    ['after a key that was hit by chance', ['\u001b', '[abc\r'], '[abc'],
    ['with ^D in it', ['ab\u0004c\r'], 'abc'],
    ['with tabs and other signs that no password has', ['a\tb\u0000\u001ac\r'], 'abc'],
    ['with nothing in it', ['\r'], ''],
  ])('%s', (_, chunks, line) => {
    expect(type(...chunks)).toEqual({ line });
  });

  it('in UTF-8, however it is cut', () => {
    const all = bytes('pä€🔑\r');
    expect(type(...[...all].map((byte) => Uint8Array.of(byte)))).toEqual({ line: 'pä€🔑' });
  });

  it('ends without an answer on ^C anywhere, and on ^D at its beginning', () => {
    expect(type('abc\u0003')).toBe('interrupted');
    expect(type('\u001c')).toBe('interrupted');
    expect(type('ab', '\u007f\u007f', '\u0004')).toBe('nothing');
    expect(type('abc')).toBe('more');
  });

  it('keeps no more than it may', () => {
    expect(type('x'.repeat(100_000), '\r')).toEqual({ line: 'x'.repeat(101) });
  });
});

interface Person {
  /** What happens once the question is there. */
  readonly reply?: (keys: (text: string) => void, hangUp: () => void) => void;
  readonly argv?: readonly string[];
  readonly signal?: AbortSignal;
  /** False: there is no server that may be shown a password. */
  readonly verified?: boolean;
  /** Typed before the question. */
  readonly ahead?: string;
  /** Default: a password like any other. */
  readonly wanted?: WantedSecret;
}

interface Asked {
  readonly outcome: Outcome;
  readonly secret: Secret | null;
  readonly shown: string;
  readonly states: readonly string[];
}

const server = { host: 'smtp.example.com', port: 465, encryption: 'tls' } as const;

async function ask(person: Person): Promise<Asked> {
  let shown = '';
  const states: string[] = [];
  let keys = (_: Uint8Array): void => {};
  let hangUp = (): void => {};
  const terminal: Terminal = {
    write(text) {
      shown += text;
      if (text.endsWith(': ')) person.reply?.((typed) => keys(bytes(typed)), hangUp);
    },
    readKeys(onKeys, onEnd) {
      states.push('hidden');
      keys = onKeys;
      hangUp = onEnd;
      if (person.ahead) onKeys(bytes(person.ahead));
      return () => states.push('as it was');
    },
  };
  let secret: Secret | null = null;
  const outcome = await runFake(['--login', ...(person.argv ?? []), 'you@example.com'], {
    stdinIsTTY: true,
    terminal,
    ...(person.signal && { signal: person.signal }),
    async find(input, { login, signal }) {
      if (typeof login?.secret !== 'function' || !signal) throw new Error('nobody would be asked');
      const wanted = person.wanted ?? { kind: 'password', appPassword: null };
      if (person.verified !== false) secret = await login.secret(server, signal, wanted);
      return answerByName(input);
    },
  });
  return { outcome, secret, shown, states };
}

describe('the prompt', () => {
  it('asks, and hands over what is typed', async () => {
    const { outcome, secret, shown, states } = await ask({ reply: (keys) => keys('s3cret\r') });
    expect(secret).toEqual({ kind: 'password', value: 's3cret' });
    expect(shown).toBe('Password for you@example.com at smtp.example.com: \n');
    expect(states).toEqual(['hidden', 'as it was']);
    expect([outcome.code, outcome.stderr]).toEqual([0, '']);
  });

  it('asks nothing where there is nobody to tell it', async () => {
    const { outcome, shown, states } = await ask({ verified: false });
    expect([outcome.finds.length, shown, states]).toEqual([1, '', []]);
  });

  it('names the user who logs in, with nothing that could steer the terminal', async () => {
    const { shown } = await ask({
      argv: ['--user', 'corp\\y\u202eou'],
      reply: (keys) => keys('x\r'),
    });
    expect(shown).toBe('Password for corp\\you at smtp.example.com: \n');
  });

  const made = 'https://example.com/app-passwords';
  it.each<[string, WantedSecret]>([
    [
      'Access token for you@example.com at smtp.example.com (OAuth 2.0; it takes no password): ',
      { kind: 'token', appPassword: null },
    ],
    [
      `App password for you@example.com at smtp.example.com (made at ${made}): `,
      { kind: 'password', appPassword: { needed: 'always', url: made } },
    ],
    [
      'App password for you@example.com at smtp.example.com: ',
      { kind: 'password', appPassword: { needed: 'always', url: null } },
    ],
    [
      `Password for you@example.com at smtp.example.com (with two-factor sign-in an app password, made at ${made}): `,
      { kind: 'password', appPassword: { needed: 'two-factor', url: made } },
    ],
  ])('says what is wanted: %s', async (question, wanted) => {
    const { secret, shown } = await ask({ wanted, reply: (keys) => keys('s3cret\r') });
    expect(shown).toBe(`${question}\n`);
    expect(secret).toEqual({ kind: wanted.kind, value: 's3cret' });
  });

  it('says how else to give a token, when none is typed', async () => {
    const { outcome } = await ask({
      wanted: { kind: 'token', appPassword: null },
      reply: (keys) => keys('\r'),
    });
    expect(outcome.stderr).toBe(
      'smtp-find: no access token from the prompt; SMTP_FIND_TOKEN is another way\n',
    );
    expect(outcome.code).toBe(2);
  });

  it('takes what was typed ahead', async () => {
    const { secret, states } = await ask({ ahead: 'early\r' });
    expect(secret?.value).toBe('early');
    expect(states).toEqual(['hidden', 'as it was']);
  });

  it('ends with 130 on ^C, with the terminal as it was and no answer', async () => {
    const { outcome, states } = await ask({ reply: (keys) => keys('s3c\u0003') });
    expect([outcome.code, outcome.stdout, outcome.stderr]).toEqual([130, '', '']);
    expect(outcome.closed).toBe(1);
    expect(states).toEqual(['hidden', 'as it was']);
  });

  it('ends with 130 on a signal, with the terminal as it was', async () => {
    const interrupt = new AbortController();
    const { outcome, states } = await ask({
      signal: interrupt.signal,
      reply: () => setImmediate(() => interrupt.abort(new Error('interrupted'))),
    });
    expect([outcome.code, outcome.stdout]).toEqual([exitCodes.interrupted, '']);
    expect(states).toEqual(['hidden', 'as it was']);
  });

  it.each<[string, Person['reply']]>([
    ['^D', (keys) => keys('\u0004')],
    ['an empty line', (keys) => keys('\r')],
    ['a terminal that is gone', (_, hangUp) => hangUp()],
  ])('takes %s for a mistake', async (_, reply) => {
    const { outcome, states } = await ask({ ...(reply && { reply }) });
    expect(outcome.stderr).toMatch(/^smtp-find: no password from the prompt; .*\n$/);
    expect([outcome.code, outcome.stdout]).toEqual([2, '']);
    expect(states).toEqual(['hidden', 'as it was']);
  });
});
