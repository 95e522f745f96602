import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { firstColumn } from '../../../src/cli/input/csv.ts';
import { type Line, readLines } from '../../../src/cli/input/lines.ts';
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

async function column(text: string): Promise<string[]> {
  const fields: string[] = [];
  for await (const line of firstColumn(readLines(chunksOf(text)))) fields.push(line.text);
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
    for await (const line of readLines(chunksOf(text))) lines.push(line);
    expect(lines.map(({ bytes }) => bytes)).toEqual([9, 1, 20_001, 4]);
    expect(lines.map(({ ended }) => ended)).toEqual([true, true, true, false]);
    expect(lines.map((line) => line.text.length)).toEqual([6, 0, 4097, 4]);
  });
});
