import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { decode, encode } from 'dns-packet';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseConnectTo } from '../../src/net/connect/connect-to.ts';
import { createInternet, type InternetOptions } from '../../src/net/internet.ts';
import type { Network } from '../../src/net/network.ts';
import { isSettled, pass, stopClock } from '../clock.ts';
import { createAuthority } from '../lab/certificates.ts';
import { closed, listen, listenRaw } from './servers.ts';

const never = new AbortController().signal;

interface Zone {
  readonly port: number;
  /** The names that were asked for. */
  readonly asked: string[];
}

/** A DNS server with A records; null never answers. */
async function serveZone(records: Readonly<Record<string, string | null>>): Promise<Zone> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (bytes, peer) => {
    const { id = 0, questions = [] } = decode(bytes);
    const [question] = questions;
    if (question === undefined) return;
    asked.push(question.name);
    const address = records[question.name];
    if (address === null) return;
    const found = question.type === 'A' && address !== undefined;
    const answers = found
      ? [{ type: 'A' as const, name: question.name, ttl: 60, data: address }]
      : [];
    const flags = 0x0180 | (address === undefined ? 3 : 0);
    socket.send(
      encode({ type: 'response', id, flags, questions, answers }),
      peer.port,
      peer.address,
    );
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => void socket.close(() => resolve())));
  return { port: socket.address().port, asked };
}

function internet(zone: Zone, options: Partial<InternetOptions> = {}): Network {
  const network = createInternet({
    userAgent: 'smtp-find/test',
    servers: [{ address: '127.0.0.1', port: zone.port, trusted: true, named: true }],
    hosts: { lookup: async () => [] },
    ...options,
  });
  onTestFinished(() => network.close());
  return network;
}

