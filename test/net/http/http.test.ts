import { createServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { createConnector } from '../../../src/net/connect/connect.ts';
import { parseConnectTo } from '../../../src/net/connect/connect-to.ts';
import { createFetch, type Fetch } from '../../../src/net/http/http.ts';
import type { FetchOptions, HttpAnswer } from '../../../src/net/network.ts';
import { createHandshake } from '../../../src/net/tls/tls.ts';
import { createTrustStore } from '../../../src/net/tls/trust-store.ts';
import {
  type Authority,
  type CertificateRequest,
  createAuthority,
} from '../../lab/certificates.ts';
import { type Listening, listen, listenRaw } from '../servers.ts';

const never = new AbortController().signal;
let authority: Authority;
beforeAll(async () => {
  authority = await createAuthority();
});

/** Every web server has its own pair of ports, put in place by --connect-to. */
function fetcher(
  places: Readonly<Record<string, Listening>>,
  now: () => number = () => performance.now(),
): {
  fetch: (url: string, options?: Partial<FetchOptions>) => Promise<HttpAnswer>;
  sockets: Socket[];
} {
  const sockets: Socket[] = [];
  const connect = createConnector({
    resolveHost: async (host) =>
      host === '127.0.0.1' ? { kind: 'addresses', addresses: [host] } : { kind: 'none' },
    isForbidden: () => true,
    connectTo: Object.entries(places).map(([place, { port }]) =>
      parseConnectTo(`${place}:127.0.0.1:${port}`),
    ),
    onSocket: (socket) => sockets.push(socket),
  });
  const handshake = createHandshake({ trust: createTrustStore({ cacerts: [authority.caPem] }) });
  const fetch: Fetch = createFetch({ connect, handshake, userAgent: 'smtp-find/test', now });
  return { fetch: (url, options) => fetch(url, { signal: never, ...options }), sockets };
}

function http(listener: RequestListener): Promise<Listening> {
  return listen(createServer(listener));
}

async function https(
  listener: RequestListener,
  request: CertificateRequest = { names: ['a.example'] },
): Promise<Listening> {
  return listen(createHttpsServer(await authority.issue(request), listener));
}

/** Answers whatever is asked with these bytes. */
function raw(text: string, end = true): Promise<Listening> {
  return listenRaw((socket) => {
    socket.once('data', () => (end ? socket.end(text) : socket.write(text)));
  });
}

describe('an HTTP request', () => {
  it('gets an answer over HTTPS', async () => {
    const seen: unknown[] = [];
    const server = await https((request, response) => {
      seen.push(request.method, request.url, request.headers);
      response.writeHead(200, { 'Content-Type': 'text/xml; charset=utf-8' }).end('<x/>');
    });
    const { fetch, sockets } = fetcher({ 'a.example:443': server });
    const answer = await fetch('https://A.example/x.xml?a=b#c', {
      headers: { Accept: 'text/xml' },
    });
    expect(answer).toEqual({
      kind: 'response',
      status: 200,
      contentType: 'text/xml; charset=utf-8',
      body: Buffer.from('<x/>'),
      url: 'https://a.example/x.xml?a=b',
      secure: true,
    });
    expect(seen).toEqual([
      'GET',
      '/x.xml?a=b',
      {
        host: 'a.example',
        accept: 'text/xml',
        'user-agent': 'smtp-find/test',
        'accept-encoding': 'gzip, deflate, br',
        connection: 'close',
      },
    ]);
    expect(sockets.every(({ destroyed }) => destroyed)).toBe(true);
  });

  it('is not secure over plain HTTP', async () => {
    const server = await http((_, response) => response.end('hello'));
    const { fetch } = fetcher({ 'a.example:80': server });
    const answer = await fetch('http://a.example/');
    expect(answer).toMatchObject({ kind: 'response', status: 200, contentType: '', secure: false });
  });

  it('posts a body', async () => {
    const server = await https(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += String(chunk);
      const { 'content-type': type, 'content-length': length } = request.headers;
      response.end(`${request.method} ${type} ${length} ${text}`);
    });
    const { fetch } = fetcher({ 'a.example:443': server });
    const post = {
      method: 'POST',
      body: '<ü/>',
      headers: { 'Content-Type': 'text/xml; charset=utf-8' },
    } as const;
    const answer = await fetch('https://a.example/', post);
    expect(bodyOf(answer)).toBe('POST text/xml; charset=utf-8 5 <ü/>');
    await fetch('https://a.example/', post);
    expect(server.count()).toBe(2); // Nothing posted is kept.
  });

  it.each([204, 304, 401, 404, 500])('hands on status %d', async (status) => {
    const server = await http((_, response) => response.writeHead(status).end());
    const answer = await fetcher({ 'a.example:80': server }).fetch('http://a.example/');
    expect(answer).toMatchObject({ kind: 'response', status, body: Buffer.alloc(0) });
  });

  it('understands chunks', async () => {
    const server = await raw(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n',
    );
    const answer = await fetcher({ 'a.example:80': server }).fetch('http://a.example/');
    expect(bodyOf(answer)).toBe('abcde');
  });

  it('reads to the end of the connection where no length is given', async () => {
    const server = await raw('HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n<x/>');
    const answer = await fetcher({ 'a.example:80': server }).fetch('http://a.example/');
    expect(bodyOf(answer)).toBe('<x/>');
  });

  it.each([
    ['gzip', gzipSync('hello')],
    ['x-gzip', gzipSync('hello')],
    ['deflate', deflateSync('hello')],
    ['deflate', deflateRawSync('hello')],
    ['br', brotliCompressSync('hello')],
    ['identity', Buffer.from('hello')],
    ['Deflate, GZIP', gzipSync(deflateSync('hello'))],
    ['gzip', Buffer.alloc(0)],
  ])('undoes the content coding %s', async (coding, body) => {
    const server = await http((_, response) => {
      response.writeHead(200, { 'Content-Encoding': coding }).end(body);
    });
    const answer = await fetcher({ 'a.example:80': server }).fetch('http://a.example/');
    expect(bodyOf(answer)).toBe(body.length === 0 ? '' : 'hello');
  });

  it('ends with the reason of its signal, leaving nothing open', async () => {
    const drip = await listenRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n');
      const timer = setInterval(() => socket.write('x'), 5);
      socket.once('close', () => clearInterval(timer));
    });
    const mute = await listenRaw(() => {});
    const { fetch, sockets } = fetcher({ 'drip:80': drip, 'mute:80': mute, 'mute:443': mute });
    for (const url of ['http://drip/', 'http://mute/', 'https://mute/']) {
      const controller = new AbortController();
      const reason = new Error('enough');
      setTimeout(() => controller.abort(reason), 40);
      await expect(fetch(url, { signal: controller.signal })).rejects.toBe(reason);
      await expect(fetch(url, { signal: controller.signal })).rejects.toBe(reason);
    }
    expect(sockets).toHaveLength(3);
    expect(sockets.every(({ destroyed }) => destroyed)).toBe(true);
  });
});

