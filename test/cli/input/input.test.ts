import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Line, readLines, readListLines } from '../../../src/cli/input/lines.ts';
import { readList } from '../../../src/cli/input/list.ts';
import type { Report } from '../../../src/report/report.ts';
import { runFake } from '../fake-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'smtp-find-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function queriesOf(args: readonly string[], stdin = ''): Promise<string[]> {
  const { stdout } = await runFake(['--json', ...args], { stdin });
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { query: string }).query);
}

async function column(list: string): Promise<string[]> {
  const fields: string[] = [];
  for await (const { text } of readList(readListLines(chunksOf(list)), true)) fields.push(text);
  return fields;
}

async function* chunksOf(text: string): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let i = 0; i < bytes.length; i += 5) yield bytes.subarray(i, i + 5);
}

describe('--input', () => {
  it('reads plain lines, after the arguments', async () => {
    const list = file('plain.txt', '\ufeffa@one.example\r\n\r\n  two.example \nbücher.example');
    expect(await queriesOf(['--input', list, 'zero.example'])).toEqual([
      ...['zero.example', 'a@one.example', 'two.example', 'bücher.example'],
    ]);
  });

  it('reads stdin for "-", as CSV too', async () => {
    const stdin = 'Email;Name\na@one.example;"One; or two"\n';
    expect(await queriesOf(['--input', '-'], stdin)).toEqual(['a@one.example']);
  });

  it('does not read stdin besides a file', async () => {
    const list = file('one.txt', 'one.example\n');
    expect(await queriesOf(['--input', list], 'other.example\n')).toEqual(['one.example']);
  });

  it('gives a line even for the only one when that is bad', async () => {
    expect(await queriesOf(['--input', file('bad.txt', 'a@b@c.d..e\n')])).toEqual(['a@b@c.d..e']);
  });

  it.each([
    [join(folder, 'missing.txt'), 'no such file'],
    [folder, 'it is a directory'],
  ])('says in one line that %s cannot be read', async (path, reason) => {
    const { code, stdout, stderr } = await runFake(['--json', '--input', path]);
    expect(stderr).toBe(`smtp-find: cannot read ${path}: ${reason}\n`);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('takes a list without queries for a mistake', async () => {
    const { code, stderr } = await runFake(['--input', file('header.csv', 'Email,Name\n')]);
    expect(stderr).toContain('nothing to look for');
    expect(code).toBe(2);
  });
});

describe('several lists', () => {
  const one = file('several-1.txt', 'a@one.example\n');
  const two = file('several-2.csv', 'Name,Email\nx,b@two.example\n');

  it('are read in their order, stdin among them, after the arguments', async () => {
    const args = ['--input', one, '--input', '-', 'zero.example', '--input', two];
    expect(await queriesOf(args, 'c@three.example\n')).toEqual([
      ...['zero.example', 'a@one.example', 'c@three.example', 'b@two.example'],
    ]);
  });

  it('are asked about only if all can be read', async () => {
    const missing = join(folder, 'missing.txt');
    const { code, stdout, stderr, finds } = await runFake([
      ...['--json', '--input', one, '--input', missing],
    ]);
    expect([code, stdout, finds]).toEqual([2, '', []]);
    expect(stderr).toContain(missing);
  });

  it.each([[['-', '-']], [['-', '--input', '-']], [['--input', '-', '--input', '-']]])(
    'are never stdin twice: %j',
    async (args) => {
      const { code, stdout, stderr } = await runFake(args, { stdin: 'a@one.example\n' });
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain('- is given twice');
    },
  );
});

describe('what was understood', () => {
  it('is said on stderr where it is not what was typed, and the query stays as typed', async () => {
    const argv = ['--json', 'Jane <j@x.example>', 'b@y.example', ' c@z.example '];
    const { code, stdout, stderr } = await runFake(argv);
    const reports = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Report);
    expect(reports.map(({ query, email }) => [query, email])).toEqual([
      ['Jane <j@x.example>', 'j@x.example'],
      ['b@y.example', 'b@y.example'],
      ['c@z.example', 'c@z.example'],
    ]);
    expect(stderr).toBe('smtp-find: "Jane <j@x.example>" understood as j@x.example\n');
    expect(code).toBe(0);
  });

  it('is said for one query, in text, and not with --quiet', async () => {
    const { stdout, stderr } = await runFake(['mailto:j%2Bt@x.example']);
    expect(stderr).toContain('understood as j+t@x.example\n');
    expect(stdout).not.toContain('understood');
    expect((await runFake(['-q', 'mailto:j%2Bt@x.example'])).stderr).toBe('');
  });

  it('are several queries of one argument', async () => {
    const argv = ['--json', 'a@x.example, "Doe, B" <b@y.example>; c.example'];
    const { stderr, finds } = await runFake(argv);
    expect(finds.map(({ input }) => input)).toEqual([
      ...['a@x.example', '"Doe, B" <b@y.example>', 'c.example'],
    ]);
    expect(stderr).toMatch(/understood as a@x\.example, b@y\.example, c\.example\n$/);
  });

  it('is said once a list, which may be long', async () => {
    const { stderr } = await runFake(['--json'], {
      stdin: 'a@x.example\nJane <j@x.example>\n<b@y.example>\n',
    });
    expect(stderr.split('\n')).toHaveLength(2);
    expect(stderr).toContain('"Jane <j@x.example>" understood as j@x.example');
  });

  it('is not said of what was not understood', async () => {
    const { code, stderr } = await runFake(['https://x.example/']);
    expect([code, stderr]).toEqual([
      2,
      'smtp-find: "https://x.example/" is a URL: did you mean x.example?\n',
    ]);
  });

  it('never carries control or bidirectional characters to the terminal', async () => {
    for (const mark of ['\u001b[31m', '\u202e', '\u0007', '\u200b', '\u0085']) {
      const argv = [
        `J${mark}ne <j@x.example>`,
        `<j${mark}@x.example>, b`,
        `${mark}https://x.example`,
      ];
      const { stderr } = await runFake(argv);
      expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]/);
    }
  });

  it('is whose password is asked for', async () => {
    const { finds, stderr } = await runFake(['--login', 'Jane <j@x.example>'], {
      env: { SMTP_FIND_PASSWORD: 'x' },
    });
    expect(finds).toHaveLength(1);
    expect(stderr).toContain('understood as j@x.example');
    const two = await runFake(['--login', 'a@x.example, b@y.example'], {
      env: { SMTP_FIND_PASSWORD: 'x' },
    });
    expect([two.code, two.finds]).toEqual([2, []]);
  });

  it('is an option where a lone word names one', async () => {
    for (const [word, option] of [
      ['help', '--help'],
      ['Version', '--version'],
      ['json', '--json'],
    ] as const) {
      const { code, stdout, stderr } = await runFake([word]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(`did you mean ${option}?`);
    }
  });
});

