import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { inspect } from 'node:util';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parseConnectTo } from '../../../src/net/connect/connect-to.ts';
import { parseResolver } from '../../../src/net/dns/servers.ts';
import { createInternet, type InternetOptions } from '../../../src/net/internet.ts';
import { ConnectFailure, type Network } from '../../../src/net/network.ts';
import { readProxySettings } from '../../../src/net/proxy/proxy-settings.ts';
import { type Authority, createAuthority } from '../../lab/certificates.ts';
import { anAddress, startHttpsPeer, startTlsPeer } from '../dns/encrypted-peer.ts';
import { reply } from '../dns/scripted-peer.ts';
import { closedPort, type Listening, listen, listenRaw } from '../servers.ts';
import { openSilentPort } from '../silent-port.ts';
import { type ProxyBehaviour, startHttpProxy, startSocksProxy, type TestProxy } from './proxies.ts';

const never = new AbortController().signal;
let authority: Authority;
beforeAll(async () => {
  authority = await createAuthority();
});

/** No name is known here, so whatever is reached was found by the proxy. */
function internet(
  proxy: string | undefined,
  options: Partial<InternetOptions> = {},
  env: Readonly<Record<string, string>> = {},
): Network {
  const network = createInternet({
    userAgent: 'smtp-find/test',
    servers: [],
    hosts: { lookup: async () => [] },
    proxies: readProxySettings(proxy, env),
    cacerts: [authority.caPem],
    ...options,
  });
  onTestFinished(() => network.close());
  return network;
}

const greeter = (): Promise<Listening> =>
  listenRaw((socket) => {
    socket.write('220 mail.example ESMTP\r\n');
    socket.on('data', (chunk) => socket.write(`250 ${chunk}`));
  });

async function said(socket: Socket, length: number): Promise<string> {
  let text = '';
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += chunk;
    if (text.length >= length) break;
  }
  return text;
}

async function failure(promise: Promise<unknown>): Promise<ConnectFailure> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConnectFailure)) throw new Error('it did not fail', { cause: error });
  return error;
}

interface Kind {
  readonly start: (behaviour?: ProxyBehaviour) => Promise<TestProxy>;
  readonly url: (proxy: { port: number }, login?: string) => string;
}

const url =
  (scheme: string): Kind['url'] =>
  ({ port }, login) =>
    `${scheme}://${login === undefined ? '' : `${login}@`}127.0.0.1:${port}`;
const socks5: Kind = { start: startSocksProxy, url: url('socks5h') };
const socks4a: Kind = { start: startSocksProxy, url: url('socks4a') };
const http: Kind = { start: startHttpProxy, url: url('http') };
const https: Kind = {
  start: async (behaviour) =>
    startHttpProxy(behaviour, await authority.issue({ names: ['proxy'], ips: ['127.0.0.1'] })),
  url: url('https'),
};
const kinds: readonly (readonly [string, Kind])[] = [
  ['SOCKS5', socks5],
  ['SOCKS4a', socks4a],
  ['HTTP', http],
  ['HTTPS', https],
];

