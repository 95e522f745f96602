import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkDigest, pacc, paccUrl } from '../../src/sources/pacc.ts';
import {
  askSource,
  dnsFailure,
  type Page,
  paperNetwork,
  proposed,
  warningCodes,
} from './paper-network.ts';

const URL = paccUrl('example.com');
const GOOD =
  '{"protocols":{"submit":{"host":"smtp.example.com"}},"info":{"provider":{"name":"Ex"}}}';

const digestOf = (text: string) => createHash('sha256').update(text).digest('base64');

async function ask(page: Page | undefined, txt?: object) {
  const documents = page === undefined ? {} : { [URL]: page };
  const zone = txt ? { '_ua-auto-config.example.com TXT': txt } : {};
  const network = paperNetwork({ documents, zone });
  const answers = await askSource(pacc, network);
  return { answers, answer: answers.get(URL), asked: network.asked };
}

test('a document is a secure statement', async () => {
  const { answers, answer, asked } = await ask(GOOD);
  expect(proposed(answers)).toEqual(['smtp.example.com:465/tls']);
  expect(answer).toMatchObject({ channel: 'https', provider: { id: null, name: 'Ex' } });
  expect(answer).not.toHaveProperty('incomplete');
  expect(asked).toEqual([URL, '_ua-auto-config.example.com TXT']);
});

test('one that the DNS does not vouch for is refused, and the user hears of it', async () => {
  const { answers, answer } = await ask(GOOD, ['v=UAAC1; a=sha256; d=AAAA']);
  expect(answer).toMatchObject({ outcome: 'failed', temporary: false, reached: true });
  expect(warningCodes(answers)).toEqual(['source-malformed']);
});

test('one whose digest cannot be looked up counts, for now', async () => {
  expect((await ask(GOOD, dnsFailure)).answer).toMatchObject({
    outcome: 'found',
    incomplete: true,
  });
});

test('none is nothing', async () => {
  expect((await ask(undefined)).answer).toEqual({ outcome: 'nothing', detail: 'HTTP 404' });
});

describe('the digest of a document', () => {
  const good = digestOf(GOOD);
  const cases: [string, string[], string][] = [
    ['no record', [], 'absent'],
    ['a record about something else', ['v=spf1 -all'], 'absent'],
    ['the right one', [`v=UAAC1; a=sha256; d=${good}`], 'matches'],
    [
      'in any order, with any spaces and a semicolon at the end',
      [` d = ${good} ;a=SHA256;v=uaac1;`],
      'matches',
    ],
    ['with unknown tags', [`v=UAAC1; x=1; a=sha256; d=${good}; y`], 'matches'],
    [
      'any of several',
      [`v=UAAC1; a=sha256; d=${digestOf('x')}`, `v=UAAC1; a=sha256; d=${good}`],
      'matches',
    ],
    ['a wrong one', [`v=UAAC1; a=sha256; d=${digestOf('x')}`], 'differs'],
    ['an empty one', ['v=UAAC1; a=sha256; d='], 'differs'],
    ['an unknown algorithm', [`v=UAAC1; a=md5; d=${good}`], 'differs'],
  ];
  test.each(cases)('%s', (_, records, verdict) => {
    expect(checkDigest(records, Buffer.from(GOOD))).toBe(verdict);
  });
});

describe('a document', () => {
  const unusable = { outcome: 'failed', temporary: false, reached: true };
  const right = [`v=UAAC1; a=sha256; d=${digestOf(GOOD)}`];
  const wrong = [`v=UAAC1; a=sha256; d=${digestOf('x')}`];
  const cases: [string, Page, readonly string[] | object | undefined, object][] = [
    [
      'without a digest',
      GOOD,
      undefined,
      { outcome: 'found', detail: 'HTTP 200: smtp.example.com' },
    ],
    [
      'with the right digest',
      GOOD,
      right,
      { outcome: 'found', detail: expect.stringContaining('digest verified') },
    ],
    [
      'with a wrong digest',
      GOOD,
      wrong,
      { ...unusable, detail: expect.stringContaining('digest') },
    ],
    [
      'with a digest that cannot be looked up',
      GOOD,
      dnsFailure,
      { outcome: 'found', incomplete: true },
    ],
    ['that is a web page', '<html>', undefined, { outcome: 'nothing' }],
    ['that is broken', '{', undefined, unusable],
    ['without submission', '{}', undefined, { outcome: 'nothing' }],
    ['with a bad host alone', '{"protocols":{"submit":{"host":"a b"}}}', undefined, unusable],
    ['that is missing', 404, undefined, { outcome: 'nothing', detail: 'HTTP 404' }],
    ['from a server in trouble', 500, undefined, { outcome: 'failed', temporary: true }],
  ];
  test.each(cases)('%s', async (_, page, txt, expected) => {
    expect((await ask(page, txt)).answer).toMatchObject(expected);
  });

  test('goes to one HTTPS place', () => {
    expect(paccUrl('example.com')).toBe(
      'https://ua-auto-config.example.com/.well-known/user-agent-configuration.json',
    );
  });
});