describe('bytes that are no UTF-8', () => {
  it('make a line with an error, never a query', async () => {
    const list = file('latin1.txt', Buffer.from('a@x.example\nyou\xe9@x.example\n', 'latin1'));
    const { code, stdout, finds } = await runFake(['--json', '--input', list]);
    expect(finds.map(({ input }) => input)).toEqual(['a@x.example']);
    const bad = JSON.parse(stdout.split('\n')[1] ?? '') as Report;
    expect([code, bad.status, bad.query]).toEqual([2, 'error', 'you\\xe9@x.example']);
    expect(bad.warnings[0]?.message).toContain('not UTF-8');
  });
});

describe('the first column', () => {
  it.each([
    ['one field', 'a@one.example\n', ['a@one.example']],
    ['commas', 'a@one.example,One,1\n', ['a@one.example']],
    ['semicolons', 'a@one.example;One\n', ['a@one.example']],
    ['tabs', 'a@one.example\tOne\n', ['a@one.example']],
    ['quotes', '"a@one.example","One"\n', ['a@one.example']],
    ['a doubled quote', '"""a b""@one.example",x\n', ['"a b"@one.example']],
    ['a quoted local part, outside CSV', '"a,b"@one.example\n', ['"a,b"@one.example']],
    [
      'a quote that nothing closes',
      '"a@one.example\nb@two.example\n',
      ['"a@one.example', 'b@two.example'],
    ],
    ['a header', 'E-Mail,Name\na@one.example,x\n', ['a@one.example']],
    ['a header after blank lines', '\n  \nE-Mail,Name\na@one.example,x\n', ['a@one.example']],
    ['no header', 'one.example,x\ntwo.example,y\n', ['one.example', 'two.example']],
    ['blank lines', '\na@one.example\n\n\nb@two.example\n', ['a@one.example', 'b@two.example']],
    ['a row without the first field', 'one.example\n,x\n', ['one.example', '']],
    [
      'a later field over lines',
      'a@one.example,"x\ny ""z""\n\n",1\nb@two.example,2\n',
      ['a@one.example', 'b@two.example'],
    ],
    [
      'inches',
      'a@one.example,5" disk\nb@two.example,"5"" disk"\n',
      ['a@one.example', 'b@two.example'],
    ],
    [
      'an empty quoted field',
      'a@one.example,"","x\ny"\nb@two.example\n',
      ['a@one.example', 'b@two.example'],
    ],
  ])('of lines with %s', async (_, text, expected) => {
    expect(await column(text)).toEqual(expected);
  });

  it('of a quote that a later field opens and nothing closes, loses no line', async () => {
    const lines = Array.from({ length: 250 }, (_, i) => `q${i}.example`);
    const text = `a@one.example,"oops\n${lines.join('\n')}\n`;
    expect(await column(text)).toEqual(['a@one.example', ...lines]);
    expect(await column('a@one.example,"oops\nb@two.example')).toEqual([
      ...['a@one.example', 'b@two.example'],
    ]);
  });

  it('of a row far longer than any address', async () => {
    const wide = `a@one.example,"${'x'.repeat(100_000)}\n`;
    expect(await column(`${wide}b@two.example\n`)).toEqual(['a@one.example', 'b@two.example']);
  });
});

describe('readLines', () => {
  it('counts every byte, and keeps no more of a line than it must', async () => {
    const text = `bücher\r\n\n${'ü'.repeat(10_000)}\nlast`;
    const lines: Line[] = [];
    for await (const line of readLines(chunksOf(text), 4096)) lines.push(line);
    expect(lines.map(({ bytes }) => bytes)).toEqual([9, 1, 20_001, 4]);
    expect(lines.map(({ ended }) => ended)).toEqual([true, true, true, false]);
    expect(lines.map((line) => line.text.length)).toEqual([6, 0, 4097, 4]);
  });
});
