/** A host with several addresses that behave differently. */
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { probe } from '../../src/probe/probe.ts';
import { isVerified, type ProbeResult } from '../../src/probe/result.ts';
import { createAuthority } from '../lab/certificates.ts';
import type { Stoppable } from '../lab/loopback.ts';
import { startSmtpServer } from '../lab/smtp-server.ts';
import { loopbackNetwork } from './loopback-network.ts';

const HOST = 'smtp.example.com';
const GOOD = '127.0.0.1';
const BAD = '127.0.0.2';
const authority = await createAuthority();
const running: Stoppable[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function startGood(encryption: 'tls' | 'starttls'): Promise<number> {
  const tls = await authority.issue({ names: [HOST] });
  const server = await startSmtpServer({ hostname: HOST, encryption, tls, address: GOOD });
  running.push(server);
  return server.port;
}

/** On the same port at the other address. */
async function startBad(port: number, behave: (socket: Socket) => void): Promise<void> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    behave(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, BAD, resolve));
  running.push({
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

function look(
  port: number,
  encryption: 'tls' | 'starttls',
  addresses: readonly string[],
): Promise<ProbeResult> {
  const hosts = { [HOST]: { kind: 'addresses', addresses } } as const;
  const network = loopbackNetwork({ caPem: authority.caPem, hosts });
  const { signal } = new AbortController();
  return probe({ host: HOST, port, encryption }, network, { signal, deadlineMs: 15_000 });
}

const behaviours: [string, (socket: Socket) => void][] = [
  ['hangs up', (socket) => void socket.end()],
  ['resets', (socket) => void socket.resetAndDestroy()],
  ['turns us away for now', (socket) => void socket.end('421 Too busy\r\n')],
  ['turns us away', (socket) => void socket.end('554 No service\r\n')],
  ['hangs up after the first bytes', (socket) => void socket.once('data', () => socket.end())],
  ['speaks something else', (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['stays silent', () => {}],
];

describe.each(['tls', 'starttls'] as const)('over %s an address that', (encryption) => {
  test.each(behaviours)('%s gives way to the other, in any order', async (_, behave) => {
    const port = await startGood(encryption);
    await startBad(port, behave);
    const [first, second] = await Promise.all([
      look(port, encryption, [BAD, GOOD]),
      look(port, encryption, [GOOD, BAD]),
    ]);
    expect(isVerified(first)).toBe(true);
    expect(isVerified(second)).toBe(true);
    expect([first.address, second.address]).toEqual([GOOD, GOOD]);
  });
});

test('the bad address is told', async () => {
  const port = await startGood('tls');
  await startBad(port, (socket) => void socket.end());
  expect((await look(port, 'tls', [BAD, GOOD])).badAddresses).toEqual([BAD]);
  expect((await look(port, 'tls', [GOOD])).badAddresses).toEqual([]);
});

test('when none works, the one that came furthest is described, in any order', async () => {
  const port = await startGood('starttls');
  await Promise.all(running.splice(0).map((server) => server.stop()));
  await startBad(port, (socket) => void socket.end('421 Too busy\r\n'));
  const results = await Promise.all([
    look(port, 'starttls', [BAD, GOOD]),
    look(port, 'starttls', [GOOD, BAD]),
  ]);
  for (const result of results) {
    expect(result).toMatchObject({ outcome: 'protocol', temporary: true, address: BAD });
  }
});