describe.each(kinds)('through a proxy that speaks %s', (_, { start, url }) => {
  it.each([
    ['apart', false],
    ['in one packet', true],
  ])('a server that speaks first is heard, the proxy speaking %s', async (_, coalesce) => {
    const mail = await greeter();
    const proxy = await start({ places: { 'smtp.example:587': mail.port }, coalesce });
    const network = internet(url(proxy));
    const { socket, address, port } = await network.connect('smtp.example', 587, {
      signal: never,
      limited: true,
    });
    expect({ address, port }).toEqual({ address: 'smtp.example', port: 587 });
    // Whoever comes late hears it all the same.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await said(socket, 24)).toBe('220 mail.example ESMTP\r\n');
    socket.write('EHLO');
    expect(await said(socket, 8)).toBe('250 EHLO');
    expect(proxy.asked).toEqual(['smtp.example:587']);
    socket.destroy();
  });

  it('the host is asked for TLS, and the web for its pages', async () => {
    const identity = await authority.issue({ names: ['a.example'] });
    const mail = await listen(createTlsServer(identity, (socket) => socket.end('220 hello')));
    const web = await listen(createHttpsServer(identity, (_, response) => response.end('secure')));
    const old = await listen(createHttpServer((_, response) => response.end('plain')));
    const proxy = await start({
      places: { 'a.example:465': mail.port, 'a.example:443': web.port, 'a.example:80': old.port },
    });
    const network = internet(url(proxy));
    const { socket } = await network.connect('a.example', 465, { signal: never });
    const secured = await network.handshake(socket, { host: 'a.example', signal: never });
    expect(secured.tls.certificate?.problem).toBeNull();
    expect(await said(secured.socket, 9)).toBe('220 hello');
    const secure = await network.fetch('https://a.example/', { signal: never });
    expect(secure).toMatchObject({ kind: 'response', body: Buffer.from('secure'), secure: true });
    const plain = await network.fetch('http://a.example/', { signal: never });
    expect(plain).toMatchObject({ kind: 'response', body: Buffer.from('plain'), secure: false });
    expect([...proxy.asked].sort()).toEqual(['a.example:443', 'a.example:465', 'a.example:80']);
  });

  it('the proxy names itself when it cannot reach the host', async () => {
    const proxy = await start();
    const network = internet(url(proxy));
    const error = await failure(network.connect('smtp.example', 465, { signal: never }));
    expect(error).toMatchObject({ reason: 'unreachable', reached: false });
    const label = `127.0.0.1:${proxy.port}`;
    expect(error.message).toContain(`the proxy ${label} could not connect to smtp.example:465 (`);
    const answer = await network.fetch('https://a.example/', { signal: never });
    expect(answer).toMatchObject({ kind: 'failed', reason: 'unreachable', reached: false });
  });

  it('waiting for a host ends in time, or when it is called off', async () => {
    const proxy = await start({ silent: true });
    const network = internet(url(proxy));
    const options = { signal: never, deadlineMs: 250 };
    const error = await failure(network.connect('smtp.example', 465, options));
    expect(error).toMatchObject({ reason: 'timeout', reached: false });
    const label = `127.0.0.1:${proxy.port}`;
    expect(error.message).toBe(
      `the proxy ${label} did not connect to smtp.example:465 within 0.3 s`,
    );
    const controller = new AbortController();
    const waiting = network.connect('smtp.example', 465, { signal: controller.signal });
    while (proxy.asked.length < 2) await new Promise(setImmediate);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    const closing = network.connect('smtp.example', 465, { signal: never });
    const outcome = closing.catch((reason: unknown) => reason);
    while (proxy.asked.length < 3) await new Promise(setImmediate);
    await network.close();
    expect(await outcome).toMatchObject({ name: 'AbortError' });
  });

  it('a dead proxy is told from a dead host', async () => {
    const port = await closedPort();
    const error = await failure(
      internet(url({ port })).connect('smtp.example', 465, { signal: never }),
    );
    expect(error).toMatchObject({ reason: 'unreachable', reached: false });
    const label = `127.0.0.1:${port}`;
    expect(error.message).toBe(`the proxy ${label} refused the connection (127.0.0.1)`);
  });

  it('something that is no such proxy is called so', async () => {
    const { port } = await listenRaw((socket) => socket.end('220 mail.example ESMTP\r\n'));
    const error = await failure(
      internet(url({ port })).connect('smtp.example', 465, { signal: never }),
    );
    expect(error).toMatchObject({ reason: 'unreachable', reached: false });
    expect(error.message).toMatch(/^the proxy .*does not speak/);
  });

  it('one that hangs up is called so', async () => {
    const { port } = await listenRaw((socket) => socket.once('data', () => socket.destroy()));
    const error = await failure(
      internet(url({ port })).connect('smtp.example', 465, { signal: never }),
    );
    expect(error.message).toMatch(/^the proxy .*closed the connection/);
  });
});

describe('through a SOCKS5 proxy', () => {
  it.each([
    ['2606:4700::1', '26064700000000000000000000000001'],
    ['2606:4700:0:a::1.2.3.4', '260647000000000a0000000001020304'],
    ['::2606:4700', '00000000000000000000000026064700'],
    ['192.0.2.1', '192.0.2.1'],
  ])('an address, %s, goes as its bytes', async (host, bytes) => {
    const proxy = await startSocksProxy();
    const place = host.includes(':') ? `[${host}]` : host;
    const connectTo = [parseConnectTo(`a.example:465:${place}:465`)];
    const network = internet(socks5.url(proxy), { connectTo });
    await failure(network.connect('a.example', 465, { signal: never }));
    expect(proxy.asked).toEqual([`${bytes}:465`]);
  });

  it('its words may come in pieces, and name where it connects from', async () => {
    const words = ['\u0005\0', '\u0005\0\0\u0003\u0004name\0\u0019220 hello'];
    const { port } = await listenRaw((socket) => {
      socket.on('data', async () => {
        for (const letter of words.shift() ?? '') {
          socket.write(letter);
          await new Promise(setImmediate);
        }
      });
    });
    const network = internet(socks5.url({ port }));
    const { socket } = await network.connect('a.example', 465, { signal: never });
    expect(await said(socket, 9)).toBe('220 hello');
    socket.destroy();
  });
});

