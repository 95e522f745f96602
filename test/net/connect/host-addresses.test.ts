import { afterEach, describe, expect, it } from 'vitest';
import {
  allAddresses,
  createHostResolver,
  type HostResolver,
  type HostResolverOptions,
} from '../../../src/net/connect/host-addresses.ts';
import { parseHosts } from '../../../src/net/connect/hosts-file.ts';
import { createDnsClient } from '../../../src/net/dns/client.ts';
import { type Asked, type Peer, reply, startPeer } from '../dns/scripted-peer.ts';

const never = new AbortController().signal;
const peers: Peer[] = [];

afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.close()));
});

/** What the resolver says of each family: addresses, an error, or nothing at all; perhaps later. */
interface Zone {
  readonly A?: Family;
  readonly AAAA?: Family;
}
type Family =
  | readonly string[]
  | 'SERVFAIL'
  | 'NXDOMAIN'
  | 'silent'
  | (() => Promise<readonly string[]>);

async function resolverOf(
  zone: Zone,
  options: Partial<HostResolverOptions> & { hostsText?: string } = {},
): Promise<{ resolve: HostResolver; log: readonly string[] }> {
  const peer = await startPeer(async (asked: Asked) => {
    const type = asked.type as 'A' | 'AAAA';
    const family = zone[type] ?? [];
    if (family === 'silent') return null;
    if (typeof family === 'string') return reply(asked, { rcode: family });
    const data = typeof family === 'function' ? await family() : family;
    return reply(asked, {
      answers: data.map((address) => ({ type, name: asked.name, ttl: 60, data: address })),
    });
  });
  peers.push(peer);
  const entries = parseHosts(options.hostsText ?? '');
  const resolve = createHostResolver({
    dns: createDnsClient({ servers: [peer.server], deadlineMs: 300, retryMs: 100 }),
    hosts: { lookup: async (host) => entries.get(host) ?? [] },
    systemLookup: false,
    ...options,
  });
  return { resolve, log: peer.log };
}

const v4 = (count: number): string[] => Array.from({ length: count }, (_, i) => `192.0.2.${i + 1}`);
const v6 = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `2001:db8::${i + 1}`);

describe('what needs no DNS', () => {
  it.each(['192.0.2.1', '2001:db8::1'])('an address is its own: %s', async (address) => {
    const { resolve, log } = await resolverOf({});
    expect(await resolve(address, never)).toEqual({ kind: 'addresses', addresses: [address] });
    expect(log).toEqual([]);
  });

  it('the hosts file comes before the DNS', async () => {
    const hostsText = '192.0.2.9 smtp.example\n2001:db8::9 smtp.example';
    const { resolve, log } = await resolverOf({ A: v4(1) }, { hostsText });
    expect(await resolve('SMTP.example.', never)).toEqual({
      kind: 'addresses',
      addresses: ['192.0.2.9', '2001:db8::9'],
    });
    expect(log).toEqual([]);
  });

  it('localhost is this machine, and so is all below it', async () => {
    const { resolve, log } = await resolverOf({ A: v4(1) });
    for (const name of ['localhost', 'LOCALHOST.', 'mail.localhost']) {
      const answer = await resolve(name, never);
      expect(answer).toEqual({ kind: 'addresses', addresses: ['::1', '127.0.0.1'] });
    }
    expect(log).toEqual([]);
  });

  it('localhost is what the hosts file says', async () => {
    const { resolve } = await resolverOf({}, { hostsText: '127.0.0.2 localhost' });
    expect(await resolve('localhost', never)).toMatchObject({ addresses: ['127.0.0.2'] });
  });
});

describe('both families', () => {
  it('take turns, IPv6 first', async () => {
    const { resolve } = await resolverOf({ A: v4(3), AAAA: v6(2) });
    expect(await resolve('smtp.example', never)).toEqual({
      kind: 'addresses',
      addresses: ['2001:db8::1', '192.0.2.1', '2001:db8::2', '192.0.2.2', '192.0.2.3'],
    });
  });

  it('share the eight places', async () => {
    const { resolve } = await resolverOf({ A: v4(20), AAAA: v6(20) });
    const addresses = await allAddresses(await resolve('smtp.example', never));
    expect(addresses).toHaveLength(8);
    expect(addresses.filter((address) => address.includes(':'))).toHaveLength(4);
  });

  it('are not both needed', async () => {
    const failing = await resolverOf({ A: v4(1), AAAA: 'SERVFAIL' });
    expect(await failing.resolve('smtp.example', never)).toEqual({
      kind: 'addresses',
      addresses: ['192.0.2.1'],
    });
    const absent = await resolverOf({ AAAA: v6(1) });
    expect(await absent.resolve('smtp.example', never)).toMatchObject({ addresses: v6(1) });
  });

  it.each<[string, Zone, string]>([
    ['none and none is none', { A: 'NXDOMAIN', AAAA: 'NXDOMAIN' }, 'none'],
    ['none and failed is failed', { A: [], AAAA: 'SERVFAIL' }, 'failed'],
    ['failed and none is failed', { A: 'SERVFAIL', AAAA: [] }, 'failed'],
    ['failed and failed is failed', { A: 'SERVFAIL', AAAA: 'SERVFAIL' }, 'failed'],
  ])('without an address: %s', async (_, zone, kind) => {
    const { resolve } = await resolverOf(zone);
    expect((await resolve('smtp.example', never)).kind).toBe(kind);
  });

  it('a failure tells whether anything answered', async () => {
    const { resolve } = await resolverOf({ A: 'silent', AAAA: 'silent' });
    expect(await resolve('smtp.example', never)).toMatchObject({ kind: 'failed', reached: false });
    const other = await resolverOf({ A: [], AAAA: 'silent' });
    expect(await other.resolve('smtp.example', never)).toMatchObject({
      kind: 'failed',
      reached: true,
    });
  });

  it('are asked for alone with -4 and -6', async () => {
    const zone = { A: v4(1), AAAA: v6(1) };
    const four = await resolverOf(zone, { family: 4, hostsText: '::9 other.example' });
    expect(await four.resolve('smtp.example', never)).toMatchObject({ addresses: v4(1) });
    expect(await four.resolve('localhost', never)).toMatchObject({ addresses: ['127.0.0.1'] });
    expect(await four.resolve('::1', never)).toEqual({ kind: 'none' });
    expect(await four.resolve('other.example', never)).toMatchObject({ addresses: v4(1) });
    expect(four.log).toEqual(['A smtp.example udp', 'A other.example udp']);
    const six = await resolverOf(zone, { family: 6 });
    expect(await six.resolve('smtp.example', never)).toMatchObject({ addresses: v6(1) });
  });
});

