import { once } from 'node:events';
import { createServer as createTlsServer } from 'node:tls';
import { AUTHENTIC_DATA, decode } from 'dns-packet';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createConnector } from '../../../src/net/connect/connect.ts';
import { parseConnectTo } from '../../../src/net/connect/connect-to.ts';
import { createDnsClient } from '../../../src/net/dns/client.ts';
import { createEncryptedTransports } from '../../../src/net/dns/encrypted.ts';
import { parseResolver } from '../../../src/net/dns/servers.ts';
import { createInternet, type InternetOptions } from '../../../src/net/internet.ts';
import { Lifetime } from '../../../src/net/lifetime.ts';
import type { DnsClient, Network } from '../../../src/net/network.ts';
import { createHandshake } from '../../../src/net/tls/tls.ts';
import { createTrustStore, type TrustStore } from '../../../src/net/tls/trust-store.ts';
import { type Authority, createAuthority, type KeyAndCertificate } from '../../lab/certificates.ts';
import { closedPort, listen, listenRaw } from '../servers.ts';
import {
  anAddress,
  type EncryptedPeer,
  type Script,
  startHttpsPeer,
  startTlsPeer,
} from './encrypted-peer.ts';
import { a, reply } from './scripted-peer.ts';

const never = new AbortController().signal;
let authority: Authority;
let identity: KeyAndCertificate;
let trust: TrustStore;
beforeAll(async () => {
  authority = await createAuthority();
  trust = createTrustStore({ cacerts: [authority.caPem] });
  identity = await authority.issue({ names: ['dns.example'], ips: ['127.0.0.1'] });
});

function internet(resolver: string, options: Partial<InternetOptions> = {}): Network {
  const network = createInternet({
    userAgent: 'smtp-find/test',
    servers: [parseResolver(resolver)],
    hosts: { lookup: async (host) => (host === 'dns.example' ? ['127.0.0.1'] : []) },
    cacerts: [authority.caPem],
    ...options,
  });
  onTestFinished(() => network.close());
  return network;
}

interface Resolving {
  readonly dns: DnsClient;
  close(): Promise<void>;
}

/** The part of it that asks resolvers. All share one trust store, which takes long to make. */
function resolving(resolver: string, deadlineMs = 2000): Resolving {
  const lifetime = new Lifetime();
  const handshake = createHandshake({
    trust,
    onSocket: (secure, socket) => lifetime.trackInstead(secure, socket),
  });
  const connect = createConnector({
    resolveHost: async (host) => ({ kind: 'addresses', addresses: [host] }),
    isForbidden: () => false,
    onSocket: (socket) => lifetime.track(socket),
  });
  const encrypted = createEncryptedTransports({
    connect: { tls: connect, https: connect },
    handshake,
    run: (task) => lifetime.run(never, task),
  });
  const close = (): Promise<void> => lifetime.close(0);
  onTestFinished(close);
  const dns = createDnsClient({
    servers: [parseResolver(resolver)],
    deadlineMs,
    encrypted,
  });
  return { dns, close };
}

interface Kind {
  readonly start: (script: Script, identity?: KeyAndCertificate) => Promise<EncryptedPeer>;
  readonly url: (peer: { port: number }, host?: string) => string;
}

const kinds: readonly (readonly [string, Kind])[] = [
  [
    'TLS',
    {
      start: (script, own = identity) => startTlsPeer(own, script),
      url: ({ port }, host = '127.0.0.1') => `tls://${host}:${port}`,
    },
  ],
  [
    'HTTPS',
    {
      start: (script, own = identity) => startHttpsPeer(own, script),
      url: ({ port }, host = '127.0.0.1') => `https://${host}:${port}/dns-query`,
    },
  ],
];

const found = (address: string): object => ({ kind: 'records', records: [address] });