describe('a failed HTTP request', () => {
  it.each([
    ['ftp://a.example/', 'protocol', '"ftp://a.example/" is no web address'],
    ['https://a.example:25/?x@y', 'protocol', '"https://a.example:25/" is no web address'],
    ['https://nowhere.example/', 'no-such-host', 'nowhere.example does not exist'],
  ])('to %s is: %s', async (url, reason, detail) => {
    const answer = await fetcher({}).fetch(url);
    expect(answer).toMatchObject({ kind: 'failed', reason });
    expect(answer).toHaveProperty('detail', expect.stringContaining(detail));
  });

  it('names the port that refused', async () => {
    const server = await listenRaw(() => {});
    const answer = await fetcher({ 'a.example:443': { ...server, port: 1 } }).fetch(
      'https://a.example/',
    );
    expect(answer).toMatchObject({ kind: 'failed', reason: 'refused', reached: true });
  });

  it('says that a server has no TLS', async () => {
    const server = await http((_, response) => response.end());
    const answer = await fetcher({ 'a.example:443': server }).fetch('https://a.example/');
    expect(answer).toMatchObject({ kind: 'failed', reason: 'tls', reached: true });
  });

  it.each<[CertificateRequest, string]>([
    [{ names: ['b.example'] }, 'a.example: the certificate is for another name (b.example)'],
    [
      { names: [], commonName: 'a.example' },
      'a.example: the certificate names the host only in its common name',
    ],
    [{ names: ['a.example'], selfSigned: true }, 'a.example: the certificate is self-signed'],
    [
      { names: ['a.example'], notBefore: new Date(0), notAfter: new Date(1e12) },
      'a.example: the certificate expired on 2001-09-09',
    ],
  ])('never goes past a bad certificate: %o', async (request, detail) => {
    let asked = false;
    const server = await https((_, response) => {
      asked = true;
      response.end();
    }, request);
    const { fetch, sockets } = fetcher({ 'a.example:443': server });
    const answer = await fetch('https://a.example/');
    expect(answer).toEqual({ kind: 'failed', reason: 'certificate', detail, reached: true });
    expect(asked).toBe(false);
    expect(sockets.every(({ destroyed }) => destroyed)).toBe(true);
  });

  it.each([
    ['no HTTP', '220 mail.example ESMTP\r\n', 'its answer is not HTTP'],
    ['a bad status line', 'HTTP/1.1 abc OK\r\n\r\n', 'its answer is not HTTP'],
    ['nothing', '', 'it closed the connection'],
    ['half a header', 'HTTP/1.1 200 OK\r\nContent-', 'it closed the connection'],
    ['half a body', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc', 'it closed the connection'],
    [
      'another protocol',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
      'it changed the protocol',
    ],
    [
      'an unknown coding',
      'HTTP/1.1 200 OK\r\nContent-Encoding: compress\r\n\r\nabc',
      'its answer is not the compress it claims to be',
    ],
    [
      'a false coding',
      'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nabc',
      'its answer is not the gzip it claims to be',
    ],
    [
      'too many codings',
      'HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip, gzip\r\n\r\nabc',
      'its answer is not the gzip, gzip, gzip it claims to be',
    ],
  ])('says what is wrong with %s', async (_, text, detail) => {
    const answer = await fetcher({ 'a.example:80': await raw(text) }).fetch('http://a.example/');
    expect(answer).toEqual({
      kind: 'failed',
      reason: 'protocol',
      detail: `a.example: ${detail}`,
      reached: true,
    });
  });

  it.each([
    ['a long body', {}, Buffer.alloc(70_000)],
    ['a bomb', { 'Content-Encoding': 'gzip' }, gzipSync(Buffer.alloc(50_000_000))],
    [
      'a bomb in a bomb',
      { 'Content-Encoding': 'gzip, br' },
      brotliCompressSync(gzipSync(Buffer.alloc(50_000_000))),
    ],
    ['long headers', { 'X-Long': 'x'.repeat(40_000) }, Buffer.alloc(0)],
  ])('stops reading %s', async (_, headers, body) => {
    const server = await http((_request, response) => response.writeHead(200, headers).end(body));
    const { fetch } = fetcher({ 'a.example:80': server });
    const answer = await fetch('http://a.example/', { maxBytes: 64 * 1024 });
    expect(answer).toEqual({
      kind: 'failed',
      reason: 'too-large',
      detail: 'a.example: its answer is larger than 64 KiB',
      reached: true,
    });
  });

  it('stops reading a body without end', async () => {
    const server = await listenRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const more = (): void => {
        while (!socket.destroyed && socket.write(Buffer.alloc(16_384)));
      };
      socket.on('drain', more);
      more();
    });
    const answer = await fetcher({ 'a.example:80': server }).fetch('http://a.example/');
    expect(answer).toMatchObject({ kind: 'failed', reason: 'too-large' });
  });
});

