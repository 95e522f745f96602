/** A web host with several addresses that behave differently. */
import { createServer as createWebServer } from 'node:http';
import { createServer as createTlsWebServer } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createConnector } from '../../../src/net/connect/connect.ts';
import { createFetch } from '../../../src/net/http/http.ts';
import type { HttpAnswer } from '../../../src/net/network.ts';
import { createHandshake } from '../../../src/net/tls/tls.ts';
import { createTrustStore } from '../../../src/net/tls/trust-store.ts';
import { createAuthority } from '../../lab/certificates.ts';

const GOOD = '127.0.0.1';
const BAD = '127.0.0.2';
const authority = await createAuthority();
const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** @returns the port */
async function listen(server: Server, address: string, port = 0): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  stops.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const place = server.address();
  return typeof place === 'object' && place !== null ? place.port : 0;
}

function fetchFrom(url: string, addresses: readonly string[]): Promise<HttpAnswer> {
  const connect = createConnector({
    resolveHost: async () => ({ kind: 'addresses', addresses }),
    isForbidden: () => false,
  });
  const handshake = createHandshake({ trust: createTrustStore({ cacerts: [authority.caPem] }) });
  const fetch = createFetch({ connect, handshake, userAgent: 'test' });
  return fetch(url, { signal: new AbortController().signal });
}

const behaviours: [string, (socket: Socket) => void][] = [
  ['hangs up', (socket) => void socket.end()],
  ['resets', (socket) => void socket.resetAndDestroy()],
  ['hangs up after the request', (socket) => void socket.once('data', () => socket.end())],
  ['speaks something else', (socket) => void socket.end('220 mail ESMTP\r\n')],
  ['stays silent', () => {}],
];

for (const secure of [true, false]) {
  it.each(behaviours)(
    `over ${secure ? 'HTTPS' : 'HTTP'} an address that %s gives way to the other, in any order`,
    async (_, behave) => {
      const identity = await authority.issue({ names: ['web.example'] });
      const respond = (_request: unknown, response: { end(text: string): void }): void =>
        response.end('here');
      const good = secure ? createTlsWebServer(identity, respond) : createWebServer(respond);
      const port = await listen(good, GOOD);
      await listen(createServer(behave), BAD, port);
      const url = `${secure ? 'https' : 'http'}://web.example:${port}/`;
      for (const addresses of [
        [BAD, GOOD],
        [GOOD, BAD],
      ]) {
        const answer = await fetchFrom(url, addresses);
        expect(answer).toMatchObject({ kind: 'response', status: 200, secure });
      }
    },
  );
}

it('when no address is of any use, the first failure counts', async () => {
  const port = await listen(
    createServer((socket) => void socket.end()),
    BAD,
  );
  const answer = await fetchFrom(`http://web.example:${port}/`, [BAD, GOOD]);
  expect(answer).toMatchObject({ kind: 'failed', reason: 'protocol', reached: true });
});
