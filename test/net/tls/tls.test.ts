import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type HandshakeOptions,
  type SecureConnection,
  type TlsFacts,
  TlsFailure,
} from '../../../src/net/network.ts';
import { createHandshake, type Handshake } from '../../../src/net/tls/tls.ts';
import { createTrustStore } from '../../../src/net/tls/trust-store.ts';
import {
  type Authority,
  type CertificateRequest,
  createAuthority,
} from '../../lab/certificates.ts';
import { closed, type Listening, listen, listenRaw } from '../servers.ts';

const never = new AbortController().signal;
const DAY_MS = 86_400_000;
let authority: Authority;
let handshake: Handshake;
beforeAll(async () => {
  authority = await createAuthority();
  handshake = createHandshake({ trust: createTrustStore({ cacerts: [authority.caPem] }) });
});

async function serve(request: CertificateRequest, options: TlsOptions = {}): Promise<Listening> {
  const identity = await authority.issue(request);
  const server = createServer({ ...identity, ...options }, (socket) => {
    socket.on('error', () => {});
    socket.write(
      `hello ${String(Reflect.get(socket, 'servername'))} ${String(socket.alpnProtocol)}`,
    );
  });
  return listen(server);
}

async function socketTo({ port }: Listening): Promise<Socket> {
  const socket = connectSocket(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => {});
  return socket;
}

async function secure(
  server: Listening,
  host: string,
  options: Partial<HandshakeOptions> = {},
): Promise<SecureConnection> {
  return handshake(await socketTo(server), { host, signal: never, ...options });
}

async function factsOf(server: Listening, host: string): Promise<TlsFacts> {
  const { socket, tls } = await secure(server, host);
  socket.destroy();
  return tls;
}

async function failureOf(connection: Promise<SecureConnection>): Promise<TlsFailure> {
  const error = await connection.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TlsFailure)) throw error;
  return error;
}

describe('a TLS handshake', () => {
  it('hands out a socket and describes the server', async () => {
    const server = await serve({ names: ['smtp.example'] }, { ALPNProtocols: ['http/1.1'] });
    const { socket, tls } = await secure(server, 'SMTP.example', { alpn: ['http/1.1'] });
    expect(String((await once(socket, 'data'))[0])).toBe('hello smtp.example http/1.1');
    expect(tls).toMatchObject({
      protocol: 'TLSv1.3',
      cipher: expect.stringMatching(/^TLS_/),
      certificate: { names: ['smtp.example'], trusted: true, problem: null, code: null },
    });
    socket.destroy();
  });

  it('sends no server name for an address', async () => {
    const server = await serve({ names: [], ips: ['127.0.0.1'] });
    const { socket, tls } = await secure(server, '127.0.0.1');
    expect(String((await once(socket, 'data'))[0])).toBe('hello false false');
    expect(tls.certificate?.problem).toBeNull();
    socket.destroy();
  });

  it.each<[string, CertificateRequest, string, string | null]>([
    ['a good certificate', { names: ['a.example'] }, 'a.example', null],
    ['a wildcard', { names: ['*.a.example'] }, 'smtp.a.example', null],
    ['a wildcard, too deep', { names: ['*.a.example'] }, 'x.smtp.a.example', 'name'],
    ['another name', { names: ['b.example'] }, 'a.example', 'name'],
    ['a common name alone', { names: [], commonName: 'a.example' }, 'a.example', 'name-only-in-cn'],
    [
      'an expired certificate',
      { names: ['a.example'], notBefore: ago(30), notAfter: ago(1) },
      'a.example',
      'expired',
    ],
    [
      'a certificate of tomorrow',
      { names: ['a.example'], notBefore: ago(-1), notAfter: ago(-9) },
      'a.example',
      'not-yet-valid',
    ],
    ['a self-signed one', { names: ['a.example'], selfSigned: true }, 'a.example', 'self-signed'],
    [
      'an expired self-signed one',
      { names: ['a.example'], selfSigned: true, notBefore: ago(30), notAfter: ago(1) },
      'a.example',
      'expired',
    ],
    ['the address', { names: [], ips: ['127.0.0.1'] }, '127.0.0.1', null],
    ['another address', { names: [], ips: ['127.0.0.9'] }, '127.0.0.1', 'name'],
    ['only the address', { names: [], ips: ['127.0.0.1'] }, 'a.example', 'name'],
  ])('goes through with %s, and judges it', async (_, request, host, problem) => {
    const { certificate } = await factsOf(await serve(request), host);
    expect(certificate?.problem).toBe(problem);
  });

  it('does not trust an authority that nobody named', async () => {
    const { cert, key } = await (await createAuthority()).issue({ names: ['a.example'] });
    const { certificate } = await factsOf(await serve({ names: [] }, { cert, key }), 'a.example');
    expect(certificate).toMatchObject({ trusted: false, problem: 'untrusted' });
    expect(certificate?.code).toMatch(/^UNABLE_TO_/);
  });

  it('copes with a very large certificate', async () => {
    const names = Array.from({ length: 2500 }, (_, index) => `host-${index}.mail.example`);
    const { certificate } = await factsOf(await serve({ names }), 'host-2499.mail.example');
    expect(certificate?.problem).toBeNull();
  });

  it('closes the socket beneath with the secure one', async () => {
    const inner = await socketTo(await serve({ names: ['a.example'] }));
    const { socket } = await handshake(inner, { host: 'a.example', signal: never });
    socket.destroy();
    await closed(inner);
    expect(inner.destroyed).toBe(true);
  });

  it('lets a later error of the socket not end the process', async () => {
    const identity = await authority.issue({ names: ['a.example'] });
    const server = await listenRaw((raw) => raw.once('data', () => raw.pause()));
    const secured = createServer(identity, (socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.destroy());
    });
    const { socket } = await secure(await listen(secured), 'a.example');
    socket.write('x');
    socket.write('y');
    socket.resume();
    await closed(socket);
    expect(server.count()).toBe(0);
  });

  it('ends with the reason of its signal, leaving nothing open', async () => {
    const inner = await socketTo(await listenRaw(() => {}));
    const controller = new AbortController();
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 30);
    const secured = handshake(inner, { host: 'a.example', signal: controller.signal });
    await expect(secured).rejects.toBe(reason);
    await closed(inner);
  });
});

