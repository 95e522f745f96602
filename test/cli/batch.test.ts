import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import { notFound } from '../render/samples.ts';
import { answerByName, runFake, Sink } from './fake-io.ts';

function ndjson(text: string): Report[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Report);
}

const statuses = (text: string): string[] =>
  ndjson(text).map(({ query, status }) => `${query} ${status}`);

describe('one query', () => {
  it.each([
    ['a@verified.example', [], 0],
    ['a@unverified.example', [], 3],
    ['a@unverified.example', ['--no-probe'], 0],
    ['a@unverified.example', ['--offline'], 0],
    ['a@nowhere.example', [], 1],
    ['a@nowhere.example', ['--offline'], 1],
    ['a@offline.example', [], 5],
  ])('%s with %j exits with its code', async (query, options, expected) => {
    for (const format of [[], ['--json']]) {
      const { code, stdout, stderr, closed } = await runFake([...options, ...format, query]);
      expect([code, stderr, closed]).toEqual([expected, '', 1]);
      expect(stdout).not.toBe('');
    }
  });

  it('of which the database knows that there is no submission needs no network', async () => {
    const warnings = (['network-unreachable', 'no-submission'] as const).map((code) => ({
      code,
      message: code,
    }));
    const find = async () => ({ ...notFound, warnings });
    expect((await runFake(['you@tuta.com'], { find })).code).toBe(1);
  });

  it.each([
    ['as an argument', ['not an address'], {}],
    ['as an empty argument', [''], {}],
    ['as the only line of stdin', [], { stdin: 'not an address\n' }],
    ['of 300 characters', ['--json', `a@${'x'.repeat(300)}.com`], {}],
    ['of a megabyte', [], { stdin: 'x'.repeat(1_000_000) }],
  ])('that is bad, %s, gives one line on stderr and nothing on stdout', async (_, argv, world) => {
    const { code, stdout, stderr } = await runFake(argv, world);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^smtp-find: .*expected.*\n$/);
    expect(stderr.length).toBeLessThan(300);
  });

  it('that is bad, as the only line of stdin, has its line of JSON, however a list was split', async () => {
    const { code, stdout, stderr } = await runFake(['--json'], { stdin: 'not an address\n' });
    expect(statuses(stdout)).toEqual(['not an address error']);
    expect([code, stderr]).toEqual([2, '']);
  });

  it('is indented JSON only for a terminal', async () => {
    const terminal = await runFake(['--json', 'a@example.com'], { stdout: new Sink(true) });
    expect(terminal.stdout.split('\n').length).toBeGreaterThan(10);
    const piped = await runFake(['--json', 'a@example.com']);
    expect(piped.stdout.split('\n')).toHaveLength(2);
    expect(JSON.parse(terminal.stdout)).toEqual(JSON.parse(piped.stdout));
  });

  it('that meets a defect of ours says so, and does not pass for an answer', async () => {
    const { code, stdout, stderr } = await runFake(['a@broken.example']);
    expect([code, stdout]).toEqual([70, '']);
    expect(stderr).toBe('smtp-find: internal error, please report it: oops\n');
  });
});

