import { describe, expect, test } from 'vitest';
import {
  autoconfig,
  autoconfigHttp,
  DEFAULT_ISPDB,
  ispdb,
  ispdbUrl,
} from '../../src/sources/autoconfig.ts';
import type { Source, Subject } from '../../src/sources/source.ts';
import {
  askSource,
  type Lookups,
  outcomes,
  type Page,
  type Paper,
  paperNetwork,
  proposed,
  warningCodes,
} from './paper-network.ts';

const config = (host: string, name = '') => `<clientConfig><emailProvider>
  ${name && `<displayName>${name}</displayName><documentation url="https://example.com/help"/>`}
  <outgoingServer type="smtp"><hostname>${host}</hostname><port>465</port><socketType>SSL</socketType>
  <username>%EMAILADDRESS%</username></outgoingServer></emailProvider></clientConfig>`;

const FIRST = 'https://autoconfig.example.com/mail/config-v1.1.xml';
const SECOND = 'https://example.com/.well-known/autoconfig/mail/config-v1.1.xml';
const ALIAS = 'autoconfig.example.com CNAME';

async function ask(source: Source, documents: Paper['documents'] = {}, asking: Lookups = {}) {
  const network = paperNetwork({ documents });
  const answers = await askSource(source, network, asking);
  return { answers, asked: network.asked, first: [...answers.values()][0] };
}

describe('autoconfig', () => {
  test('is looked for in two places, in order, and then by alias', async () => {
    const { answers, asked } = await ask(autoconfig, {
      [FIRST]: config('a.example.com'),
      [SECOND]: config('b.example.com'),
    });
    expect(asked).toEqual([FIRST, SECOND, ALIAS]);
    expect([...answers.keys()]).toEqual([FIRST, SECOND, ALIAS]);
    expect(proposed(answers)).toEqual(['a.example.com:465/tls', 'b.example.com:465/tls']);
  });

  test('a web page in the first place does not hide a document in the second', async () => {
    const { answers } = await ask(autoconfig, {
      [FIRST]: '<!doctype html><title>Welcome</title>',
      [SECOND]: config('b.example.com'),
    });
    expect(outcomes(answers)).toEqual(['nothing', 'found', 'nothing']);
  });

  test('tells the channel, the provider and what the document says', async () => {
    const { first } = await ask(autoconfig, { [FIRST]: config('smtp.%EMAILDOMAIN%', 'Ex Mail') });
    expect(first).toMatchObject({
      outcome: 'found',
      channel: 'https',
      provider: { id: null, name: 'Ex Mail', documentation: 'https://example.com/help', notes: [] },
      statements: [{ host: 'smtp.example.com', username: '%EMAILADDRESS%' }],
    });
  });

  test('redirected through plain HTTP it is not secure', async () => {
    const page = { body: Buffer.from(config('a.example')), secure: false } as Page;
    expect((await ask(autoconfig, { [FIRST]: page })).first).toMatchObject({ channel: 'http' });
  });

  test('a broken document is a lasting failure that the user hears of', async () => {
    const { answers, first } = await ask(autoconfig, { [FIRST]: '<clientConfig>' });
    expect(first).toMatchObject({ outcome: 'failed', temporary: false, reached: true });
    expect(warningCodes(answers)).toEqual(['source-malformed']);
  });

  test('a server in trouble is a passing failure', async () => {
    const { first } = await ask(autoconfig, { [FIRST]: 503 });
    expect(first).toMatchObject({ outcome: 'failed', temporary: true, reached: true });
  });
});