describe.each(kinds)('DNS over %s', (over, { start, url }) => {
  it('asks many questions at once, and again, over one connection that it keeps', async () => {
    const peer = await start(anAddress);
    const network = resolving(url(peer));
    const names = Array.from({ length: 12 }, (_, index) => `h${index}.example`);
    const answers = await Promise.all(names.map((name) => network.dns.query(name, 'A', never)));
    for (const answer of answers) expect(answer).toMatchObject(found('192.0.2.1'));
    expect(peer.connections()).toBe(1);
    for (const name of ['x.example', 'y.example']) {
      expect(await network.dns.query(name, 'A', never)).toMatchObject(found('192.0.2.1'));
    }
    expect(peer.connections()).toBe(1);
    await network.close();
    await Promise.all([...peer.sockets].map((socket) => once(socket, 'close')));
    expect(peer.sockets.size).toBe(0);
  });

  it('lets a slow answer hold up no other', async () => {
    let answerSlowly = (): void => {};
    const peer = await start(async (asked) => {
      if (asked.name === 'slow.example') {
        await new Promise<void>((resolve) => {
          answerSlowly = resolve;
        });
      }
      return reply(asked, { answers: [a(asked.name, '192.0.2.7')] });
    });
    const network = resolving(url(peer));
    const slow = network.dns.query('slow.example', 'A', never);
    expect(await network.dns.query('quick.example', 'A', never)).toMatchObject(found('192.0.2.7'));
    answerSlowly();
    expect(await slow).toMatchObject(found('192.0.2.7'));
  });

  it('opens a new connection when the old one has ended', async () => {
    const peer = await start(anAddress);
    const network = resolving(url(peer));
    await network.dns.query('a.example', 'A', never);
    const closing = [...peer.sockets].map((socket) => {
      const closed = once(socket, 'close');
      socket.destroy();
      return closed;
    });
    // Ours may not have heard of it yet.
    const answer = network.dns.query('b.example', 'A', never);
    await Promise.all(closing);
    expect(await answer).toMatchObject(found('192.0.2.1'));
    expect(peer.log).toContain('A b.example');
  });

  it('pads its questions to 128 octets, and believes the AD bit', async () => {
    const peer = await start((asked) =>
      reply(asked, { flags: AUTHENTIC_DATA, answers: [a(asked.name, '192.0.2.1')] }),
    );
    const network = resolving(url(peer));
    const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.example`;
    for (const name of ['x.example', long]) {
      expect(await network.dns.query(name, 'A', never)).toMatchObject({ authentic: true });
    }
    expect(peer.queries.map(({ length }) => length)).toEqual([128, 256]);
    const ids = peer.queries.map((query) => decode(query).id);
    if (over === 'HTTPS') expect(ids).toEqual([0, 0]);
  });

  it('asks without EDNS where that is not known', async () => {
    const peer = await start((asked) =>
      asked.edns ? reply(asked, { rcode: 'FORMERR' }) : anAddress(asked),
    );
    const answer = await resolving(url(peer)).dns.query('a.example', 'A', never);
    expect(answer).toMatchObject(found('192.0.2.1'));
  });

  it('finds the resolver by its name, and where --connect-to puts it', async () => {
    const peer = await start(anAddress);
    const direct = internet(url(peer, 'dns.example'));
    expect(await direct.dns.query('a.example', 'A', never)).toMatchObject(found('192.0.2.1'));
    const moved = internet(url({ port: 4853 }, 'dns.example'), {
      connectTo: [parseConnectTo(`dns.example:4853:127.0.0.1:${peer.port}`)],
    });
    expect(await moved.dns.query('a.example', 'A', never)).toMatchObject(found('192.0.2.1'));
  });

  it.each([
    ['is for another name', { names: ['other.example'] }, 'another name'],
    ['has expired', { names: ['x'], ips: ['127.0.0.1'], notAfter: new Date(0) }, 'expired'],
    ['is self-signed', { names: ['x'], ips: ['127.0.0.1'], selfSigned: true }, 'self-signed'],
  ])('asks nothing when the certificate %s', async (_, request, detail) => {
    const old = 'notAfter' in request ? { notBefore: new Date(-86_400_000) } : {};
    const peer = await start(anAddress, await authority.issue({ ...request, ...old }));
    const answer = await resolving(url(peer)).dns.query('a.example', 'A', never);
    const expected = expect.stringMatching(`^(tls|https)://127.0.0.1:${peer.port}: .*${detail}`);
    expect(answer).toMatchObject({ kind: 'failed', reason: 'network', detail: expected });
    expect(answer).toMatchObject({ reached: false });
    expect(peer.log).toEqual([]);
  });

  it('says which resolver could not be reached', async () => {
    const port = await closedPort();
    const answer = await resolving(url({ port })).dns.query('a.example', 'A', never);
    expect(answer).toMatchObject({ kind: 'failed', reason: 'network', reached: false });
    const refused = expect.stringContaining(`127.0.0.1:${port} refused the connection`);
    expect(answer).toMatchObject({ detail: refused });
  });

  it('fails when what answers speaks no TLS', async () => {
    const { port } = await listenRaw((socket) => socket.end('220 mail.example ESMTP\r\n'));
    const answer = await resolving(url({ port })).dns.query('a.example', 'A', never);
    const detail = expect.stringContaining('does not speak TLS');
    expect(answer).toMatchObject({ kind: 'failed', reason: 'network', detail });
  });

  it('passes on what the resolver answers instead', async () => {
    const peer = await start((asked) =>
      reply(asked, { rcode: asked.name === 'no.example' ? 'NXDOMAIN' : 'SERVFAIL' }),
    );
    const network = resolving(url(peer));
    const none = await network.dns.query('no.example', 'MX', never);
    expect(none).toMatchObject({ kind: 'none', reason: 'nxdomain' });
    const failed = await network.dns.query('broken.example', 'MX', never);
    expect(failed).toMatchObject({ kind: 'failed', reason: 'servfail', reached: true });
  });

  it('leaves no question open that is called off, and keeps the connection', async () => {
    const peer = await start((asked) =>
      asked.name === 'silent.example' ? null : anAddress(asked),
    );
    const network = resolving(url(peer));
    await network.dns.query('a.example', 'A', never);
    const controller = new AbortController();
    const waiting = network.dns.query('silent.example', 'A', controller.signal);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(await network.dns.query('b.example', 'A', never)).toMatchObject(found('192.0.2.1'));
  });

  it('ends with the session, whatever it waits for', async () => {
    const peer = await start(() => null);
    const network = internet(url(peer));
    const waiting = network.dns.query('silent.example', 'A', never);
    const silent = await listenRaw(() => {});
    const other = internet(url(silent));
    const connecting = other.dns.query('silent.example', 'A', never);
    while (peer.log.length === 0 || silent.count() === 0) await new Promise(setImmediate);
    const outcomes = Promise.allSettled([waiting, connecting]);
    await Promise.all([network.close(), other.close()]);
    for (const { status } of await outcomes) expect(status).toBe('rejected');
  });
});