describe('several queries', () => {
  it('are answered one per line, in order, the bad ones as errors', async () => {
    const { code, stdout, stderr } = await runFake([
      ...['--json', 'a@verified.example', 'bad one', 'a@nowhere.example'],
    ]);
    expect(statuses(stdout)).toEqual([
      'a@verified.example verified',
      'bad one error',
      'a@nowhere.example not-found',
    ]);
    expect([code, stderr]).toEqual([2, '']);
  });

  it('begin with a bad one without losing it', async () => {
    const { stdout } = await runFake(['--json', '?', '??', 'a@verified.example']);
    expect(statuses(stdout)).toEqual(['? error', '?? error', 'a@verified.example verified']);
  });

  it.each([
    [['verified', 'unverified'], 3],
    [['unverified', 'nowhere', 'verified'], 1],
    [['nowhere', 'offline', 'unverified'], 5],
    [['offline', '@', 'nowhere'], 2],
    [['verified', 'broken', '@'], 70],
  ])('%j exit with the worst code', async (labels, expected) => {
    const queries = labels.map((label) => `${label}.example`);
    expect((await runFake(['--json', ...queries])).code).toBe(expected);
  });

  it('come from stdin with either line end, a byte order mark, and no line after the last', async () => {
    const stdin = '\ufeffa@verified.example\r\n  b@bücher.example \n\nlast.example';
    const { code, stdout } = await runFake(['--json'], { stdin });
    expect(statuses(stdout)).toEqual([
      'a@verified.example verified',
      'b@bücher.example verified',
      'last.example verified',
    ]);
    expect(code).toBe(0);
    const ended = await runFake(['--json'], { stdin: 'a.example\nb.example\n' });
    expect(statuses(ended.stdout)).toHaveLength(2);
  });

  it('take stdin where the arguments say "-"', async () => {
    const argv = ['--json', 'first.example', '-', 'last.example'];
    const { stdout } = await runFake(argv, { stdin: 'one.example\ntwo.example\n' });
    expect(ndjson(stdout).map(({ query }) => query)).toEqual([
      ...['first.example', 'one.example', 'two.example', 'last.example'],
    ]);
  });

  it('that turn out to be none are a mistake', async () => {
    const { code, stdout, stderr } = await runFake([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('smtp-find: nothing to look for: expected an address or a domain');
  });

  it('have a heading each in text, and a blank line between', async () => {
    const { stdout } = await runFake(['-q', 'a@verified.example', 'a@nowhere.example']);
    expect(stdout).toMatchInlineSnapshot(`
      "✔ a@verified.example
        Server          smtp.example.com
        Port            465
        Encryption      SSL/TLS
        Authentication  normal password (PLAIN, LOGIN), OAuth2 (XOAUTH2)
        User name       you@example.com

      ✖ a@nowhere.example
        ✖ No settings found for nowhere.example.
      "
    `);
  });

  it('keep their order when the answers come in any order, with no more than -j at once', async () => {
    const queries = Array.from({ length: 60 }, (_, i) => `q${i}.example`);
    let now = 0;
    let most = 0;
    const { stdout } = await runFake(['--json', '-j', '5', ...queries], {
      async find(input) {
        most = Math.max(most, ++now);
        await sleep((input.length * 7919 + input.charCodeAt(1) * 31) % 7);
        now--;
        return answerByName(input);
      },
    });
    expect(ndjson(stdout).map(({ query }) => query)).toEqual(queries);
    expect(most).toBe(5);
  });

  it('come as they are answered with --unordered, none twice, with no more than -j at once', async () => {
    const queries = Array.from({ length: 60 }, (_, i) => `q${i}.example`);
    let now = 0;
    let most = 0;
    const { code, stdout } = await runFake(['--json', '--unordered', '-j', '5', ...queries], {
      async find(input) {
        most = Math.max(most, ++now);
        await sleep(input === 'q0.example' ? 60 : (input.charCodeAt(1) * 31) % 5);
        now--;
        return answerByName(input);
      },
    });
    const answered = ndjson(stdout).map(({ query }) => query);
    expect([...answered].sort()).toEqual([...queries].sort());
    expect(answered.indexOf('q0.example')).toBeGreaterThan(10);
    expect([code, most]).toEqual([0, 5]);
  });

  it('are read no further ahead than needed while the first one is slow', async () => {
    let read = 0;
    let release = (): void => {};
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* endless(): AsyncGenerator<string> {
      for (; read < 2000; read++) yield `q${read}.example\n`;
    }
    const running = runFake(['--json', '-j', '4'], {
      stdin: endless(),
      async find(input) {
        if (input === 'q0.example') await slow;
        return answerByName(input);
      },
    });
    await sleep(50);
    expect(read).toBeLessThan(100);
    release();
    const { stdout } = await running;
    expect(stdout.split('\n')).toHaveLength(2001);
  });

  it('wait for a reader who is slow', async () => {
    const stdout = new Sink(false, () => sleep(1));
    let started = 0;
    let written = 0;
    let lead = 0;
    const stdin = Array.from({ length: 200 }, (_, i) => `q${i}.example\n`).join('');
    await runFake(['--json', '-j', '2'], {
      stdin,
      stdout,
      async find(input) {
        started++;
        written = stdout.text.split('\n').length - 1;
        lead = Math.max(lead, started - written);
        return answerByName(input);
      },
    });
    expect(stdout.lines()).toHaveLength(200);
    expect(lead).toBeLessThan(30);
  });

  it('print each answer as soon as its turn has come, while stdin is still open', async () => {
    let close = (): void => {};
    const ending = new Promise<void>((resolve) => {
      close = resolve;
    });
    async function* slowly(): AsyncGenerator<string> {
      yield 'first.example\n';
      await ending;
    }
    const stdout = new Sink();
    const running = runFake(['--json'], { stdin: slowly(), stdout });
    while (stdout.text === '') await sleep(1);
    close();
    expect((await running).code).toBe(0);
  });
});

describe('an input that fails', () => {
  it('is told, after the answers it gave', async () => {
    async function* failing(): AsyncGenerator<string> {
      yield 'a@verified.example\n';
      throw new Error('EISDIR: illegal operation on a directory, read');
    }
    const { code, stdout, stderr } = await runFake(['--json'], { stdin: failing() });
    expect(statuses(stdout)).toEqual(['a@verified.example verified']);
    expect(stderr).toContain('smtp-find: cannot read standard input: EISDIR');
    expect(code).toBe(2);
  });
});

describe('a reader that goes away', () => {
  it('ends the work without a word', async () => {
    let finds = 0;
    const stdout = new Sink(false, () =>
      stdout.lines().length >= 1
        ? Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
        : undefined,
    );
    const stdin = Array.from({ length: 500 }, (_, i) => `q${i}.example\n`).join('');
    const { code, stderr } = await runFake(['--json'], {
      stdin,
      stdout,
      find(input) {
        finds++;
        return answerByName(input);
      },
    });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.lines()).toHaveLength(1);
    expect(finds).toBeLessThan(50);
  });

  it('is told apart from a disk that is full', async () => {
    const stdout = new Sink(false, () =>
      Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
    );
    const { code, stderr } = await runFake(['a@verified.example'], { stdout });
    expect(stderr).toBe(
      'smtp-find: cannot write the output: ENOSPC: no space left on device, write\n',
    );
    expect(code).toBe(74);
  });
});

describe('an interruption', () => {
  it('keeps what is finished, leaves the rest, and exits with 130', async () => {
    const interrupt = new AbortController();
    let aborted = 0;
    const { code, stdout, stderr, closed } = await runFake(
      ['--json', '-j', '4', ...['a', 'slow1', 'b', 'slow2'].map((name) => `${name}.example`)],
      {
        signal: interrupt.signal,
        find(input, { signal }) {
          if (!input.startsWith('slow')) return answerByName(input);
          setTimeout(() => interrupt.abort(new Error('interrupted')), 20);
          return new Promise((_, reject) => {
            signal?.addEventListener('abort', () => {
              aborted++;
              reject(signal.reason);
            });
          });
        },
      },
    );
    expect(statuses(stdout)).toEqual(['a.example verified', 'b.example verified']);
    expect([code, stderr, closed, aborted]).toEqual([130, '', 1, 2]);
  });

  it('does not wait for an engine or an input that hangs', async () => {
    const interrupt = new AbortController();
    async function* hanging(): AsyncGenerator<string> {
      yield 'a.example\n';
      await new Promise(() => {});
    }
    setTimeout(() => interrupt.abort(), 20);
    const { code } = await runFake(['--json'], {
      stdin: hanging(),
      signal: interrupt.signal,
      find: () => new Promise(() => {}),
    });
    expect(code).toBe(130);
  });
});
