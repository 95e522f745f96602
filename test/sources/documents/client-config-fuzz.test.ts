import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normaliseHost } from '../../../src/model/domain.ts';
import { printable } from '../../../src/model/printable.ts';
import { parseClientConfig } from '../../../src/sources/documents/client-config-xml.ts';

const GOOD = `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1"><emailProvider id="example.com">
<displayName>Ex &amp; ample</displayName>
<outgoingServer type="smtp"><hostname>smtp.%EMAILDOMAIN%</hostname><port>465</port>
<socketType>SSL</socketType><authentication>OAuth2</authentication>
<username>%EMAILADDRESS%</username></outgoingServer>
<documentation url="https://example.com/"/></emailProvider>
<oAuth2><issuer>x</issuer><scope>a b</scope></oAuth2></clientConfig>`;

const PIECES = [
  ...GOOD.split(/(?<=>)|(?=<)/),
  ...['<!--', '-->', '<![CDATA[', ']]>', '<!DOCTYPE', '<?', '?>', '&#x110000;', '&#0;', '&a;', '"'],
  ...['__proto__', '<constructor>', '\u0000', '\ufeff', '\ud800', '\u202e', '%EMAILDOMAIN%', '/>'],
];

async function check(bytes: Uint8Array, contentType: string): Promise<void> {
  const parsed = await parseClientConfig(bytes, contentType, 'example.com');
  if (!parsed.ok) {
    expect(printable(parsed.reason, 200)).toBe(parsed.reason);
    return;
  }
  for (const { host, port, auth, username } of parsed.config.servers) {
    expect(normaliseHost(host)).toBe(host);
    expect(port).toSatisfy((value: number) => value >= 1 && value <= 65535);
    for (const mechanism of auth) expect(mechanism).toMatch(/^[A-Z0-9_-]{1,20}$/);
    if (username !== null) expect(printable(username)).toBe(username);
  }
}

test('any bytes give a result, and nothing unsafe in it', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.string(), check), {
    numRuns: 300,
  });
});

test('so does any heap of pieces of a document', async () => {
  const heap = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(heap, (pieces) => check(Buffer.from(pieces.join('')), 'text/xml')),
    { numRuns: 500 },
  );
});

test('so does a good document with some bytes changed', async () => {
  const edits = fc.array(fc.tuple(fc.nat(GOOD.length - 1), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(edits, async (changes) => {
      const bytes = Buffer.from(GOOD);
      for (const [at, byte] of changes) bytes[at] = byte;
      await check(bytes, 'text/xml');
    }),
    { numRuns: 500 },
  );
});

test('nothing that a document holds changes the prototype of all objects', async () => {
  const hostile = GOOD.replace(
    '<displayName>',
    '<__proto__ polluted="yes"><polluted>yes</polluted></__proto__><constructor><prototype polluted="1"/></constructor><displayName>',
  );
  const parsed = await parseClientConfig(Buffer.from(hostile), 'text/xml', 'example.com');
  expect(parsed).toMatchObject({ ok: true, config: { servers: [{ host: 'smtp.example.com' }] } });
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

const KIB = 1024;
const bombs: [string, (size: number) => string][] = [
  ['openings of comments', (size) => `<a>${'<!--'.repeat(size / 4)}`],
  ['openings of CDATA', (size) => `<a>${'<![CDATA['.repeat(size / 9)}`],
  ['processing instructions', (size) => '<?'.repeat(size / 2)],
  ['openings of tags', (size) => '<a '.repeat(size / 3)],
  ['brackets', (size) => '<'.repeat(size)],
  ['attributes', (size) => `<a ${'b="1" '.repeat(size / 6)}/>`],
  [
    'different attributes',
    (size) => `<a ${Array.from({ length: size / 12 }, (_, i) => `b${i}="1"`).join(' ')}/>`,
  ],
  ['white space in a tag', (size) => `<a${' '.repeat(size)}`],
  ['references', (size) => `<clientConfig>${'&amp;'.repeat(size / 5)}</clientConfig>`],
  ['ampersands', (size) => `<clientConfig>${'&#x1'.repeat(size / 4)}</clientConfig>`],
  ['siblings', (size) => `<clientConfig>${'<a/>'.repeat(size / 4)}</clientConfig>`],
  [
    'servers',
    (size) => `<clientConfig>${'<outgoingServer type="smtp"/>'.repeat(size / 29)}</clientConfig>`,
  ],
  ['depth', (size) => '<a>'.repeat(size / 3)],
  [
    'white space after percent signs',
    (size) =>
      `<clientConfig><outgoingServer><username>${'%a'.repeat(size / 2)}</username></outgoingServer></clientConfig>`,
  ],
];
test.each(bombs)('256 KiB of %s take no time to speak of', async (_, bomb) => {
  const document = Buffer.from(bomb(256 * KIB));
  const began = performance.now();
  await check(document, 'text/xml');
  expect(performance.now() - began).toBeLessThan(2000);
});