describe.each([
  ['HTTP', http],
  ['HTTPS', https],
])('plain HTTP through a proxy that speaks %s', (_, { start, url }) => {
  it('asks it for the whole URL, since few allow a tunnel to port 80', async () => {
    const web = await listen(
      createHttpServer(({ url, headers }, response) =>
        response.end(`${url} ${headers.host} ${headers['proxy-authorization']}`),
      ),
    );
    const login = { user: 'joe', password: 's3cret' };
    const proxy = await start({ places: { 'a.example:80': web.port }, login, tunnelPorts: [443] });
    const network = internet(url(proxy, 'joe:s3cret'));
    const answer = await network.fetch('http://a.example/x?y=z', { signal: never });
    expect(answer).toMatchObject({ kind: 'response', status: 200, secure: false });
    expect(answer).toMatchObject({ body: Buffer.from('/x?y=z a.example undefined') });
    expect(proxy.asked).toEqual(['a.example:80']);
  });

  it('follows a redirect to HTTPS through a tunnel', async () => {
    const identity = await authority.issue({ names: ['a.example'] });
    const web = await listen(createHttpsServer(identity, (_, response) => response.end('secure')));
    const old = await listen(
      createHttpServer((_, response) =>
        response.writeHead(302, { Location: 'https://a.example/' }).end(),
      ),
    );
    const places = { 'a.example:443': web.port, 'a.example:80': old.port };
    const network = internet(url(await start({ places, tunnelPorts: [443] })));
    const answer = await network.fetch('http://a.example/', { signal: never });
    expect(answer).toMatchObject({ kind: 'response', body: Buffer.from('secure') });
  });

  it.each([
    [407, 'unreachable', 'wants another user name or password'],
    [500, 'unreachable', 'answered HTTP 500 for a.example:80'],
    [502, 'unreachable', 'answered HTTP 502 for a.example:80'],
    [503, 'unreachable', 'answered HTTP 503 for a.example:80'],
    [504, 'timeout', 'answered HTTP 504 for a.example:80'],
  ])('takes %i for the proxy’s own answer', async (refuse, reason, text) => {
    const proxy = await start({ refuse });
    const answer = await internet(url(proxy)).fetch('http://a.example/', { signal: never });
    expect(answer).toMatchObject({ kind: 'failed', reason, reached: false });
    const detail = expect.stringContaining(`the proxy 127.0.0.1:${proxy.port} ${text}`);
    expect(answer).toMatchObject({ detail });
  });

  it.each([
    ['X-Squid-Error', 'ERR_ACCESS_DENIED 0'],
    ['Proxy-Status', 'squid; error=http_request_denied'],
  ])('knows by %s that the proxy forbids it', async (name, value) => {
    const proxy = await start({ refuse: 403, headers: { [name]: value } });
    const answer = await internet(url(proxy)).fetch('http://a.example/', { signal: never });
    expect(answer).toMatchObject({ kind: 'failed', reason: 'unreachable', reached: false });
    const detail = expect.stringContaining('does not allow it (HTTP 403)');
    expect(answer).toMatchObject({ detail });
  });

  it('asks the DNS whether a host exists that the proxy could not connect to', async () => {
    const peer = await startTlsPeer(
      await authority.issue({ names: ['dns'], ips: ['127.0.0.1'] }),
      (asked) => reply(asked, { rcode: 'NXDOMAIN' }),
    );
    const servers = [parseResolver(`tls://127.0.0.1:${peer.port}`)];
    const proxy = await start();
    // The resolver is reached without the proxy.
    const env = { https_proxy: url(proxy), http_proxy: url(proxy) };
    const network = internet(undefined, { servers }, env);
    const answer = await network.fetch('http://gone.example/', { signal: never });
    expect(answer).toMatchObject({ kind: 'failed', reason: 'no-such-host', reached: true });
  });

  it('passes on what the server itself says', async () => {
    const web = await listen(
      createHttpServer((_, response) => response.writeHead(403).end('not you')),
    );
    const proxy = await start({ places: { 'a.example:80': web.port } });
    const answer = await internet(url(proxy)).fetch('http://a.example/', { signal: never });
    expect(answer).toMatchObject({ kind: 'response', status: 403, body: Buffer.from('not you') });
  });

  it('goes through a tunnel where --connect-to says, which no URL could', async () => {
    const web = await listen(
      createHttpServer(({ headers }, response) => response.end(headers.host)),
    );
    const proxy = await start({ places: { 'b.example:8080': web.port } });
    const connectTo = [parseConnectTo('a.example:80:b.example:8080')];
    const network = internet(url(proxy), { connectTo });
    const answer = await network.fetch('http://a.example/', { signal: never });
    expect(answer).toMatchObject({ kind: 'response', body: Buffer.from('a.example') });
    expect(proxy.asked).toEqual(['b.example:8080']);
  });

  it('a dead proxy is named, and strangers send it nowhere', async () => {
    const port = await closedPort();
    const network = internet(url({ port }));
    expect(await network.fetch('http://a.example/', { signal: never })).toMatchObject({
      kind: 'failed',
      reason: 'unreachable',
      detail: `the proxy 127.0.0.1:${port} refused the connection (127.0.0.1)`,
    });
    expect(await network.fetch('http://127.0.0.1/', { signal: never })).toMatchObject({
      kind: 'failed',
      reason: 'blocked',
    });
  });
});