describe('the internet', () => {
  it('looks up, connects, secures and fetches', async () => {
    const authority = await createAuthority();
    const identity = await authority.issue({ names: ['a.example'] });
    const web = await listen(createHttpsServer(identity, (_, response) => response.end('hello')));
    const mail = await listen(createTlsServer(identity, (socket) => socket.end('220 hello')));
    const zone = await serveZone({ 'stand-in.example': '127.0.0.1' });
    const network = internet(zone, {
      cacerts: [authority.caPem],
      connectTo: [
        parseConnectTo(`a.example:443:stand-in.example:${web.port}`),
        parseConnectTo(`a.example:465:stand-in.example:${mail.port}`),
      ],
    });

    const answer = await network.fetch('https://a.example/', { signal: never });
    expect(answer).toMatchObject({ kind: 'response', body: Buffer.from('hello'), secure: true });

    const options = { signal: never, limited: true };
    const { socket, ...place } = await network.connect('a.example', 465, options);
    expect(place).toMatchObject({ address: '127.0.0.1', port: mail.port });
    const secured = await network.handshake(socket, { host: 'a.example', signal: never });
    expect(secured.tls.certificate?.problem).toBeNull();
    expect(String((await once(secured.socket, 'data'))[0])).toBe('220 hello');
    secured.socket.destroy();
  });

  it('needs no DNS for the name of a host that is redirected', async () => {
    const { port } = await listenRaw((socket) => socket.end());
    const zone = await serveZone({});
    const network = internet(zone, {
      connectTo: [parseConnectTo(`a.example:465:127.0.0.1:${port}`)],
    });
    const { socket } = await network.connect('a.example', 465, { signal: never });
    socket.destroy();
    expect(await network.resolveHost('a.example', never)).toEqual({
      kind: 'addresses',
      addresses: ['127.0.0.1'],
    });
    expect(zone.asked).toEqual([]);
    expect(network.redirected('A.example', 465)).toEqual({ host: '127.0.0.1', port });
    expect(network.redirected('a.example', 587)).toBeNull();
  });

  it('is not led to this machine by the DNS', async () => {
    const server = await listenRaw((socket) => socket.end());
    const zone = await serveZone({ 'a.example': '127.0.0.1', 'b.example': '10.0.0.1' });
    const network = internet(zone, { publicOnly: true });
    for (const host of ['a.example', 'b.example', '127.0.0.1']) {
      await expect(network.connect(host, server.port, { signal: never })).rejects.toMatchObject({
        reason: 'blocked',
      });
      const answer = await network.fetch(`http://${host}:${server.port}/`, { signal: never });
      expect(answer).toMatchObject({ kind: 'failed', reason: 'blocked' });
    }
    expect(server.count()).toBe(0);
  });

  it('serves many tasks of one signal without Node suspecting a leak', async () => {
    const warnings: string[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning.name);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    const { port } = await listenRaw((socket) => socket.once('data', () => socket.end('x')));
    const network = internet(await serveZone({}), {
      connectTo: [parseConnectTo(`::127.0.0.1:${port}`)],
    });
    const { signal } = new AbortController();
    const urls = Array.from({ length: 30 }, (_, index) => `http://h${index}.example/`);
    await Promise.all(
      urls.flatMap((url) => [
        network.fetch(url, { signal }),
        network.resolveHost(new URL(url).host, signal),
      ]),
    );
    expect(warnings).toEqual([]);
  });

  it('ends everything when it is closed', async () => {
    const { port } = await listenRaw(() => {});
    const zone = await serveZone({ 'silent.example': null });
    const network = internet(zone, { connectTo: [parseConnectTo(`::127.0.0.1:${port}`)] });
    const { socket } = await network.connect('a.example', 465, { signal: never });
    const waiting = [
      network.fetch('http://a.example/', { signal: never }),
      network.dns.query('silent.example', 'MX', never),
      network.resolveHost('silent.example', never),
      network
        .connect('a.example', 587, { signal: never })
        .then((connection) => network.handshake(connection.socket, { host: 'a', signal: never })),
    ].map((promise) => promise.catch((error: unknown) => (error as Error).name));
    await new Promise((resolve) => setTimeout(resolve, 30));
    await network.close();
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => 'AbortError'));
    expect(socket.destroyed).toBe(true);
    await expect(network.connect('a.example', 465, { signal: never })).rejects.toThrow('abort');
  });

  it('waits for polite goodbyes when it is closed, but not for long', async () => {
    const peers: Socket[] = [];
    const { port } = await listenRaw((peer) => peers.push(peer));
    const zone = await serveZone({});
    const connectTo = [parseConnectTo(`::127.0.0.1:${port}`)];
    const network = internet(zone, { connectTo });
    const leaving = await network.connect('a.example', 465, { signal: never });
    leaving.socket.end('QUIT\r\n');
    const closing = network.close(3_600_000); // No test waits so long.
    expect(leaving.socket.destroyed).toBe(false);
    setTimeout(() => peers[0]?.end('221 bye\r\n'), 30);
    await closing;
    await closed(leaving.socket);
  });

  it('destroys those who get no answer to their goodbye', async () => {
    const { port } = await listenRaw((peer) => peer.pause());
    const network = internet(await serveZone({}), {
      connectTo: [parseConnectTo(`::127.0.0.1:${port}`)],
    });
    const { socket } = await network.connect('a.example', 465, { signal: never });
    socket.end('QUIT\r\n');
    stopClock();
    const closing = network.close(60);
    await pass(59);
    expect(await isSettled(closing)).toBe(false);
    expect(socket.destroyed).toBe(false);
    await pass(1);
    await closing;
    expect(socket.destroyed).toBe(true);
  });

  it('lets a conversation hear what is owed before it says goodbye', async () => {
    const heard: string[] = [];
    const { port } = await listenRaw((peer) => {
      peer.on('data', (data) => heard.push(String(data)));
      setTimeout(() => peer.write('250 at last\r\n'), 30);
      peer.on('end', () => peer.end());
    });
    const network = internet(await serveZone({}), {
      connectTo: [parseConnectTo(`::127.0.0.1:${port}`)],
    });
    const { socket } = await network.connect('a.example', 465, { signal: never });
    socket.once('data', () => socket.end('QUIT\r\n'));
    await network.close(2000);
    expect(heard.join('')).toBe('QUIT\r\n');
  });

  it('knows the goodbye of a socket with TLS', async () => {
    const authority = await createAuthority();
    const identity = await authority.issue({ names: ['a.example'] });
    const heard: string[] = [];
    const server = createTlsServer({ ...identity, allowHalfOpen: true }, (peer) => {
      peer.on('data', (bytes) => heard.push(String(bytes)));
      peer.once('end', () => setTimeout(() => peer.end('221 bye\r\n'), 30));
    });
    const { port } = await listen(server);
    const network = internet(await serveZone({}), {
      connectTo: [parseConnectTo(`::127.0.0.1:${port}`)],
    });
    const { socket } = await network.connect('a.example', 465, { signal: never });
    const secured = await network.handshake(socket, { host: 'a.example', signal: never });
    secured.socket.end('QUIT\r\n');
    await network.close(2000);
    expect(heard).toEqual(['QUIT\r\n']);
    expect(socket.destroyed).toBe(true);
  });
});
