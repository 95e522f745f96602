import { Resolver } from 'node:dns/promises';
import { createConnection } from 'node:net';
import * as dnsPacket from 'dns-packet';
import { afterEach, describe, expect, test } from 'vitest';
import { type DnsBehaviours, type DnsServer, startDnsServer } from './dns-server.ts';
import { type Zone, ZoneTable } from './zone.ts';

let server: DnsServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** Node's own stub resolver (c-ares), pointed at a lab server. */
async function resolverFor(zone: Zone, behaviours: DnsBehaviours = {}): Promise<Resolver> {
  server = await startDnsServer({ zone: new ZoneTable(zone), behaviours });
  const resolver = new Resolver({ timeout: 150, tries: 2 });
  resolver.setServers([`127.0.0.1:${server.port}`]);
  return resolver;
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no failure',
    (error: NodeJS.ErrnoException) => error.code,
  );
}

describe('the DNS server', () => {
  test('answers with what the zone says, in every type that matters', async () => {
    const resolver = await resolverFor({
      'example.com': {
        A: '192.0.2.1',
        AAAA: ['2001:db8::1', '2001:db8::2'],
        MX: ['10 mx1.example.com', '20 mx2.example.com.'],
        TXT: ['mailconf=https://example.com/', ['two ', 'strings'], 'x'.repeat(300)],
      },
      '_submissions._tcp.example.com': { SRV: ['0 5 465 smtp.example.com', '1 0 587 .'] },
      'null.example': { MX: '0 .' },
    });
    expect(await resolver.resolve4('example.com')).toEqual(['192.0.2.1']);
    expect(await resolver.resolve6('Example.COM')).toEqual(['2001:db8::1', '2001:db8::2']);
    // Newer Nodes say the type of every record, too.
    expect(await resolver.resolveMx('example.com')).toMatchObject([
      { priority: 10, exchange: 'mx1.example.com' },
      { priority: 20, exchange: 'mx2.example.com' },
    ]);
    expect(await resolver.resolveTxt('example.com')).toEqual([
      ['mailconf=https://example.com/'],
      ['two ', 'strings'],
      ['x'.repeat(255), 'x'.repeat(45)],
    ]);
    expect(await resolver.resolveSrv('_submissions._tcp.example.com')).toMatchObject([
      { priority: 0, weight: 5, port: 465, name: 'smtp.example.com' },
      { priority: 1, weight: 0, port: 587, name: '' },
    ]);
    expect(await resolver.resolveMx('null.example')).toMatchObject([{ priority: 0, exchange: '' }]);
  });

  test('keeps names that do not exist apart from names without such records', async () => {
    const resolver = await resolverFor({ 'a.deep.example.com': { A: '192.0.2.1' } });
    expect(await failure(resolver.resolve4('nothing.example.com'))).toBe('ENOTFOUND');
    expect(await failure(resolver.resolveMx('a.deep.example.com'))).toBe('ENODATA');
    // An empty non-terminal: nothing there, but something below.
    expect(await failure(resolver.resolve4('deep.example.com'))).toBe('ENODATA');
  });

  test('follows aliases as far as they lead', async () => {
    const resolver = await resolverFor({
      'www.example.com': { CNAME: 'host.example.net' },
      'host.example.net': { A: '192.0.2.7' },
      'dangling.example.com': { CNAME: 'gone.example.net' },
      'loop.example.com': { CNAME: 'loop.example.com' },
    });
    expect(await resolver.resolve4('www.example.com')).toEqual(['192.0.2.7']);
    expect(await failure(resolver.resolve4('dangling.example.com'))).toBe('ENOTFOUND');
    expect(await resolver.resolve4('loop.example.com')).toEqual([]);
  });

  test('lets a wildcard stand in for names that do not exist, and for those only', async () => {
    const resolver = await resolverFor({
      '*.example.com': { A: '192.0.2.9' },
      'real.example.com': { MX: '10 x.example.com' },
    });
    expect(await resolver.resolve4('any.thing.example.com')).toEqual(['192.0.2.9']);
    expect(await failure(resolver.resolve4('real.example.com'))).toBe('ENODATA');
    expect(await failure(resolver.resolve4('below.real.example.com'))).toBe('ENOTFOUND');
  });

  test('fails, refuses, keeps silent and forgets questions as told', async () => {
    const zone = { 'example.com': { A: '192.0.2.1', MX: '10 mx.example.com', TXT: 'x' } };
    const resolver = await resolverFor(zone, {
      'example.com/A': { rcode: 'SERVFAIL' },
      'example.com/MX': { drop: 1 },
      'refused.example': { rcode: 'REFUSED' },
      '*/AAAA': { drop: true },
    });
    expect(await failure(resolver.resolve4('example.com'))).toBe('ESERVFAIL');
    expect(await failure(resolver.resolve4('refused.example'))).toBe('EREFUSED');
    expect(await failure(resolver.resolve6('example.com'))).toBe('ETIMEOUT');
    expect(await resolver.resolveMx('example.com')).toHaveLength(1);
    expect(server?.asked('example.com', 'MX')).toBe(2);
    expect(await resolver.resolveTxt('example.com')).toEqual([['x']]);
  });

  test('truncates over UDP what does not fit or is meant not to, and has it whole over TCP', async () => {
    const many = Array.from({ length: 100 }, (_, i) => `192.0.2.${i}`);
    const resolver = await resolverFor(
      { 'big.example': { A: many }, 'small.example': { A: '192.0.2.1' } },
      { 'small.example': { truncate: true } },
    );
    expect(await resolver.resolve4('big.example')).toHaveLength(100);
    expect(await resolver.resolve4('small.example')).toEqual(['192.0.2.1']);
    expect(server?.questions.map(({ name, over }) => `${over} ${name}`)).toEqual([
      'udp big.example',
      'tcp big.example',
      'udp small.example',
      'tcp small.example',
    ]);
  });

  test('sets the AD bit when told to, and repeats the question as it was asked', async () => {
    await resolverFor(
      { 'example.com': { A: '192.0.2.1' } },
      { 'example.com': { authentic: true } },
    );
    const socket = createConnection({ port: server?.port ?? 0, host: '127.0.0.1' });
    socket.write(
      dnsPacket.streamEncode({
        type: 'query',
        id: 77,
        questions: [{ name: 'eXample.com', type: 'A' }],
      }),
    );
    const [chunk] = (await new Promise((resolve) =>
      socket.once('data', (data) => resolve([data])),
    )) as [Buffer];
    socket.destroy();
    const reply = dnsPacket.decode(chunk.subarray(2));
    expect(reply).toMatchObject({ id: 77, flag_ad: true, questions: [{ name: 'eXample.com' }] });
  });
});
