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