describe('redirects', () => {
  function redirects(routes: Readonly<Record<string, string>>, status = 302): RequestListener {
    return (request, response) => {
      const location = routes[request.url ?? ''];
      if (location === undefined) response.end(`${request.method} ${request.headers.host}`);
      else response.writeHead(status, { Location: location }).end('moved');
    };
  }

  it('are followed over several servers', async () => {
    const a = await https(redirects({ '/': '/2', '/2': 'https://b.example/3' }));
    const b = await https(redirects({ '/3': 'four' }), { names: ['b.example'] });
    const { fetch, sockets } = fetcher({ 'a.example:443': a, 'b.example:443': b });
    const answer = await fetch('https://a.example/');
    expect(answer).toMatchObject({ status: 200, url: 'https://b.example/four', secure: true });
    expect(bodyOf(answer)).toBe('GET b.example');
    expect(sockets.every(({ destroyed }) => destroyed)).toBe(true);
  });

  it('from HTTP are never secure', async () => {
    const plain = await http(redirects({ '/': 'https://a.example/x' }));
    const secure = await https(redirects({}));
    const { fetch } = fetcher({ 'a.example:80': plain, 'a.example:443': secure });
    const answer = await fetch('http://a.example/');
    expect(answer).toMatchObject({ url: 'https://a.example/x', secure: false });
  });

  it('never lead from HTTPS to HTTP', async () => {
    const plain = await http(redirects({}));
    const secure = await https(redirects({ '/': 'http://a.example/x' }));
    const { fetch } = fetcher({ 'a.example:80': plain, 'a.example:443': secure });
    expect(await fetch('https://a.example/')).toEqual({
      kind: 'failed',
      reason: 'redirect',
      detail: 'a.example redirects from HTTPS to plain HTTP (a.example)',
      reached: true,
    });
    expect(plain.count()).toBe(0);
  });

  it('never lead past the address policy', async () => {
    const inner = await http(redirects({}));
    const server = await http(redirects({ '/': `http://127.0.0.1:${inner.port}/` }));
    const { fetch } = fetcher({ 'a.example:80': server });
    const answer = await fetch('http://a.example/');
    expect(answer).toMatchObject({ kind: 'failed', reason: 'blocked' });
    expect(inner.count()).toBe(0);
  });

  it('never lead past a bad certificate', async () => {
    const a = await https(redirects({ '/': 'https://b.example/' }));
    const { fetch } = fetcher({ 'a.example:443': a, 'b.example:443': a });
    expect(await fetch('https://a.example/')).toMatchObject({ reason: 'certificate' });
  });

  it('are five at most', async () => {
    const routes = Object.fromEntries(
      Array.from({ length: 6 }, (_, index) => [`/${index}`, `/${index + 1}`]),
    );
    const server = await http(redirects(routes));
    const { fetch } = fetcher({ 'a.example:80': server });
    expect(await fetch('http://a.example/1')).toMatchObject({ url: 'http://a.example/6' });
    expect(await fetch('http://a.example/0')).toMatchObject({
      reason: 'redirect',
      detail: 'a.example redirects more than 5 times',
    });
  });

  it('do not go in circles', async () => {
    const server = await http(redirects({ '/': '/x', '/x': '/' }));
    const { fetch } = fetcher({ 'a.example:80': server });
    expect(await fetch('http://a.example/')).toMatchObject({
      reason: 'redirect',
      detail: 'a.example redirects in a circle',
    });
    expect(server.count()).toBe(2);
  });

  it('without a place to go are answers', async () => {
    const server = await raw('HTTP/1.1 302 Found\r\nContent-Length: 2\r\n\r\nhm');
    const answer = await fetcher({ 'a.example:80': server }).fetch('http://a.example/');
    expect(answer).toMatchObject({ kind: 'response', status: 302 });
  });

  it.each([
    [302, 'GET a.example'],
    [307, 'POST a.example'],
  ])('after a POST, with %d, ask with %s', async (status, expected) => {
    const server = await http(redirects({ '/': '/x' }, status));
    const answer = await fetcher({ 'a.example:80': server }).fetch('http://a.example/', {
      method: 'POST',
      body: 'x',
    });
    expect(bodyOf(answer)).toBe(expected);
  });
});