describe('a proxy with a password', () => {
  it.each([
    ['SOCKS5', socks5],
    ['HTTP', http],
    ['HTTPS', https],
  ])('is given it (%s), and it is shown to nobody', async (_, { start, url }) => {
    const mail = await greeter();
    const login = { user: 'joe@work', password: 's3cr:et' };
    const proxy = await start({ places: { 'smtp.example:587': mail.port }, login });
    const network = internet(url(proxy, 'joe%40work:s3cr:et'));
    const { socket } = await network.connect('smtp.example', 587, { signal: never });
    expect(await said(socket, 24)).toContain('220');
    socket.destroy();
    for (const given of ['joe%40work:s3cr:et2', 'joe:s3cr:et', undefined]) {
      const error = await failure(
        internet(url(proxy, given)).connect('smtp.example', 587, { signal: never }),
      );
      expect(error).toMatchObject({ reason: 'unreachable', reached: false });
      expect(error.message).toContain('wants another user name or password');
      expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/joe|s3cr/);
    }
  });
});

describe('what a proxy says of a host', () => {
  it.each([
    ['SOCKS5', 1, 'unreachable', false, 'could not connect to a.example:465 (general failure)'],
    ['SOCKS5', 2, 'unreachable', false, 'does not allow it (asked for a.example:465)'],
    ['SOCKS5', 3, 'unreachable', false, 'could not connect to a.example:465 (network unreachable)'],
    ['SOCKS5', 4, 'unreachable', false, 'could not connect to a.example:465 (host unreachable)'],
    ['SOCKS5', 5, 'refused', true, 'a.example:465 refused the connection (through the proxy '],
    ['SOCKS5', 6, 'timeout', false, 'could not connect to a.example:465 (TTL expired)'],
    ['SOCKS5', 8, 'unreachable', false, 'does not know this kind of address'],
    ['SOCKS5', 99, 'unreachable', false, 'declined the request'],
    ['SOCKS4a', 91, 'unreachable', false, 'could not connect to a.example:465 (request failed)'],
    ['SOCKS4a', 93, 'unreachable', false, 'declined the request'],
    ['HTTP', 404, 'unreachable', false, 'could not connect to a.example:465 (HTTP 404 Whatever)'],
    ['HTTP', 500, 'unreachable', false, 'could not connect to a.example:465 (HTTP 500 Whatever)'],
    ['HTTP', 502, 'unreachable', false, 'could not connect to a.example:465 (HTTP 502 Whatever)'],
    ['HTTP', 503, 'unreachable', false, 'could not connect to a.example:465 (HTTP 503 Whatever)'],
    ['HTTP', 504, 'timeout', false, 'could not connect to a.example:465 (HTTP 504 Whatever)'],
    ['HTTP', 403, 'unreachable', false, 'does not allow it (HTTP 403 Whatever)'],
    ['HTTP', 405, 'unreachable', false, 'does not allow it (HTTP 405 Whatever)'],
  ] as const)('over %s, %i, means that it is %s', async (kind, refuse, reason, reached, text) => {
    const { start, url } = { SOCKS5: socks5, SOCKS4a: socks4a, HTTP: http }[kind];
    const proxy = await start({ refuse });
    const options = { signal: never };
    const error = await failure(internet(url(proxy)).connect('a.example', 465, options));
    expect(error).toMatchObject({ reason, reached });
    expect(error.message).toContain(text);
    expect(error.message).toContain(`the proxy 127.0.0.1:${proxy.port}`);
  });

  it('is remembered for a moment, unless it is about the proxy', async () => {
    const proxy = await startSocksProxy({ refuse: 5 });
    const network = internet(socks5.url(proxy));
    const limited = { signal: never, limited: true };
    await failure(network.connect('a.example', 465, limited));
    const again = await failure(network.connect('a.example', 465, limited));
    expect(again).toMatchObject({ reason: 'refused', reached: true });
    expect(proxy.asked).toEqual(['a.example:465']);
    const strict = await startSocksProxy({ refuse: 2 });
    const other = internet(socks5.url(strict));
    await failure(other.connect('a.example', 465, limited));
    await failure(other.connect('a.example', 465, limited));
    expect(strict.asked).toHaveLength(2);
  });
});