describe('DNS over TLS', () => {
  it('checks the certificate for the name after the #', async () => {
    const named = await authority.issue({ names: ['resolver.example'] });
    const peer = await startTlsPeer(named, anAddress);
    const good = resolving(`tls://127.0.0.1:${peer.port}#resolver.example`);
    expect(await good.dns.query('a.example', 'A', never)).toMatchObject(found('192.0.2.1'));
    const bad = resolving(`tls://127.0.0.1:${peer.port}#other.example`);
    expect(await bad.dns.query('a.example', 'A', never)).toMatchObject({
      kind: 'failed',
      detail: `tls://127.0.0.1:${peer.port}#other.example: the certificate is for another name (resolver.example)`,
    });
  });

  it('copes with a resolver that closes after every answer', async () => {
    const peer = await startTlsPeer(identity, anAddress, 'once');
    const network = resolving(`tls://127.0.0.1:${peer.port}`);
    const names = ['a.example', 'b.example', 'c.example'];
    const answers = await Promise.all(names.map((name) => network.dns.query(name, 'A', never)));
    for (const answer of answers) expect(answer).toMatchObject(found('192.0.2.1'));
  });

  it('is not taken in by answers to other questions', async () => {
    const peer = await startTlsPeer(identity, (asked) => {
      const forged = [a(asked.name, '203.0.113.66')];
      return [
        reply(asked, { id: ((asked.query.id ?? 0) + 1) % 0x10000, answers: forged }),
        reply(asked, { questions: [{ name: 'x.example', type: 'A' }], answers: forged }),
        reply(asked, { answers: [a(asked.name, '192.0.2.1')] }),
      ];
    });
    const { dns } = resolving(`tls://127.0.0.1:${peer.port}`);
    expect(await dns.query('a.example', 'A', never)).toMatchObject(found('192.0.2.1'));
  });

  it('gives up a connection that has gone silent', async () => {
    let silent = true;
    const peer = await startTlsPeer(identity, (asked) => (silent ? null : anAddress(asked)));
    const network = resolving(`tls://127.0.0.1:${peer.port}`, 2000);
    const first = await network.dns.query('a.example', 'A', never);
    const detail = `tls://127.0.0.1:${peer.port} did not answer`;
    expect(first).toMatchObject({ kind: 'failed', reason: 'timeout', detail });
    silent = false;
    expect(await network.dns.query('b.example', 'A', never)).toMatchObject(found('192.0.2.1'));
    expect(peer.connections()).toBe(2);
    // The silent question was sent once: on a connection nothing gets lost.
    expect(peer.log).toEqual(['A a.example', 'A b.example']);
  });

  it('never asks in plaintext', async () => {
    const heard: string[] = [];
    const { port } = await listenRaw((socket) =>
      socket.on('data', (chunk) => {
        heard.push(chunk.toString('latin1'));
        socket.destroy();
      }),
    );
    const answer = await resolving(`tls://127.0.0.1:${port}`).dns.query('a.example', 'A', never);
    expect(answer.kind).toBe('failed');
    expect(heard).toHaveLength(1);
    expect(heard[0]?.[0]).toBe('\u0016'); // a TLS handshake record
    expect(heard[0]).not.toContain('a.example');
  });
});

