import { describe, expect, test } from 'vitest';
import type { HttpAnswer } from '../../../src/net/network.ts';
import { fetchClientConfig, withAddress } from '../../../src/sources/documents/client-config.ts';
import { contextOf, type Page, paperNetwork } from '../paper-network.ts';

const URL = 'https://autoconfig.example.com/mail/config-v1.1.xml';
const server = (host: string) =>
  `<outgoingServer type="smtp"><hostname>${host}</hostname><port>465</port><socketType>SSL</socketType></outgoingServer>`;
const config = (content: string) =>
  `<clientConfig><emailProvider>${content}</emailProvider></clientConfig>`;

function failure(reason: Extract<HttpAnswer, { kind: 'failed' }>['reason'], reached = true): Page {
  return { kind: 'failed', reason, detail: `trouble: ${reason}`, reached } as Page;
}

const unusable = {
  outcome: 'failed',
  temporary: false,
  reached: true,
  warnings: [{ code: 'source-malformed' }],
};
const addressWanted = { outcome: 'nothing', warnings: [{ code: 'address-wanted' }] };

const hint = { standIn: null, hint: true };

async function fetched(page: Page | undefined, url: string = URL) {
  const network = paperNetwork({ documents: page === undefined ? {} : { [url]: page } });
  return fetchClientConfig(url, hint, contextOf(network));
}

describe('fetching a clientConfig document', () => {
  const text = (status: number, body: string, contentType = 'text/plain'): Page =>
    ({ status, contentType, body: Buffer.from(body) }) as Page;
  const cases: [string, Page | undefined, object][] = [
    [
      'a good document',
      config(server('a.example')),
      { outcome: 'found', channel: 'https', detail: 'HTTP 200: 1 server' },
    ],
    [
      'one with a bad section',
      config(server('a.example') + server('b b')),
      { outcome: 'found', detail: 'HTTP 200: 1 server (left out: host name "b b" cannot be used)' },
    ],
    [
      'one with a socketType that nobody knows',
      config(server('a.example').replace('SSL', 'STARTSSL')),
      {
        outcome: 'found',
        detail: 'HTTP 200: 1 server (by its port: socketType "STARTSSL" is unknown)',
      },
    ],
    [
      'one with bad sections alone',
      config(server('b b')),
      { ...unusable, detail: expect.stringContaining('no usable outgoing server') },
    ],
    [
      'one without outgoing servers',
      config(''),
      { outcome: 'nothing', detail: 'HTTP 200: no outgoing server' },
    ],
    [
      'a broken one',
      '<clientConfig>',
      { ...unusable, detail: expect.stringContaining('malformed XML') },
    ],
    [
      'a web page',
      text(200, '<!doctype html>hello', 'text/html'),
      { outcome: 'nothing', detail: 'HTTP 200: a web page (HTML)' },
    ],
    [
      'one found after redirects',
      {
        body: Buffer.from(config(server('a.example'))),
        url: 'https://x.example/a.xml?t=1',
        secure: false,
      } as Page,
      {
        outcome: 'found',
        channel: 'http',
        detail: 'HTTP 200 at https://x.example/a.xml: 1 server',
      },
    ],
    ['204', 204, { outcome: 'nothing', detail: 'HTTP 204' }],
    ['404', undefined, { outcome: 'nothing', detail: 'HTTP 404' }],
    ['410', 410, { outcome: 'nothing' }],
    ['401', 401, { outcome: 'nothing', detail: 'HTTP 401: it is not public' }],
    ['403', 403, { outcome: 'nothing' }],
    ['300', 300, { outcome: 'nothing' }],
    ['400', 400, addressWanted],
    ['404 that misses the address', text(404, 'Missing parameter: emailaddress'), addressWanted],
    [
      '404 with a web page that speaks of one',
      text(404, '<html>Is your e-mail address right?', 'text/html'),
      { outcome: 'nothing' },
    ],
    ['429', 429, { outcome: 'failed', temporary: true, reached: true }],
    ['500', 500, { outcome: 'failed', temporary: true, reached: true, detail: 'HTTP 500' }],
    ['503', 503, { outcome: 'failed', temporary: true }],
    [
      'no such host',
      failure('no-such-host'),
      { outcome: 'nothing', detail: 'trouble: no-such-host' },
    ],
    [
      'a failed name lookup',
      failure('dns', false),
      { outcome: 'failed', temporary: true, reached: false },
    ],
    [
      'a timeout',
      failure('timeout', false),
      { outcome: 'failed', temporary: true, reached: false },
    ],
    [
      'a refused connection',
      failure('refused'),
      { outcome: 'failed', temporary: false, reached: true },
    ],
    ['a bad certificate', failure('certificate'), { outcome: 'failed', temporary: false }],
    ['no TLS', failure('tls'), { outcome: 'failed', temporary: false }],
    ['a forbidden address', failure('blocked'), { outcome: 'failed', temporary: false }],
    ['a redirect to HTTP', failure('redirect'), { outcome: 'failed', temporary: false }],
    ['a document without end', failure('too-large'), { outcome: 'failed', temporary: false }],
  ];
  test.each(cases)('%s', async (_, page, expected) => {
    expect(await fetched(page)).toMatchObject(expected);
  });

  test('a server that was told the address does not want it', async () => {
    expect(await fetched(400, withAddress(URL, 'you@example.com'))).toEqual({
      outcome: 'nothing',
      detail: 'HTTP 400',
    });
  });

  test('a cancelled call throws its reason', async () => {
    const reason = new Error('enough');
    const context = contextOf(paperNetwork(), { signal: AbortSignal.abort(reason) });
    const call = fetchClientConfig(URL, hint, context);
    await expect(call).rejects.toBe(reason);
  });
});

describe('a URL with the address', () => {
  const addresses: [string, string][] = [
    ['you@example.com', 'you%40example.com'],
    ['first.last+tag@example.com', 'first.last%2Btag%40example.com'],
    ["o'neil@example.com", 'o%27neil%40example.com'],
    ['"a b"@example.com', '%22a%20b%22%40example.com'],
    ['50%off@example.com', '50%25off%40example.com'],
    ['a&b=c#d@example.com', 'a%26b%3Dc%23d%40example.com'],
    ['jürgen@example.com', 'j%C3%BCrgen%40example.com'],
    ['a!*(b)~c@example.com', 'a%21%2A%28b%29~c%40example.com'],
  ];
  test.each(addresses)('escapes %s', (address, escaped) => {
    const url = withAddress(URL, address);
    expect(url).toBe(`${URL}?emailaddress=${escaped}`);
    expect(new globalThis.URL(url).searchParams.get('emailaddress')).toBe(address);
  });
});
