/** Servers that behave: each encryption, each kind of certificate. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Encryption } from '../../src/model/endpoint.ts';
import { parseConnectTo } from '../../src/net/connect/connect-to.ts';
import type { Network } from '../../src/net/network.ts';
import { probe } from '../../src/probe/probe.ts';
import { isVerified, type ProbeResult } from '../../src/probe/result.ts';
import { type CertificateRequest, createAuthority } from '../lab/certificates.ts';
import type { Transcript } from '../lab/conversation.ts';
import { CLOSED_PORT, type Stoppable } from '../lab/loopback.ts';
import { type SmtpServerOptions, startSmtpServer } from '../lab/smtp-server.ts';
import { type LoopbackNetwork, type LoopbackOptions, loopbackNetwork } from './loopback-network.ts';

const HOST = 'smtp.example.com';
const DAY_MS = 86_400_000;
const authority = await createAuthority();
const running: Stoppable[] = [];
const networks: LoopbackNetwork[] = [];

afterEach(async () => {
  // After every single probe: nothing of it stays open.
  const open = (): number =>
    networks.flatMap(({ sockets }) => sockets).filter(({ destroyed }) => !destroyed).length;
  await expect.poll(open, { timeout: 2000 }).toBe(0);
  networks.length = 0;
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function start(
  options: Partial<SmtpServerOptions> & { encryption: Encryption },
  certificate: CertificateRequest = { names: [HOST] },
): Promise<{ port: number; transcript: Transcript }> {
  const tls = await authority.issue(certificate);
  const server = await startSmtpServer({
    hostname: HOST,
    ...options,
    tls: { ...tls, ...options.tls },
  });
  running.push(server);
  return server;
}

interface Probing {
  port: number;
  encryption: Encryption;
  network?: Network;
  host?: string;
}

function look({ network = trusting(), host = HOST, ...rest }: Probing): Promise<ProbeResult> {
  return probe({ host, ...rest }, network, {
    signal: new AbortController().signal,
    deadlineMs: 3000,
  });
}

function trusting(options: LoopbackOptions = {}): LoopbackNetwork {
  const network = loopbackNetwork({ caPem: authority.caPem, ...options });
  networks.push(network);
  return network;
}

const said = ({ conversations }: Transcript, nth = 0): readonly string[] =>
  (conversations[nth]?.lines ?? [])
    .filter(({ by }) => by === 'client')
    .map(({ text, secure }) => `${secure ? 'tls ' : ''}${text}`);

async function goodbye({ conversations }: Transcript): Promise<void> {
  await expect.poll(() => conversations.at(-1)?.lines.at(-1)?.text).toBe('221 Bye');
}

describe('a server that behaves', () => {
  test('is verified over implicit TLS', async () => {
    const { port, transcript } = await start({ encryption: 'tls', auth: ['LOGIN', 'PLAIN'] });
    const result = await look({ port, encryption: 'tls' });
    expect(isVerified(result)).toBe(true);
    expect(result).toMatchObject({
      outcome: 'ok',
      reason: 'AUTH is offered over TLSv1.3',
      stage: 'done',
      temporary: false,
      blocked: false,
      reached: true,
      address: '127.0.0.1',
      auth: ['LOGIN', 'PLAIN'],
      clearAuth: [],
      startTls: null,
      injection: false,
      outdatedTls: false,
      alternateNames: [],
      reply: { code: 250, enhanced: null },
      tls: { protocol: 'TLSv1.3', certificate: { names: [HOST], trusted: true, problem: null } },
    });
    expect(result.banner).toMatch(/^smtp\.example\.com ESMTP/);
    expect(result.capabilities).toMatchObject({ AUTH: 'LOGIN PLAIN', PIPELINING: '' });
    expect(result.durationMs).toBeGreaterThan(0);
    await goodbye(transcript);
    expect(said(transcript)).toEqual(['tls EHLO [127.0.0.1]', 'tls QUIT']);
  });

  test('is verified over STARTTLS, by what it says after TLS', async () => {
    const { port, transcript } = await start({ encryption: 'starttls', auth: ['PLAIN'] });
    const result = await look({ port, encryption: 'starttls' });
    expect(isVerified(result)).toBe(true);
    expect(result).toMatchObject({
      auth: ['PLAIN'],
      clearAuth: [],
      startTls: true,
      injection: false,
    });
    expect(result.capabilities).not.toHaveProperty('STARTTLS');
    await goodbye(transcript);
    expect(said(transcript)).toEqual([
      'EHLO [127.0.0.1]',
      'STARTTLS',
      'tls EHLO [127.0.0.1]',
      'tls QUIT',
    ]);
  });

  test('is told to offer AUTH in the clear as well', async () => {
    const { port } = await start({ encryption: 'starttls', clearAuth: true, auth: ['LOGIN'] });
    const result = await look({ port, encryption: 'starttls' });
    expect(result).toMatchObject({ outcome: 'ok', auth: ['LOGIN'], clearAuth: ['LOGIN'] });
  });

  test('is ok and never verified without encryption', async () => {
    const { port, transcript } = await start({ encryption: 'none' });
    const result = await look({ port, encryption: 'none' });
    expect(isVerified(result)).toBe(false);
    expect(result).toMatchObject({
      outcome: 'ok',
      reason: 'AUTH is offered, without encryption',
      auth: ['PLAIN', 'LOGIN'],
      clearAuth: ['PLAIN', 'LOGIN'],
      startTls: false,
      tls: null,
    });
    await goodbye(transcript);
    expect(said(transcript)).toEqual(['EHLO [127.0.0.1]', 'QUIT']);
  });

  test('is told to offer STARTTLS when it was asked without', async () => {
    const { port } = await start({ encryption: 'starttls' });
    const result = await look({ port, encryption: 'none' });
    expect(result).toMatchObject({
      outcome: 'no-auth',
      reason: 'AUTH is not offered',
      startTls: true,
    });
  });

  test('is of no use without AUTH', async () => {
    const { port } = await start({ encryption: 'tls', auth: [] });
    const result = await look({ port, encryption: 'tls' });
    expect(result).toMatchObject({ outcome: 'no-auth', temporary: false, auth: [], stage: 'done' });
  });

  test('is not spoken to by a name that the caller did not mean', async () => {
    const { port, transcript } = await start({ encryption: 'none' });
    const signal = new AbortController().signal;
    const endpoint = { host: HOST, port, encryption: 'none' } as const;
    await probe(endpoint, trusting(), { signal, ehloName: 'client.example.org' });
    await probe(endpoint, trusting(), { signal, ehloName: 'x\r\nMAIL FROM:<a@b>' });
    await goodbye(transcript);
    expect(said(transcript, 0)[0]).toBe('EHLO client.example.org');
    expect(said(transcript, 1)).toEqual(['EHLO [127.0.0.1]', 'QUIT']);
  });
});

describe('a certificate', () => {
  test.each<[string, CertificateRequest, RegExp]>([
    ['name', { names: ['other.example.net'] }, /for another name \(other\.example\.net\)$/],
    ['self-signed', { names: [HOST], selfSigned: true }, /is self-signed$/],
    [
      'expired',
      {
        names: [HOST],
        notBefore: new Date(Date.now() - 9 * DAY_MS),
        notAfter: new Date(Date.now() - DAY_MS),
      },
      /^the certificate expired on \d{4}-\d\d-\d\d$/,
    ],
    [
      'not-yet-valid',
      { names: [HOST], notBefore: new Date(Date.now() + DAY_MS) },
      /valid only from/,
    ],
    ['name-only-in-cn', { names: [], commonName: HOST }, /only in its common name$/],
    [
      'untrusted',
      { names: [HOST], intermediate: 'left-out' },
      /not trusted, or the server leaves out an intermediate certificate$/,
    ],
    [
      'expired',
      { names: [HOST], intermediate: 'expired' },
      /^a certificate in the server's chain has expired$/,
    ],
  ])(
    'with the problem %s is described with all the rest, and not verified',
    async (problem, request, reason) => {
      for (const encryption of ['tls', 'starttls'] as const) {
        const { port } = await start({ encryption }, request);
        const result = await look({ port, encryption });
        expect(result).toMatchObject({
          outcome: 'certificate',
          reason: expect.stringMatching(reason),
          stage: 'done',
          auth: ['PLAIN', 'LOGIN'],
          tls: { certificate: { problem } },
        });
        expect(isVerified(result)).toBe(false);
      }
    },
  );

  test('is good with all that leads to a trusted issuer', async () => {
    const { port } = await start({ encryption: 'tls' }, { names: [HOST], intermediate: 'shown' });
    expect(isVerified(await look({ port, encryption: 'tls' }))).toBe(true);
  });

  test('of an unknown issuer is not trusted', async () => {
    const { port } = await start({ encryption: 'tls' });
    const result = await look({ port, encryption: 'tls', network: loopbackNetwork() });
    expect(result).toMatchObject({
      outcome: 'certificate',
      tls: { certificate: { problem: 'untrusted' } },
    });
  });

  test('that is bad is named with the missing AUTH, which is the worse', async () => {
    const { port } = await start(
      { encryption: 'tls', auth: [] },
      { names: [HOST], selfSigned: true },
    );
    const result = await look({ port, encryption: 'tls' });
    expect(result).toMatchObject({
      outcome: 'no-auth',
      reason: 'AUTH is not offered, and the certificate is self-signed',
    });
  });
});

describe('a good certificate for another name', () => {
  const hosts = {
    'elsewhere.example': { kind: 'addresses', addresses: ['192.0.2.9'] },
    'nowhere.example': { kind: 'none' },
    'broken.example': { kind: 'failed', detail: 'servfail', reached: true },
    'here.example': { kind: 'addresses', addresses: ['192.0.2.9', '127.0.0.1'] },
  } as const;
  const PTR = '1.0.0.127.in-addr.arpa PTR';

  interface Shared {
    /** Names of the certificate. */
    readonly names: readonly string[];
    /** What the greeting and the EHLO reply say. */
    readonly hostname?: string;
    readonly zone?: Readonly<Record<string, readonly unknown[]>>;
  }

  async function alternateNames(
    { names, hostname = 'localhost', zone = {} }: Shared,
    network?: Partial<Network>,
  ): Promise<readonly string[]> {
    const { port } = await start({ encryption: 'starttls', hostname }, { names: [...names] });
    const own = { ...trusting({ hosts, zone }), ...network };
    const result = await look({ port, encryption: 'starttls', network: own });
    expect(result.outcome).toBe('certificate');
    return result.alternateNames;
  }

  const vouching: [string, Shared, string[]][] = [
    ['the greeting', { names: ['here.example'], hostname: 'Here.example' }, ['here.example']],
    [
      'the greeting, under a wildcard',
      { names: ['*.hoster.example'], hostname: 'gator1234.hoster.example' },
      ['gator1234.hoster.example'],
    ],
    [
      'a CNAME',
      { names: ['here.example'], zone: { [`${HOST} CNAME`]: ['here.example'] } },
      ['here.example'],
    ],
    [
      'a CNAME of a CNAME',
      {
        names: ['here.example'],
        zone: { [`${HOST} CNAME`]: ['web.example'], 'web.example CNAME': ['here.example'] },
      },
      ['here.example'],
    ],
    [
      'an MX',
      {
        names: ['here.example'],
        zone: { 'example.com MX': [{ preference: 10, exchange: 'here.example' }] },
      },
      ['here.example'],
    ],
    ['a PTR', { names: ['here.example'], zone: { [PTR]: ['here.example'] } }, ['here.example']],
    [
      'several, the domain first',
      {
        names: ['*.hoster.example', 'here.example'],
        hostname: 'a.hoster.example',
        zone: { [PTR]: ['b.hoster.example'], [`${HOST} CNAME`]: ['here.example'] },
      },
      ['here.example', 'a.hoster.example', 'b.hoster.example'],
    ],
  ];
  test.each(vouching)('leads to a name that is vouched for by %s', async (_, shared, expected) => {
    expect(await alternateNames(shared)).toEqual(expected);
  });

  const strangers: [string, Shared][] = [
    ["is nobody but the certificate's", { names: ['here.example', 'neighbour.example'] }],
    [
      "is nobody but the certificate's, whatever the order among a hundred",
      { names: Array.from({ length: 100 }, (_, i) => `n${i}.example`) },
    ],
    ['the certificate does not cover', { names: ['a.example'], hostname: 'here.example' }],
    ['leads elsewhere', { names: ['elsewhere.example'], hostname: 'elsewhere.example' }],
    ['leads nowhere', { names: ['nowhere.example'], hostname: 'nowhere.example' }],
    ["can't be looked up", { names: ['broken.example'], hostname: 'broken.example' }],
    ['is an address', { names: ['a.example'], hostname: '[127.0.0.1]' }],
    [
      'is at two labels from a wildcard',
      { names: ['*.hoster.example'], hostname: 'a.b.hoster.example' },
    ],
  ];
  test.each(strangers)('never leads to a name that %s', async (_, shared) => {
    expect(await alternateNames(shared)).toEqual([]);
  });

  test('causes eight look-ups at most', async () => {
    const many = Array.from({ length: 100 }, (_, i) => `n${i}.hoster.example`);
    const zone = {
      'example.com MX': many.map((exchange, preference) => ({ preference, exchange })),
    };
    const { port } = await start({ encryption: 'tls' }, { names: ['*.hoster.example'] });
    const network = trusting({ zone });
    const result = await look({ port, encryption: 'tls', network });
    expect(result.alternateNames).toEqual(many.slice(0, 8));
    expect(network.lookups).toHaveLength(1 + 8);
  });

  test('leads elsewhere where the user redirects its name', async () => {
    const names = ['a.example', 'b.example', 'c.example'];
    const { port } = await start({ encryption: 'tls' }, { names });
    const redirections: Record<string, { host: string; port: number }> = {
      'a.example': { host: '127.0.0.1', port: port + 1 },
      'b.example': { host: '127.0.0.1', port },
      'c.example': { host: 'elsewhere.example', port },
    };
    const network = {
      ...trusting({ hosts, zone: { [PTR]: names } }),
      redirected: (host: string) => redirections[host] ?? null,
    };
    const result = await look({ port, encryption: 'tls', network });
    expect(result.alternateNames).toEqual(['b.example']);
  });

  test('does not make the probe wait beyond its deadline', async () => {
    const names = ['silent.example', 'here.example'];
    const { port } = await start({ encryption: 'tls' }, { names });
    const network = trusting({
      hosts: { ...hosts, 'silent.example': new Promise<never>(() => {}) },
      zone: { [PTR]: names },
    });
    const signal = new AbortController().signal;
    const endpoint = { host: HOST, port, encryption: 'tls' } as const;
    const result = await probe(endpoint, network, { signal, deadlineMs: 300 });
    expect(result).toMatchObject({ outcome: 'certificate', alternateNames: ['here.example'] });
  });

  test('is not followed when the chain is not trusted', async () => {
    const { port } = await start(
      { encryption: 'tls' },
      { names: ['here.example'], selfSigned: true },
    );
    const network = trusting();
    expect((await look({ port, encryption: 'tls', network })).alternateNames).toEqual([]);
    expect(network.lookups).toEqual([HOST]);
  });
});