describe('answers', () => {
  it('are shared by equal requests, and kept', async () => {
    const server = await http((request, response) => response.end(request.url));
    const { fetch } = fetcher({ 'a.example:80': server });
    await Promise.all([fetch('http://a.example/'), fetch('http://a.example/#x')]);
    await fetch('http://a.example');
    expect(server.count()).toBe(1);
    await fetch('http://a.example/other');
    await fetch('http://a.example/', { headers: { Accept: 'text/xml' } });
    expect(server.count()).toBe(3);
  });

  it('are asked for again after some minutes', async () => {
    const server = await http((_, response) => response.end('settings'));
    let now = 0;
    const { fetch } = fetcher({ 'a.example:80': server }, () => now);
    await fetch('http://a.example/');
    now = 4 * 60_000;
    await fetch('http://a.example/');
    expect(server.count()).toBe(1);
    now = 6 * 60_000;
    await fetch('http://a.example/');
    expect(server.count()).toBe(2);
  });

  it('are not kept when they are large', async () => {
    const server = await http((_, response) => response.end(Buffer.alloc(65_537)));
    const { fetch } = fetcher({ 'a.example:80': server });
    await fetch('http://a.example/');
    await fetch('http://a.example/');
    expect(server.count()).toBe(2);
  });

  it('are kept up to some megabytes altogether', async () => {
    const server = await http((_, response) => response.end(Buffer.alloc(65_536)));
    const { fetch } = fetcher({ 'a.example:80': server });
    await fetch('http://a.example/first');
    for (let i = 0; i < 130; i += 10) {
      await Promise.all(Array.from({ length: 10 }, (_, k) => fetch(`http://a.example/${i + k}`)));
    }
    await fetch('http://a.example/129');
    expect(server.count()).toBe(131);
    await fetch('http://a.example/first');
    expect(server.count()).toBe(132);
  });

  it('still come to those who stay when another leaves', async () => {
    const server = await http((_, response) => void setTimeout(() => response.end('late'), 60));
    const { fetch } = fetcher({ 'a.example:80': server });
    const controller = new AbortController();
    const left = fetch('http://a.example/', { signal: controller.signal });
    const stays = fetch('http://a.example/');
    controller.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    expect(bodyOf(await stays)).toBe('late');
    expect(server.count()).toBe(1);
  });
});

function bodyOf(answer: HttpAnswer): string {
  if (answer.kind === 'failed') throw new Error(answer.detail);
  return answer.body.toString();
}