describe('a family that is slower than the other', () => {
  const held = (addresses: readonly string[]) => {
    let release = (): void => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    return { family: () => until.then(() => addresses), release };
  };

  it.each([
    ['AAAA', v4(2), v6(1)],
    ['A', v6(2), v4(1)],
  ] as const)('comes late, and is not lost: %s', async (slow, early, late) => {
    const slower = held(late);
    const zone =
      slow === 'A' ? { A: slower.family, AAAA: early } : { A: early, AAAA: slower.family };
    const { resolve } = await resolverOf(zone);
    const answer = await resolve('smtp.example', never);
    expect(answer).toMatchObject({ kind: 'addresses', addresses: early });
    slower.release();
    expect(await allAddresses(answer)).toEqual([...early, ...late]);
  });

  it('leaves places for the late ones, and fills them up with the others', async () => {
    const slower = held(v6(1));
    const { resolve } = await resolverOf({ A: v4(9), AAAA: slower.family });
    const answer = await resolve('smtp.example', never);
    expect(answer).toMatchObject({ addresses: v4(4) });
    slower.release();
    expect(await allAddresses(answer)).toEqual([
      ...v4(4),
      '2001:db8::1',
      '192.0.2.5',
      '192.0.2.6',
      '192.0.2.7',
    ]);
  });

  it('brings nothing when it fails or the caller has left', async () => {
    const silent = await resolverOf({ A: v4(1), AAAA: 'silent' });
    expect(await allAddresses(await silent.resolve('smtp.example', never))).toEqual(v4(1));
    const control = new AbortController();
    const answer = await silent.resolve('other.example', control.signal);
    control.abort();
    expect(await allAddresses(answer)).toEqual(v4(1));
  });

  it('is waited for when the quicker one brings nothing', async () => {
    const slower = held(v6(1));
    const { resolve } = await resolverOf({ A: [], AAAA: slower.family });
    const answer = resolve('smtp.example', never);
    setTimeout(slower.release, 80);
    expect(await answer).toEqual({ kind: 'addresses', addresses: v6(1) });
  });
});

describe("the operating system's own call", () => {
  const failing = { A: 'SERVFAIL', AAAA: 'SERVFAIL' } as const;

  it('stands in when the DNS could not be asked', async () => {
    const lookup = async () => ['192.0.2.1', '2001:db8::1', 'junk'];
    const { resolve } = await resolverOf(failing, { systemLookup: true, lookup });
    expect(await resolve('smtp.example', never)).toEqual({
      kind: 'addresses',
      addresses: ['2001:db8::1', '192.0.2.1'],
    });
  });

  it.each<[string, Zone, boolean]>([
    ['when the name does not exist', { A: 'NXDOMAIN', AAAA: 'NXDOMAIN' }, true],
    ['when one family is known to have none', { A: [], AAAA: 'SERVFAIL' }, true],
    ['when it is not wanted', failing, false],
  ])('is not made %s', async (_, zone, systemLookup) => {
    let calls = 0;
    const lookup = async () => {
      calls++;
      return ['192.0.2.1'];
    };
    const { resolve } = await resolverOf(zone, { systemLookup, lookup });
    await resolve('smtp.example', never);
    expect(calls).toBe(0);
  });

  it("leaves the DNS's failure standing when it finds nothing either", async () => {
    const lookup = () => Promise.reject(new Error('ENOTFOUND'));
    const { resolve } = await resolverOf(failing, { systemLookup: true, lookup });
    expect(await resolve('smtp.example', never)).toMatchObject({
      kind: 'failed',
      detail: expect.stringContaining('SERVFAIL'),
    });
  });

  it('is not waited for by a caller who leaves', async () => {
    const control = new AbortController();
    const lookup = () => {
      setImmediate(() => control.abort(new Error('enough')));
      return new Promise<never>(() => {});
    };
    const { resolve } = await resolverOf(failing, { systemLookup: true, lookup });
    await expect(resolve('smtp.example', control.signal)).rejects.toThrow('enough');
  });
});

it('a cancelled look-up throws the reason', async () => {
  const { resolve } = await resolverOf({ A: 'silent', AAAA: 'silent' });
  const control = new AbortController();
  const answer = resolve('smtp.example', control.signal);
  control.abort(new Error('enough'));
  await expect(answer).rejects.toThrow('enough');
});