describe('DNS over HTTPS', () => {
  it('posts a message over HTTP/2', async () => {
    const peer = await startHttpsPeer(identity, anAddress);
    const network = resolving(`https://127.0.0.1:${peer.port}/q?a=b`);
    await network.dns.query('a.example', 'A', never);
    expect(peer.requests).toEqual(['POST /q?a=b application/dns-message 2.0']);
  });

  it.each([
    ['ends the handshake', ['http/1.1']],
    ['chooses no protocol', []],
  ])('says so when a server that knows only HTTP/1.1 %s', async (_, alpn) => {
    const { port } = await listen(createTlsServer({ ...identity, ALPNProtocols: alpn }));
    const answer = await resolving(`https://127.0.0.1:${port}/q`).dns.query(
      'a.example',
      'A',
      never,
    );
    expect(answer).toMatchObject({ kind: 'failed', reason: 'network' });
    const detail = expect.stringContaining(`127.0.0.1:${port}: it does not speak HTTP/2`);
    expect(answer).toMatchObject({ detail });
  });

  it.each([
    ['another status', { status: 404 }, 'it answered HTTP 404'],
    ['a redirect', { status: 302 }, 'it answered HTTP 302'],
    ['a web page', { contentType: 'text/html; charset=utf-8' }, 'it answered text/html where'],
    ['too much', { body: Buffer.alloc(70_000) }, 'its answer is too large'],
    ['too little', { body: Buffer.alloc(0) }, 'it answered something else'],
  ])('does not take %s for an answer', async (_, habits, detail) => {
    const peer = await startHttpsPeer(identity, anAddress, habits);
    const network = resolving(`https://127.0.0.1:${peer.port}/secret-account`);
    const answer = await network.dns.query('a.example', 'A', never);
    expect(answer).toMatchObject({ kind: 'failed', reason: 'malformed', reached: true });
    const expected = `https://127.0.0.1:${peer.port}: ${detail}`;
    expect(answer).toMatchObject({ detail: expect.stringContaining(expected) });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it('takes a media type with parameters, in any case', async () => {
    const contentType = 'Application/DNS-Message; charset=x';
    const peer = await startHttpsPeer(identity, anAddress, { contentType });
    const network = resolving(`https://127.0.0.1:${peer.port}/`);
    expect(await network.dns.query('a.example', 'A', never)).toMatchObject(found('192.0.2.1'));
  });

  it('asks each of two resolvers on one host by its own path', async () => {
    const peer = await startHttpsPeer(identity, (asked) =>
      asked.count === 0 ? reply(asked, { rcode: 'SERVFAIL' }) : anAddress(asked),
    );
    const [one, two] = [`https://127.0.0.1:${peer.port}/one`, `https://127.0.0.1:${peer.port}/two`];
    const network = internet(one, { servers: [one, two].map(parseResolver) });
    expect(await network.dns.query('a.example', 'A', never)).toMatchObject(found('192.0.2.1'));
    expect(peer.requests.map((request) => request.split(' ')[1])).toEqual(['/one', '/two']);
  });
});
