import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readListLines } from '../../../src/cli/input/lines.ts';
import { type Listed, readList } from '../../../src/cli/input/list.ts';
import { parseQuery } from '../../../src/model/query.ts';

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}

async function read(list: string | Uint8Array, isFile = true, size = 5): Promise<Listed[]> {
  const bytes = typeof list === 'string' ? Buffer.from(list) : list;
  const found: Listed[] = [];
  for await (const one of readList(readListLines(chunksOf(bytes, size)), isFile)) found.push(one);
  return found;
}

async function texts(list: string | Uint8Array, isFile = true): Promise<string[]> {
  return (await read(list, isFile)).map(({ text }) => text);
}

function utf16(text: string, bigEndian = false): Buffer {
  const bytes = Buffer.from(text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
}

const A = 'a@one.example';
const B = 'b@two.example';
const C = 'c.example';

describe('a list', () => {
  it.each([
    ['comments', `# mine\n${A}\n  # more\n${B}`, [A, B]],
    ['a lone CR', `${A}\r${B}\r\r${C}\r`, [A, B, C]],
    ['all ends of line', `${A}\r\n${B}\r${C}\n`, [A, B, C]],
    ['addresses separated by commas', `${A}, ${B};${C}\n`, [A, B, C]],
    ['tabs', `${A}\t${B}\n`, [A, B]],
    ['a comma at the end', `${A},\n${B};\n`, [A, B]],
    ['names', `Jane <${A}>, "Doe, Bob" <${B}>\n`, [`Jane <${A}>`, `"Doe, Bob" <${B}>`]],
    ['a name with a comma', `Doe, Jane <${A}>\n${B}`, [`Jane <${A}>`, B]],
    ['quotes around each', `"${A}","${B}"\n`, [A, B]],
    ['quotes around all', `"${A}, ${B}"\n`, [A, B]],
    ['a link with two recipients', `mailto:${A},${B}?subject=x, y\n`, [A, B]],
    ['rows of commas', `${A},\n,,,\n${B},`, [A, B]],
    ['the address in a later column', `Jane Doe,Main St.,${A}\n`, [A]],
    ['an address before a domain', `Jane Doe,${C},${A}\n`, [A]],
    ['a second address in a table', `${A},Jane Doe,${B}\n`, [A]],
    ['the address by name', `Name,E-Mail,Site\n"Doe, J",${A},${C}\nBob,${B},\n`, [A, B]],
    ['semicolons and commas', `Name;EMAIL\nDoe, J;${A}\n`, [A]],
    ['tabs and a name', `name\tmail\nx\t${A}\n`, [A]],
    ['a quoted header in capitals', `\ufeff"Name","E-mail Address"\n"x","${A}"\n`, [A]],
    ['an address that is a street', `Address,Email\n"Main St. 1",${A}\n`, [A]],
    ['addresses in one cell', `email,name\n"${A}, ${B}",x\n`, [A, B]],
    ['a row without an address', `name,email\nx,\ny,${A}\n`, ['', A]],
    ['a quoted field over lines before it', `note,email\n"1\n2, ""3""",${A}\nx,${B}\n`, [A, B]],
    ['a header of words nobody knows', `Kunde,Ort\nJane,${A}\n`, [A]],
    ['no header, but words', `Jane,${A}\nBob,${B}\n`, [A, B]],
    ['a header of one column', `email\n${A}, ${B}\n`, [A, B]],
    ['JSON', `{"email":"${A}"}\n{"id":1,"email":"${B}"}\n`, [A, B]],
    ['JSON by another name', `{"id":"1","mail":"${A}"}\n{"E-Mail Address":"${B}"}`, [A, B]],
    ['JSON in camel case', `{"address":"Main St.","emailAddress":"${A}"}\n`, [A]],
    ['JSON without an address of its own', `{"email":null,"domain":"${C}"}\n`, [C]],
    ['an array of JSON', `[{"email":"${A}"},{"email":"${B}"}]\n${C}`, [A, B, C]],
    ['an array of texts', `["${A}", "Doe, Bob <${B}>"]\n["${C}"]`, [A, `Doe, Bob <${B}>`, C]],
    ['elements a line each', `{"email":"${A}"},\n{"email":"${B}"}\n`, [A, B]],
    ['an address in brackets', `[${A}]\n["Jane" <${B}>]\n`, [`[${A}]`, `["Jane" <${B}>]`]],
    ['a header in snake case', `name,email_address\nx,${A}\n`, [A]],
    ['our own results', `{"version":1,"query":"Jane <${A}>","email":"${A}"}\n`, [`Jane <${A}>`]],
    ['a result for a domain', `{"version":1,"query":"${C}","email":null}\n`, [C]],
    ['an address that begins with a brace', `{jane}@one.example\n`, ['{jane}@one.example']],
  ])('with %s', async (_, list, expected) => {
    expect(await texts(list)).toEqual(expected);
  });

  it.each(['jane', 'jane,doe', 'Kunde'])(
    'on stdin loses no bad query, as %s at its start',
    async (first) => {
      const found = await texts(`${first}\n${A}\n`, false);
      expect(found).toHaveLength(2);
      expect(found[1]).toBe(A);
      expect(await texts(`Name,E-Mail\n${first.split(',')[0]},${A}\n`, false)).toEqual([A]);
    },
  );

  it.each([
    ['UTF-16 LE', false, '\ufeff'],
    ['UTF-16 BE', true, '\ufeff'],
    ['UTF-16 LE without its mark', false, ''],
    ['UTF-16 BE without its mark', true, ''],
  ])('in %s', async (_, bigEndian, mark) => {
    // U+0A00 and U+0D0A hold the bytes of line ends.
    const list = `${mark}a@bücher.example\r\n\u0a05@one.example\n\u0d0a@two.example\r${C}`;
    const found = await read(utf16(list, bigEndian));
    expect(found.map(({ text }) => text)).toEqual([
      ...['a@bücher.example', '\u0a05@one.example', '\u0d0a@two.example', C],
    ]);
    expect(found.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(list.length * 2);
  });

  it.each([
    ['Latin-1', Buffer.from(`you\xe9@one.example\n${B}`, 'latin1'), 'you\\xe9@one.example'],
    ['a cut character', Buffer.from([0x61, 0xc3, 0x0a, ...Buffer.from(B)]), 'a\\xc3'],
    ['half a UTF-16 pair', utf16(`\ufeffx\ud800\n${B}`), '\\ufeffx\\ud800'],
  ])('has bytes of %s as a bad line, escaped', async (_, list, shown) => {
    const [bad, good] = await read(list);
    expect(bad).toMatchObject({ text: shown, problem: expect.stringContaining('UTF-8') });
    expect(good).toMatchObject({ text: B, problem: null });
  });

  it.each([
    ['JSON without an address', '{"id":1}', '"email"'],
    ['JSON with another', '{"email":5}', '"email"'],
    ['an array without an address', '[{"id":1},5]', '"email"'],
    ['a cut array', `[{"email":"${A}"},{"email":"${C}`, 'an object a line'],
    ['cut JSON', '{"email":"a@one', '"email"'],
    ['a word of more than 4,096 characters', 'x'.repeat(5000), 'too long'],
    ['JSON beyond any measure', `{"email":"${A}","x":"${'x'.repeat(100_000)}"}`, 'too long'],
    ['more addresses than a line holds', `${A},`.repeat(6000), 'too long'],
  ])('has %s as a bad line', async (_, line, problem) => {
    const [bad, good, ...others] = await read(`${line}\n${B}\n`, true, 1000);
    expect(bad?.problem).toContain(problem);
    expect(bad?.text.length).toBeLessThanOrEqual(4096);
    expect([good?.text, others]).toEqual([B, []]);
  });

  it('has each element of an array, also those without an address, in its place', async () => {
    const line = `[{"email":"${A}"},{"id":1},{"mail":"${C}, ${B}"}]\n`;
    const found = await read(line, true, 1000);
    expect(found.map(({ text, problem }) => problem ?? text)).toEqual([
      ...[A, expect.stringContaining('"email"'), C, B],
    ]);
    expect(found.map(({ bytes }) => bytes)).toEqual([line.length, 0, 0, 0]);
  });

  it.each([
    ['', `a@one.example,"x\nb@two.example,"x\n`],
    ['email,note\n', `a@one.example,"x\nb@two.example,"x\n`],
    ['name,email,note\n', `Jane,a@one.example,"x\nBob,b@two.example,"x\n`],
    ['', `a@one.example,"x\nb@two.example\n`],
    ['', `a@one.example,"x ""y\nb@two.example,"x ""y\n`],
  ])('has each address where quotes stay open: %j %j', async (header, list) => {
    expect(await texts(header + list)).toEqual([A, B]);
    const many = Array.from({ length: 200 }, (_, i) => list.replaceAll('@', `${i}@`)).join('');
    expect(await texts(header + many)).toHaveLength(400);
  });

  it('has addresses in one quoted field over several lines', async () => {
    const list = `name,email\nJane,"${A}\n${B}\nd@four.example"\nBob,e@five.example\n`;
    expect(await texts(list)).toEqual([A, B, 'd@four.example', 'e@five.example']);
  });

  it('has a header as long as a line may be', async () => {
    const names = Array.from({ length: 3000 }, (_, i) => `column ${i}`).join(',');
    expect(await texts(`${names},email\n${'x,'.repeat(3000)}${A}\n`)).toEqual([A]);
  });

  it('has a bad line where its header is longer', async () => {
    const names = Array.from({ length: 9000 }, (_, i) => `column ${i}`).join(',');
    expect(await read(`${names},email\n${A}\n`)).toMatchObject([
      { problem: 'is too long' },
      { text: A, problem: null },
    ]);
  });

  it('takes our own longest results', async () => {
    const line = JSON.stringify({ version: 1, query: A, sources: ['x'.repeat(30_000)] });
    expect(await texts(`${line}\n`)).toEqual([A]);
  });
});

const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
const local = fc.oneof(
  word,
  fc.constantFrom('"a, b"', '"x;y"', "o'brien", '"q\\"r"', 'bücher', 'a+b', '{x}'),
);
const query = fc
  .tuple(fc.option(local), word, fc.constantFrom('example', 'com', 'co.uk'))
  .map(([name, host, top]) => (name === null ? `${host}.${top}` : `${name}@${host}.${top}`));
const queries = fc.array(query, { minLength: 1, maxLength: 8 });
const end = fc.constantFrom('\n', '\r\n', '\r');

function csv(field: string): string {
  return /[",;\t]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

const writers: Readonly<Record<string, (list: readonly string[], end: string) => string>> = {
  lines: (list, end) => list.join(end),
  'lines with comments': (list, end) => list.map((one) => `# it${end}${end}${one}${end}`).join(''),
  commas: (list) => list.join(', '),
  'commas and semicolons': (list, end) => list.join(` ;${end}`),
  names: (list, end) => list.map((one) => `"Doe, J" <${one}>`).join(end),
  CSV: (list, end) =>
    ['Nr,Email,Name', ...list.map((one, i) => `${i},${csv(one)},"Doe, ""J"""`)].join(end),
  TSV: (list, end) => ['Name\te-mail', ...list.map((one) => `x, y\t${csv(one)}`)].join(end),
  'semicolon CSV': (list, end) =>
    ['MAIL;Note', ...list.map((one) => `${csv(one)};"a${end}b"`)].join(end),
  NDJSON: (list, end) => list.map((email) => JSON.stringify({ id: 1, email })).join(end),
};

describe('any list of addresses', () => {
  it.each(Object.entries(writers))('written as %s is read as the same', async (_, write) => {
    const encodings = fc.constantFrom<(text: string) => Buffer>(
      (text) => Buffer.from(text),
      (text) => Buffer.from(`\ufeff${text}`),
      (text) => utf16(`\ufeff${text}`),
      (text) => utf16(`\ufeff${text}`, true),
    );
    await fc.assert(
      fc.asyncProperty(
        ...([queries, end, encodings, fc.integer({ min: 1, max: 40 })] as const),
        async (list, lineEnd, encode, size) => {
          const found = await read(encode(write(list, lineEnd)), true, size);
          expect(found.map(({ problem }) => problem)).toEqual(list.map(() => null));
          const understood = found.map(({ text }) => parseQuery(text));
          const wanted = list.map((one) => parseQuery(one));
          expect(understood.map(({ email, domain }) => [email, domain])).toEqual(
            wanted.map(({ email, domain }) => [email, domain]),
          );
        },
      ),
    );
  });

  it('and any bytes at all are read to their end', async () => {
    const piece = fc.constantFrom(
      ...[
        'a@b.example',
        ',',
        ';',
        '\t',
        '"',
        '{"',
        '}',
        '\n',
        '\r',
        '#',
        '\u0000',
        'email',
        '<',
        '>',
      ],
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.from(pieces.join(''))),
    );
    await fc.assert(
      fc.asyncProperty(
        bytes,
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        async (list, isFile, size) => {
          for (const one of await read(list, isFile, size)) {
            if (one.problem === null) expect(one.text).not.toContain('\ufffd');
          }
          // However it is cut into chunks.
          expect(await read(list, isFile, size)).toEqual(await read(list, isFile, 1000));
        },
      ),
      { numRuns: 500 },
    );
  });
});