describe('a failed TLS handshake', () => {
  it.each([
    ['greets first', (socket: Socket) => socket.write('220 mail.example ESMTP\r\n')],
    [
      'answers in SMTP',
      (socket: Socket) => socket.once('data', () => socket.write('500 5.5.1 what?\r\n')),
    ],
    [
      'answers in HTTP',
      (socket: Socket) =>
        socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n')),
    ],
    ['says one word', (socket: Socket) => socket.once('data', () => socket.end('huh?\r\n'))],
  ])('tells that the server has no TLS when it %s', async (_, talk) => {
    const failure = await failureOf(secure(await listenRaw(talk), 'a.example'));
    expect(failure).toMatchObject({
      kind: 'plaintext',
      message: 'a.example does not speak TLS on this port',
    });
  });

  it.each(['TLSv1', 'TLSv1.1'] as const)('tells that a server speaks only %s', async (version) => {
    const server = await serve(
      { names: ['a.example'] },
      { minVersion: version, maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' },
    );
    expect(await failureOf(secure(server, 'a.example'))).toMatchObject({ kind: 'outdated' });
    const { socket, tls } = await secure(server, 'a.example', { outdated: true });
    expect(tls.protocol).toBe(version);
    socket.destroy();
  });

  it.each([
    ['at once', (socket: Socket) => socket.end()],
    ['after our hello', (socket: Socket) => socket.once('data', () => socket.end())],
    [
      'after our hello, with a reset',
      (socket: Socket) => socket.once('data', () => socket.resetAndDestroy()),
    ],
  ])('tells that the server closed the connection %s', async (_, talk) => {
    const server = await listenRaw(talk);
    const failure = await failureOf(secure(server, 'a.example'));
    expect(failure).toMatchObject({
      kind: 'closed',
      message: 'a.example closed the connection during the TLS handshake',
    });
  });

  it('is the answer for a socket that has already closed', async () => {
    const inner = await socketTo(await listenRaw((socket) => socket.end()));
    inner.destroy();
    const failure = await failureOf(handshake(inner, { host: 'a.example', signal: never }));
    expect(failure.kind).toBe('closed');
  });

  it('keeps the code of whatever else goes wrong', async () => {
    const server = await serve({ names: ['a.example'] }, { ciphers: 'PSK', maxVersion: 'TLSv1.2' });
    const failure = await failureOf(secure(server, 'a.example'));
    expect(failure.kind).toBe('other');
    expect(failure.code).toMatch(/HANDSHAKE_FAILURE/);
  });
});

function ago(days: number): Date {
  return new Date(Date.now() - days * DAY_MS);
}

describe('a certificate that promises a stapled OCSP response', () => {
  it.each([
    ['kept', 'TLSv1.3', true],
    ['kept', 'TLSv1.2', true],
    ['broken', 'TLSv1.3', false],
    ['broken', 'TLSv1.2', false],
  ] as const)('has it %s (%s)', async (_, maxVersion, stapled) => {
    const identity = await authority.issue({ names: ['a.example'], mustStaple: true });
    const server = createServer({ ...identity, maxVersion }, (socket) => {
      socket.on('error', () => {});
    });
    server.on('OCSPRequest', (_certificate, _issuer, answer) => {
      // What it says is not looked at.
      answer(null, stapled ? Buffer.from('any response') : Buffer.alloc(0));
    });
    const { missingStaple = false } = await factsOf(await listen(server), 'a.example');
    expect(missingStaple).toBe(!stapled);
  });

  it('is told from one that promises nothing', async () => {
    const server = await serve({ names: ['a.example'] });
    expect(await factsOf(server, 'a.example')).not.toHaveProperty('missingStaple');
  });
});