describe('the address', () => {
  const asking = (source: Source, more: Lookups) =>
    ask(source, {}, { query: 'a+b@example.com', ...more });

  test('stays here unless the user sends it', async () => {
    expect((await asking(autoconfig, {})).asked.join()).not.toContain('a%2Bb');
  });

  test('goes, escaped, to the own domain over HTTPS when the user sends it', async () => {
    const query = '?emailaddress=a%2Bb%40example.com';
    const { asked } = await asking(autoconfig, { sendAddress: true });
    expect(asked).toEqual([FIRST + query, SECOND + query, ALIAS]);
  });

  const others: [string, Source, string, Subject['kind']][] = [
    ['the provider of the MX', autoconfig, 'hoster.example', 'mx'],
    ['a parent domain', autoconfig, 'com.example', 'parent'],
    ['plain HTTP', autoconfigHttp, 'example.com', 'self'],
    ['the ISPDB', ispdb, 'example.com', 'self'],
  ];
  test.each(others)('never goes to %s', async (_, source, about, kind) => {
    const { asked } = await asking(source, { sendAddress: true, about, kind });
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.join()).not.toMatch(/emailaddress|a%2Bb|a\+b/);
  });

  test('cannot go for a bare domain', async () => {
    const { asked } = await ask(autoconfig, {}, { query: 'example.com', sendAddress: true });
    expect(asked).toEqual([FIRST, SECOND, ALIAS]);
  });

  test('a server that refuses without it yields a hint, where sending it would help', async () => {
    const own = await ask(autoconfig, { [FIRST]: 400 });
    expect(own.first).toMatchObject({
      outcome: 'nothing',
      detail: expect.stringContaining('full address'),
    });
    expect(warningCodes(own.answers)).toEqual(['address-wanted']);

    const sent = await ask(
      autoconfig,
      { [`${FIRST}?emailaddress=you%40example.com`]: 400 },
      { sendAddress: true },
    );
    expect(warningCodes(sent.answers)).toEqual([]);
    const bare = await ask(
      autoconfig,
      { [FIRST]: 400 },
      { query: 'example.com', sendAddress: true },
    );
    expect(warningCodes(bare.answers)).toEqual([]);
    const mx = await ask(
      autoconfig,
      { [FIRST]: 400 },
      { query: 'you@x.example', about: 'example.com', kind: 'mx' },
    );
    expect(warningCodes(mx.answers)).toEqual([]);
    const http = await ask(autoconfigHttp, { [FIRST.replace('https', 'http')]: 400 });
    expect(warningCodes(http.answers)).toEqual([]);
  });
});