describe('behind a proxy', () => {
  it('an HTTPS proxy must have a good certificate', async () => {
    const proxy = await startHttpProxy({}, await authority.issue({ names: ['other.example'] }));
    const network = internet(https.url(proxy, 'joe:secret'));
    const error = await failure(network.connect('a.example', 465, { signal: never }));
    expect(error).toMatchObject({ reason: 'unreachable', reached: false });
    expect(error.message).toMatch(/^the proxy .*: the certificate is for another name/);
    expect(proxy.asked).toEqual([]);
  });

  it('a proxy that cannot be found or reached says nothing of hosts', async () => {
    const silent = await openSilentPort();
    onTestFinished(() => silent.close());
    const network = internet(socks5.url(silent));
    const options = { signal: never, deadlineMs: 200 };
    const error = await failure(network.connect('a.example', 465, options));
    expect(error).toMatchObject({ reason: 'timeout', reached: false });
    expect(error.message).toMatch(/^the proxy .* did not answer within 0\.2 s/);
  });

  it.each(['127.0.0.1', '::1', '169.254.169.254', '::ffff:127.0.0.1', 'localhost', 'x.localhost'])(
    'strangers cannot send it to %s',
    async (host) => {
      const proxy = await startSocksProxy();
      const network = internet(socks5.url(proxy));
      const error = await failure(network.connect(host, 465, { signal: never }));
      expect(error).toMatchObject({ reason: 'blocked' });
      const place = host.includes(':') ? `[${host}]` : host;
      const answer = await network.fetch(`http://${place}/`, { signal: never });
      expect(answer).toMatchObject({ kind: 'failed', reason: 'blocked' });
      expect(proxy.asked).toEqual([]);
    },
  );

  it.each(['0x7f000001', 'a.0x1', 'localhost.localdomain', 'ip6-localhost'])(
    'strangers cannot disguise its own addresses as %s',
    async (host) => {
      const proxy = await startSocksProxy();
      const error = await failure(
        internet(socks5.url(proxy)).connect(host, 465, { signal: never }),
      );
      expect(error).toMatchObject({ reason: 'blocked' });
    },
  );

  it('private addresses are refused when only public ones are wanted', async () => {
    const proxy = await startSocksProxy();
    const open = internet(socks5.url(proxy));
    const shut = internet(socks5.url(proxy), { publicOnly: true });
    const options = { signal: never };
    expect((await failure(open.connect('10.0.0.1', 465, options))).reason).toBe('unreachable');
    expect((await failure(shut.connect('10.0.0.1', 465, options))).reason).toBe('blocked');
    expect(proxy.asked).toEqual(['10.0.0.1:465']);
  });

  it('--connect-to comes first, and may lead anywhere', async () => {
    const mail = await greeter();
    const proxy = await startHttpProxy({ places: { 'localhost:4465': mail.port } });
    const network = internet(http.url(proxy), {
      connectTo: [parseConnectTo('a.example:465:localhost:4465')],
    });
    const { socket } = await network.connect('a.example', 465, { signal: never });
    expect(await said(socket, 24)).toContain('220');
    socket.destroy();
    expect(proxy.asked).toEqual(['localhost:4465']);
  });

  it('what NO_PROXY names is reached directly', async () => {
    const mail = await greeter();
    const proxy = await startSocksProxy();
    const connectTo = [parseConnectTo(`a.example:465:127.0.0.1:${mail.port}`)];
    for (const NO_PROXY of ['a.example', '127.0.0.0/8']) {
      const network = internet(socks5.url(proxy), { connectTo }, { NO_PROXY });
      const { socket, address } = await network.connect('a.example', 465, { signal: never });
      expect(address).toBe('127.0.0.1');
      socket.destroy();
    }
    expect(proxy.asked).toEqual([]);
  });

  it('servers are treated with the same connection limits', async () => {
    let open = 0;
    let most = 0;
    const mail = await listen(
      createServer((socket) => {
        most = Math.max(most, ++open);
        socket.on('close', () => open--);
        socket.write('220 hello\r\n');
        socket.on('error', () => {});
      }),
    );
    const proxy = await startSocksProxy({ places: { 'a.example:465': mail.port } });
    const network = internet(socks5.url(proxy));
    await Promise.all(
      [1, 2, 3].map(async () => {
        const { socket } = await network.connect('a.example', 465, {
          signal: never,
          limited: true,
        });
        await said(socket, 11);
        socket.end();
        socket.resume();
        await once(socket, 'close');
      }),
    );
    expect(most).toBe(1);
  });

  it('names are still looked up for those who want to know, if there is a DNS', async () => {
    const proxy = await startSocksProxy();
    const peer = await startTlsPeer(
      await authority.issue({ names: ['dns'], ips: ['127.0.0.1'] }),
      anAddress,
    );
    const env = { NO_PROXY: '127.0.0.1' };
    const servers = [parseResolver(`tls://127.0.0.1:${peer.port}`)];
    const network = internet(socks5.url(proxy), { servers }, env);
    expect(await network.resolveHost('a.example', never)).toEqual({
      kind: 'addresses',
      addresses: ['192.0.2.1'],
    });
    const deaf = internet(socks5.url(proxy));
    expect(await deaf.resolveHost('a.example', never)).toEqual({
      kind: 'addresses',
      addresses: [],
    });
    const direct = internet('');
    expect(await direct.resolveHost('a.example', never)).toMatchObject({ kind: 'failed' });
  });

  it('the DNS tells what does not exist from what is down, and nothing else', async () => {
    const peer = await startTlsPeer(
      await authority.issue({ names: ['dns'], ips: ['127.0.0.1'] }),
      (asked) =>
        asked.name === 'down.example' ? anAddress(asked) : reply(asked, { rcode: 'NXDOMAIN' }),
    );
    const mail = await greeter();
    const servers = [parseResolver(`tls://127.0.0.1:${peer.port}`)];
    const options = { signal: never };
    const proxy = await startSocksProxy({ places: { 'up.example:465': mail.port } });
    const network = internet(socks5.url(proxy), { servers }, { NO_PROXY: '127.0.0.1' });
    (await network.connect('up.example', 465, options)).socket.destroy();
    expect(peer.log).toEqual([]);
    const gone = await failure(network.connect('gone.example', 465, options));
    expect(gone).toMatchObject({ reason: 'no-such-host', reached: true });
    const down = await failure(network.connect('down.example', 465, options));
    expect(down).toMatchObject({ reason: 'unreachable', reached: false });
    const dead = await closedPort();
    const none = internet(socks5.url({ port: dead }), { servers }, { NO_PROXY: '127.0.0.1' });
    const unknown = await failure(none.connect('gone.example', 465, options));
    expect(unknown).toMatchObject({ reason: 'unreachable', reached: false });
  });

  it('encrypted resolvers are reached through it too', async () => {
    const identity = await authority.issue({ names: ['dns.example'] });
    const tls = await startTlsPeer(identity, anAddress);
    const web = await startHttpsPeer(identity, anAddress);
    const proxy = await startSocksProxy({
      places: { 'dns.example:853': tls.port, 'dns.example:443': web.port },
    });
    for (const resolver of ['tls://dns.example', 'https://dns.example/dns-query']) {
      const network = internet(socks5.url(proxy), { servers: [parseResolver(resolver)] });
      expect(await network.dns.query('a.example', 'A', never)).toMatchObject({ kind: 'records' });
      expect(await network.dns.query('b.example', 'A', never)).toMatchObject({ kind: 'records' });
    }
    expect(proxy.asked).toEqual(['dns.example:853', 'dns.example:443']);
  });
});