describe('outdated TLS', () => {
  const old = (maxVersion: 'TLSv1' | 'TLSv1.1'): { tls: SmtpServerOptions['tls'] } => ({
    tls: { minVersion: 'TLSv1', maxVersion, ciphers: 'DEFAULT:@SECLEVEL=0' },
  });

  test.each(['tls', 'starttls'] as const)(
    'is told apart from a dead server (%s)',
    async (encryption) => {
      const { port, transcript } = await start({ encryption, ...old('TLSv1.1') });
      const result = await look({ port, encryption });
      expect(result).toMatchObject({
        outcome: 'tls',
        reason: 'the server speaks only TLSv1.1, which is outdated',
        stage: 'tls',
        temporary: false,
        outdatedTls: true,
        auth: ['PLAIN', 'LOGIN'],
        tls: { protocol: 'TLSv1.1', certificate: { problem: null } },
      });
      expect(isVerified(result)).toBe(false);
      await goodbye(transcript);
    },
  );
});

describe('a server with weak TLS', () => {
  const weak: Partial<SmtpServerOptions> = {
    tls: {
      maxVersion: 'TLSv1.2',
      ciphers: 'DEFAULT:@SECLEVEL=0',
      sigalgs: 'ECDSA+SHA1',
    },
  };

  test('that shares nothing with current clients is described, and not verified', async () => {
    const { port } = await start({ encryption: 'tls', ...weak });
    const result = await look({ port, encryption: 'tls' });
    expect(result).toMatchObject({
      outcome: 'tls',
      reason: expect.stringMatching(/^the server speaks TLSv1\.2 only with outdated settings \(/),
      outdatedTls: false,
      tls: { protocol: 'TLSv1.2', certificate: { problem: null } },
    });
    expect(isVerified(result)).toBe(false);
  });
});

test('a key that current clients find too weak is described, and not verified', async () => {
  const { port } = await start(
    { encryption: 'tls', tls: { ciphers: 'DEFAULT:@SECLEVEL=0' } },
    { names: [HOST], weakKey: true },
  );
  const result = await look({ port, encryption: 'tls' });
  expect(result).toMatchObject({
    outcome: 'certificate',
    reason: expect.stringContaining('its key or signature may be too weak'),
    tls: { certificate: { problem: 'untrusted', trusted: false } },
  });
});

describe('a connection that does not come about', () => {
  test('is refused', async () => {
    const result = await look({ port: CLOSED_PORT, encryption: 'tls' });
    expect(result).toMatchObject({
      outcome: 'refused',
      reason: 'refused the connection (127.0.0.1)',
      stage: 'connect',
      temporary: false,
      reached: true,
      address: null,
      reply: null,
    });
  });

  test('is described by what stands in its place', async () => {
    const rule = parseConnectTo(`${HOST}:465:127.0.0.1:${CLOSED_PORT}`);
    const network = trusting({ connectTo: [rule] });
    expect(await look({ port: 465, encryption: 'tls', network })).toMatchObject({
      outcome: 'refused',
      reason: `in its place, 127.0.0.1:${CLOSED_PORT} refused the connection (127.0.0.1)`,
    });
  });

  test('has no host', async () => {
    const hosts = { [HOST]: { kind: 'none' } } as const;
    const result = await look({ port: 465, encryption: 'tls', network: trusting({ hosts }) });
    expect(result).toMatchObject({
      outcome: 'dns',
      reason: 'does not exist or has no addresses',
      stage: 'resolve',
      temporary: false,
      reached: true,
    });
  });

  test('has a host that cannot be looked up', async () => {
    const hosts = {
      [HOST]: { kind: 'failed', detail: 'no answer from 192.0.2.53', reached: false },
    } as const;
    const result = await look({ port: 465, encryption: 'tls', network: trusting({ hosts }) });
    expect(result).toMatchObject({
      outcome: 'dns',
      reason: 'the look-up failed (no answer from 192.0.2.53)',
      temporary: true,
      reached: false,
    });
  });

  test('leads to a forbidden address', async () => {
    const network = trusting({ isForbidden: () => true });
    const result = await look({ port: 465, encryption: 'tls', network });
    expect(result).toMatchObject({ outcome: 'unreachable', blocked: true, temporary: false });
    expect(network.sockets).toHaveLength(0);
  });

  test('throws nothing, whatever the network throws', async () => {
    const network = {
      ...trusting(),
      connect: () => Promise.reject(new TypeError('a bug\x1b[31m')),
    };
    const result = await look({ port: 465, encryption: 'tls', network });
    expect(result).toMatchObject({ outcome: 'protocol', reason: 'unexpected failure: a bug' });
  });
});