describe('a server that refuses without an address', () => {
  const ABOUT = '?emailaddress=postmaster%40example.com';
  const refusal: Page = { contentType: 'text/plain', body: Buffer.from('Missing emailaddress') };
  const personal = (name: string, host = 'a.example.com') =>
    config(host, 'Groupware (postmaster@example.com)').replace('%EMAILADDRESS%', name);

  const refusals: [string, Page][] = [
    ['by status', 400],
    ['by words', refusal],
    ['by words and status', { ...refusal, status: 404 }],
    ['by words and another status', { ...refusal, status: 403 }],
  ];
  test.each(refusals)('%s, is asked about postmaster', async (_, page) => {
    const { first, asked, answers } = await ask(autoconfig, {
      [FIRST]: page,
      [FIRST + ABOUT]: personal('postmaster@example.com'),
    });
    expect(first).toMatchObject({
      outcome: 'found',
      channel: 'https',
      from: FIRST + ABOUT,
      provider: { name: 'Groupware' },
      statements: [{ host: 'a.example.com', username: '%EMAILADDRESS%' }],
    });
    expect(asked).toEqual([FIRST, FIRST + ABOUT, SECOND, ALIAS]);
    expect(warningCodes(answers)).toEqual([]);
  });

  const usernames: [string, string | null][] = [
    ['postmaster', '%EMAILLOCALPART%'],
    ['postmaster%40example.com', '%EMAILADDRESS%'],
    ['%EMAILLOCALPART%', '%EMAILLOCALPART%'],
    ['u1234', null],
  ];
  test.each(usernames)('and answers with the user name %s', async (name, username) => {
    const { first } = await ask(autoconfig, { [FIRST]: 400, [FIRST + ABOUT]: personal(name) });
    expect(first).toMatchObject({ statements: [{ username }] });
  });

  test('and has a host of each user’s own', async () => {
    const { first } = await ask(autoconfig, {
      [FIRST]: 400,
      [FIRST + ABOUT]: personal('x', 'postmaster.example.com'),
    });
    expect(first).toMatchObject({ outcome: 'nothing', warnings: [{ code: 'address-wanted' }] });
  });

  const failures: [string, Page, object][] = [
    ['refuses again', 400, { outcome: 'nothing' }],
    ['does not know postmaster', 404, { outcome: 'nothing' }],
    ['says so again', refusal, { outcome: 'nothing' }],
    ['has a broken document', '<clientConfig>', { outcome: 'nothing' }],
    ['is in trouble then', 503, { outcome: 'failed', temporary: true }],
  ];
  test.each(failures)('and %s, wants the address', async (_, page, expected) => {
    const { first } = await ask(autoconfig, { [FIRST]: 400, [FIRST + ABOUT]: page });
    expect(first).toMatchObject({ ...expected, warnings: [{ code: 'address-wanted' }] });
  });

  test('is asked so for a bare domain, too', async () => {
    const documents = { [FIRST]: 400, [FIRST + ABOUT]: personal('postmaster') };
    for (const sendAddress of [false, true]) {
      const { first } = await ask(autoconfig, documents, { query: 'example.com', sendAddress });
      expect(first).toMatchObject({ outcome: 'found' });
    }
  });

  test('may not be led out of the domain with it', async () => {
    const led: Page = { kind: 'failed', reason: 'redirect', detail: 'x', reached: true };
    const network = paperNetwork({ documents: { [FIRST]: 400, [FIRST + ABOUT]: led } });
    await askSource(autoconfig, network);
    const told = network.requests.filter(({ url }) => url === FIRST + ABOUT);
    expect(told).toMatchObject([{ options: { within: 'example.com' } }]);
  });

  test('and was told the user’s own, is not', async () => {
    const { asked } = await ask(
      autoconfig,
      { [`${FIRST}?emailaddress=you%40example.com`]: 400 },
      { sendAddress: true },
    );
    expect(asked.join()).not.toContain('postmaster');
  });

  const strangers: [string, Source, string, Lookups][] = [
    ['plain HTTP', autoconfigHttp, FIRST.replace('https', 'http'), {}],
    ['the ISPDB', ispdb, 'https://ispdb.example/v1.1/example.com', {}],
    [
      'the MX’s domain',
      autoconfig,
      FIRST,
      { query: 'you@x.example', about: 'example.com', kind: 'mx' },
    ],
  ];
  test.each(strangers)('and is %s, is not', async (_, source, url, asking) => {
    const { asked, answers } = await ask(source, { [url]: refusal }, asking);
    expect(asked).toContain(url);
    expect(asked.join()).not.toContain('postmaster');
    expect(warningCodes(answers)).toEqual([]);
  });

  test('and is the parent domain’s, is asked about that one’s postmaster', async () => {
    const { first } = await ask(
      autoconfig,
      { [FIRST]: 400, [FIRST + ABOUT]: personal('postmaster') },
      { query: 'you@dept.example.com', about: 'example.com', kind: 'parent' },
    );
    expect(first).toMatchObject({ statements: [{ username: '%EMAILLOCALPART%' }] });
  });
});

describe('the other places of such documents', () => {
  test('plain HTTP has the same two, and is never secure', async () => {
    const urls = [FIRST, SECOND].map((url) => url.replace('https:', 'http:'));
    const { asked, first } = await ask(autoconfigHttp, { [urls[0] ?? '']: config('a.example') });
    expect(asked).toEqual(urls);
    expect(first).toMatchObject({ outcome: 'found', channel: 'http' });
  });

  test('the ISPDB is asked by exact domain', async () => {
    const url = 'https://ispdb.example/v1.1/example.com';
    const { asked, first } = await ask(ispdb, { [url]: config('smtp.%EMAILDOMAIN%', 'Ex') });
    expect(asked).toEqual([url]);
    expect(first).toMatchObject({ outcome: 'found', channel: 'https' });
    expect(DEFAULT_ISPDB).toMatch(/^https:\/\/.*\/$/);
  });

  test('about the MX’s domain, placeholders are still the address’s domain', async () => {
    const documents = { 'https://ispdb.example/v1.1/hoster.example': config('smtp.%EMAILDOMAIN%') };
    const { answers } = await ask(ispdb, documents, { about: 'hoster.example', kind: 'mx' });
    expect(proposed(answers)).toEqual(['smtp.example.com:465/tls']);
  });

  const bases: [string, string][] = [
    ['https://ispdb.example/v1.1/', 'https://ispdb.example/v1.1/example.com'],
    ['https://ispdb.example/v1.1', 'https://ispdb.example/v1.1/example.com'],
    ['https://ispdb.example/?d=', 'https://ispdb.example/?d=example.com'],
  ];
  test.each(bases)('the domain is appended to %s', (base, url) => {
    expect(ispdbUrl(base, 'example.com')).toBe(url);
  });
});
