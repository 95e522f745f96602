/** The probe on the real network seam, steered to loopback as `--connect-to` and `--cacert` do. */
import { afterEach, expect, test } from 'vitest';
import { createInternet } from '../../src/net/internet.ts';
import type { Network } from '../../src/net/network.ts';
import { probe } from '../../src/probe/probe.ts';
import { isVerified } from '../../src/probe/result.ts';
import { stopClock } from '../clock.ts';
import { createAuthority } from '../lab/certificates.ts';
import type { Stoppable } from '../lab/loopback.ts';
import { type SmtpServer, startSmtpServer } from '../lab/smtp-server.ts';

const authority = await createAuthority();
const running: Stoppable[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function start(encryption: 'tls' | 'starttls', name: string): Promise<SmtpServer> {
  const tls = await authority.issue({ names: [name] });
  const server = await startSmtpServer({ encryption, hostname: name, tls });
  running.push(server);
  return server;
}

function internet(toPort: number): Network {
  return createInternet({
    userAgent: 'test',
    servers: [],
    cacerts: [authority.caPem],
    connectTo: [{ fromHost: null, fromPort: null, toHost: '127.0.0.1', toPort }],
  });
}

test.each([
  ['tls', 465],
  ['starttls', 587],
] as const)(
  'a server is verified over %s, and hears QUIT though the session closes',
  async (encryption, port) => {
    const server = await start(encryption, 'smtp.example.com');
    const network = internet(server.port);
    const { signal } = new AbortController();
    stopClock(); // So only the server's answer can end the goodbye.
    const result = await probe({ host: 'smtp.example.com', port, encryption }, network, { signal });
    expect(isVerified(result)).toBe(true);
    expect(result).toMatchObject({ address: '127.0.0.1', auth: ['PLAIN', 'LOGIN'] });
    await network.close(800);
    expect(server.transcript.conversations[0]?.lines.at(-1)).toMatchObject({
      by: 'server',
      text: '221 Bye',
    });
  },
);

test('an alternate name that is redirected to the same place is found', async () => {
  const server = await start('tls', 'proper.example.net');
  const network = internet(server.port);
  const endpoint = { host: 'mail.example.com', port: 465, encryption: 'tls' } as const;
  const result = await probe(endpoint, network, { signal: new AbortController().signal });
  expect(result).toMatchObject({ outcome: 'certificate', alternateNames: ['proper.example.net'] });
  await network.close();
});

test('an address on this machine is not contacted', async () => {
  const network = createInternet({ userAgent: 'test', servers: [] });
  const endpoint = { host: '127.0.0.1', port: 465, encryption: 'tls' } as const;
  const result = await probe(endpoint, network, { signal: new AbortController().signal });
  expect(result).toMatchObject({ outcome: 'unreachable', blocked: true, stage: 'connect' });
  await network.close();
});
