import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { AUTHENTIC_DATA, encode, TRUNCATED_RESPONSE } from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { createDnsClient, type DnsClientOptions } from '../../../src/net/dns/client.ts';
import type { DnsServer } from '../../../src/net/dns/servers.ts';
import type { DnsClient } from '../../../src/net/network.ts';
import { isSettled, pass, stopClock } from '../../clock.ts';
import { a, cname, type Peer, reply, type Script, soa, startPeer } from './scripted-peer.ts';

const peers: Peer[] = [];
const never = new AbortController().signal;

afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.close()));
});

async function peerOf(script: Script): Promise<Peer> {
  const peer = await startPeer(script);
  peers.push(peer);
  return peer;
}

function clientOf(
  servers: readonly (Peer | DnsServer)[],
  options: Partial<DnsClientOptions> = {},
): DnsClient {
  const places = servers.map((server) => ('server' in server ? server.server : server));
  // More patient than any machine is busy.
  return createDnsClient({ servers: places, deadlineMs: 10_000, retryMs: 9000, ...options });
}

/** A port on which nothing listens. */
async function closedPort(): Promise<DnsServer> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return { address: '127.0.0.1', port, trusted: true, named: true };
}

const sockets = (): number =>
  process.getActiveResourcesInfo().filter((kind) => /UDP|TCPSocket/.test(kind)).length;

describe('a question answered', () => {
  it('brings the addresses of a name, with the shortest lifetime among them', async () => {
    const peer = await peerOf((asked) =>
      reply(asked, {
        answers: [a('smtp.example', '192.0.2.1', 300), a('smtp.example', '192.0.2.2', 200)],
      }),
    );
    expect(await clientOf([peer]).query('SMTP.Example.', 'A', never)).toEqual({
      kind: 'records',
      records: ['192.0.2.1', '192.0.2.2'],
      ttl: 200,
      authentic: false,
    });
    expect(peer.log).toEqual(['A smtp.example udp']);
  });

  it('reads every type that is asked for', async () => {
    const peer = await peerOf((asked) => {
      const { name } = asked;
      const data = {
        AAAA: { type: 'AAAA', name, data: '2001:db8::1' },
        MX: { type: 'MX', name, data: { preference: 10, exchange: 'MX.Example' } },
        SRV: {
          type: 'SRV',
          name,
          data: { priority: 1, weight: 2, port: 465, target: 'Mail.Example' },
        },
        TXT: { type: 'TXT', name, data: [Buffer.from('mailconf='), Buffer.from('https://ü')] },
      } as const;
      const answer = data[asked.type as keyof typeof data];
      return reply(asked, { answers: [{ ...answer, ttl: 60 } as never] });
    });
    const client = clientOf([peer]);
    const records = async (type: 'AAAA' | 'MX' | 'SRV' | 'TXT') => {
      const answer = await client.query('x.example', type, never);
      return answer.kind === 'records' ? answer.records : answer;
    };
    expect(await records('AAAA')).toEqual(['2001:db8::1']);
    expect(await records('MX')).toEqual([{ preference: 10, exchange: 'mx.example' }]);
    expect(await records('SRV')).toEqual([
      { priority: 1, weight: 2, port: 465, target: 'mail.example' },
    ]);
    expect(await records('TXT')).toEqual(['mailconf=https://ü']);
  });

  it('writes the root as the empty name, for "no service" and "no mail"', async () => {
    const peer = await peerOf((asked) =>
      reply(asked, {
        answers: [
          { type: 'MX', name: asked.name, ttl: 60, data: { preference: 0, exchange: '.' } },
        ],
      }),
    );
    const answer = await clientOf([peer]).query('x.example', 'MX', never);
    expect(answer).toMatchObject({ records: [{ preference: 0, exchange: '' }] });
  });

  it('asks with EDNS(0), the DO bit and AD', async () => {
    const seen: unknown[] = [];
    const peer = await peerOf((asked) => {
      const [opt] = asked.query.additionals ?? [];
      seen.push(asked.query.flag_ad, asked.query.flag_rd, opt);
      return reply(asked);
    });
    await clientOf([peer]).query('x.example', 'A', never);
    expect(seen).toMatchObject([true, true, { type: 'OPT', udpPayloadSize: 1232, flag_do: true }]);
  });

  it('believes the AD bit of a trusted resolver only', async () => {
    const peer = await peerOf((asked) =>
      reply(asked, { flags: AUTHENTIC_DATA, answers: [a(asked.name, '192.0.2.1')] }),
    );
    const trusted = await clientOf([peer]).query('x.example', 'A', never);
    const stranger = { ...peer.server, trusted: false };
    const other = await clientOf([stranger]).query('x.example', 'A', never);
    expect([trusted, other]).toMatchObject([{ authentic: true }, { authentic: false }]);
  });

  it('leaves out malformed records and keeps the good ones', async () => {
    const peer = await peerOf((asked) => {
      const good = encode({
        type: 'response',
        id: asked.query.id,
        questions: asked.query.questions,
        answers: [
          { type: 'MX', name: asked.name, ttl: 60, data: { preference: 1, exchange: 'a b.test' } },
          { type: 'MX', name: asked.name, ttl: 60, data: { preference: 2, exchange: 'mx.test' } },
          { type: 'MX', name: asked.name, ttl: 60, data: { preference: 3, exchange: 'cut' } },
        ],
      });
      // The last record's name runs over its end.
      good.writeUInt8(63, good.length - 'cut'.length - 2);
      return good;
    });
    const answer = await clientOf([peer]).query('x.example', 'MX', never);
    expect(answer).toMatchObject({ records: [{ preference: 2, exchange: 'mx.test' }] });
  });

  it('counts as none what holds no usable record', async () => {
    const peer = await peerOf((asked) =>
      reply(asked, {
        answers: [
          { type: 'MX', name: asked.name, ttl: 60, data: { preference: 1, exchange: 'a b.test' } },
        ],
      }),
    );
    const answer = await clientOf([peer]).query('x.example', 'MX', never);
    expect(answer).toMatchObject({
      kind: 'none',
      reason: 'unusable',
      detail: 'unusable MX records',
    });
  });

  it('does not look at records of other names', async () => {
    const peer = await peerOf((asked) =>
      asked.name === 'x.example'
        ? reply(asked, {
            answers: [a('bank.example', '192.0.2.66')],
            additionals: [a('bank.example', '192.0.2.66'), a('x.example', '192.0.2.66')],
          })
        : reply(asked, { answers: [a('bank.example', '192.0.2.1')] }),
    );
    const client = clientOf([peer]);
    expect(await client.query('x.example', 'A', never)).toMatchObject({ reason: 'nodata' });
    expect(await client.query('bank.example', 'A', never)).toMatchObject({
      records: ['192.0.2.1'],
    });
  });

  it('fetches over TCP what is too long for UDP', async () => {
    const texts = Array.from({ length: 20 }, (_, i) => `${i}`.repeat(100));
    const peer = await peerOf((asked) =>
      asked.over === 'udp'
        ? reply(asked, { flags: TRUNCATED_RESPONSE })
        : reply(asked, {
            answers: texts.map((data) => ({ type: 'TXT', name: asked.name, ttl: 60, data })),
          }),
    );
    const answer = await clientOf([peer]).query('x.example', 'TXT', never);
    expect(answer).toMatchObject({ records: texts });
    expect(peer.log).toEqual(['TXT x.example udp', 'TXT x.example tcp']);
  });

  it('fails when the rest of a truncated reply cannot be had', async () => {
    const peer = await peerOf((asked) =>
      asked.over === 'udp' ? reply(asked, { flags: TRUNCATED_RESPONSE }) : null,
    );
    const answer = await clientOf([peer]).query('x.example', 'TXT', never);
    expect(answer).toMatchObject({ kind: 'failed', reason: 'network', reached: true });
  });
});

describe('a name without records', () => {
  it('tells a name that does not exist from one without such records', async () => {
    const peer = await peerOf((asked) =>
      reply(asked, { rcode: asked.name === 'no.example' ? 'NXDOMAIN' : 'NOERROR' }),
    );
    const client = clientOf([peer]);
    expect(await client.query('no.example', 'A', never)).toMatchObject({
      kind: 'none',
      reason: 'nxdomain',
      authentic: false,
    });
    expect(await client.query('yes.example', 'A', never)).toMatchObject({ reason: 'nodata' });
  });

  it.each([
    ['an empty label', 'a..example'],
    ['an overlong label', `${'x'.repeat(64)}.example`],
    ['too many labels', Array(100).fill('abc').join('.')],
    ['a space', 'a b.example'],
    ['nothing', ''],
  ])('does not ask for what cannot exist: %s', async (_, name) => {
    const peer = await peerOf((asked) => reply(asked));
    const answer = await clientOf([peer]).query(name, 'A', never);
    expect(answer).toMatchObject({ kind: 'none', reason: 'nxdomain', authentic: false });
    expect(peer.log).toEqual([]);
  });
});

describe('replies that answer nothing', () => {
  it.each<[string, Script]>([
    ['another id', (q) => reply(q, { id: (q.query.id ?? 0) ^ 1, answers: [a(q.name, '6.6.6.6')] })],
    [
      'another name',
      (q) =>
        reply(q, {
          questions: [{ name: 'y.example', type: 'A' }],
          answers: [a(q.name, '6.6.6.6')],
        }),
    ],
    [
      'another type',
      (q) =>
        reply(q, { questions: [{ name: q.name, type: 'MX' }], answers: [a(q.name, '6.6.6.6')] }),
    ],
    ['no question', (q) => reply(q, { questions: [], answers: [a(q.name, '6.6.6.6')] })],
    ['the question itself', (q) => encode({ type: 'query', id: q.query.id, questions: [] })],
    ['garbage', () => Buffer.from('hello')],
    ['an empty packet', () => Buffer.alloc(0)],
    [
      'a name that points at itself',
      (q) => {
        const header = reply(q).subarray(0, 12);
        return Buffer.concat([header, Buffer.from([0xc0, 12, 0, 1, 0, 1])]);
      },
    ],
  ])('are passed over: %s', async (_, wrong) => {
    const peer = await peerOf((asked) => [
      wrong(asked) as Buffer,
      reply(asked, { answers: [a(asked.name, '192.0.2.1')] }),
    ]);
    const answer = await clientOf([peer]).query('x.example', 'A', never);
    expect(answer).toMatchObject({ records: ['192.0.2.1'] });
  });

  it('are passed over when they come from another port', async () => {
    const peer: Peer = await peerOf(async (asked) => {
      await peer.spoof(reply(asked, { answers: [a(asked.name, '6.6.6.6')] }));
      return reply(asked, { answers: [a(asked.name, '192.0.2.1')] });
    });
    const answer = await clientOf([peer]).query('x.example', 'A', never);
    expect(answer).toMatchObject({ records: ['192.0.2.1'] });
  });

  it('fail as malformed when they do answer the question, and cannot be read', async () => {
    const peer = await peerOf((asked) => {
      const message = reply(asked, { answers: [a(asked.name, '192.0.2.1')] });
      return message.subarray(0, message.length - 2);
    });
    const answer = await clientOf([peer]).query('x.example', 'A', never);
    expect(answer).toMatchObject({ kind: 'failed', reason: 'malformed', reached: true });
  });
});

describe('several resolvers', () => {
  const good: Script = (asked) => reply(asked, { answers: [a(asked.name, '192.0.2.1')] });

  it.each(['SERVFAIL', 'REFUSED', 'NOTIMP'] as const)('goes on at once after %s', async (rcode) => {
    const first = await peerOf((asked) => reply(asked, { rcode }));
    const second = await peerOf(good);
    const client = clientOf([first, second], { retryMs: 10_000, deadlineMs: 10_000 });
    expect(await client.query('x.example', 'A', never)).toMatchObject({ kind: 'records' });
  });

  it('goes on at once when nothing listens', async () => {
    const client = clientOf([await closedPort(), await peerOf(good)], {
      retryMs: 10_000,
      deadlineMs: 10_000,
    });
    expect(await client.query('x.example', 'A', never)).toMatchObject({ kind: 'records' });
  });

  it('goes on when one only points to other servers', async () => {
    const first = await peerOf((asked) =>
      encode({
        type: 'response',
        id: asked.query.id,
        questions: asked.query.questions,
        authorities: [{ type: 'NS', name: 'example', ttl: 60, data: 'ns.example' }],
      }),
    );
    const answer = await clientOf([first, await peerOf(good)]).query('x.example', 'A', never);
    expect(answer).toMatchObject({ kind: 'records' });
  });

  it('passes over a silent one, and asks it last from then on', async () => {
    const first = await peerOf(() => null);
    const second = await peerOf(good);
    const client = clientOf([first, second]);
    stopClock();
    const answering = client.query('x.example', 'A', never);
    await pass(9000);
    expect(await answering).toMatchObject({ kind: 'records' });
    expect(await client.query('y.example', 'A', never)).toMatchObject({ kind: 'records' });
    expect(first.log).toEqual(['A x.example udp']);
  });

  it('still listens to a slow one while the next is asked', async () => {
    let goOn = (): void => {};
    const thinking = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const first = await peerOf(async (asked) => {
      await thinking;
      return reply(asked, { answers: [a(asked.name, '192.0.2.1')] });
    });
    const second = await peerOf(() => null);
    stopClock();
    const answering = clientOf([first, second]).query('x.example', 'A', never);
    await pass(9000);
    await expect.poll(() => second.log).toEqual(['A x.example udp']);
    goOn();
    expect(await answering).toMatchObject({ records: ['192.0.2.1'] });
  });

  it('asks a single silent one again, without EDNS', async () => {
    const peer = await peerOf((asked) => (asked.edns ? null : (good(asked) as Buffer)));
    stopClock();
    const answering = clientOf([peer]).query('x.example', 'A', never);
    await pass(9000);
    expect(await answering).toMatchObject({ kind: 'records' });
    expect(peer.log).toHaveLength(2);
  });

  it('takes EDNS away from a resolver that rejects it, and remembers that', async () => {
    const peer = await peerOf((asked) =>
      asked.edns ? reply(asked, { rcode: 'FORMERR', questions: [] }) : (good(asked) as Buffer),
    );
    const client = clientOf([peer], { retryMs: 10_000, deadlineMs: 10_000 });
    expect(await client.query('x.example', 'A', never)).toMatchObject({ kind: 'records' });
    expect(await client.query('y.example', 'A', never)).toMatchObject({ kind: 'records' });
    expect(peer.log).toEqual(['A x.example udp', 'A x.example udp', 'A y.example udp']);
  });

  it('takes the first NXDOMAIN as an answer', async () => {
    const first = await peerOf((asked) => reply(asked, { rcode: 'NXDOMAIN' }));
    const second = await peerOf(good);
    const answer = await clientOf([first, second]).query('x.example', 'A', never);
    expect(answer).toMatchObject({ kind: 'none', reason: 'nxdomain' });
    expect(second.log).toEqual([]);
  });
});

describe('a question that fails', () => {
  it('names each resolver and what it did', async () => {
    const first = await peerOf((asked) => reply(asked, { rcode: 'SERVFAIL' }));
    const closed = await closedPort();
    const answer = await clientOf([first, closed]).query('x.example', 'A', never);
    expect(answer).toEqual({
      kind: 'failed',
      reason: 'servfail',
      detail: `127.0.0.1:${first.server.port} answered SERVFAIL; 127.0.0.1:${closed.port}: nothing listens there`,
      reached: true,
    });
  });

  it('is a timeout when nobody answers in time', async () => {
    const peer = await peerOf(() => null);
    const answer = await clientOf([peer], { deadlineMs: 100, retryMs: 30 }).query(
      'x.example',
      'A',
      never,
    );
    expect(answer).toMatchObject({ kind: 'failed', reason: 'timeout', reached: false });
  });

  it('has more time where the query has', async () => {
    const peer = await peerOf(() => null);
    const client = clientOf([peer], { deadlineMs: 2000, retryMs: 60_000 });
    stopClock();
    const usual = client.query('usual.example', 'A', never);
    const patient = client.query('patient.example', 'A', never, 3);
    await expect.poll(() => peer.log).toHaveLength(2);
    await pass(2000);
    expect(await usual).toMatchObject({ kind: 'failed', reason: 'timeout' });
    expect(await isSettled(patient)).toBe(false);
    await pass(4000);
    expect(await patient).toMatchObject({ kind: 'failed', reason: 'timeout' });
  });

  it('hears of a closed port at once', async () => {
    const client = clientOf([await closedPort()], { retryMs: 10_000, deadlineMs: 10_000 });
    expect(await client.query('x.example', 'A', never)).toMatchObject({
      kind: 'failed',
      reason: 'network',
      reached: false,
    });
  });

  it('says so when there is no resolver', async () => {
    const answer = await clientOf([]).query('x.example', 'A', never);
    expect(answer).toMatchObject({ reason: 'network', detail: 'no resolver is configured' });
  });

  it.each(['SERVFAIL', 'REFUSED'] as const)(
    'does not count as reached by the %s of a local resolver that the user did not name',
    async (rcode) => {
      const peer = await peerOf((asked) => reply(asked, { rcode }));
      const local = { ...peer.server, named: false };
      const answer = await clientOf([local]).query('x.example', 'A', never);
      expect(answer).toMatchObject({ kind: 'failed', reached: false });
    },
  );

  it('is not remembered', async () => {
    const peer = await peerOf((asked) =>
      asked.count === 0
        ? reply(asked, { rcode: 'SERVFAIL' })
        : reply(asked, { answers: [a(asked.name, '192.0.2.1')] }),
    );
    const client = clientOf([peer]);
    expect(await client.query('x.example', 'A', never)).toMatchObject({ kind: 'failed' });
    expect(await client.query('x.example', 'A', never)).toMatchObject({ kind: 'records' });
  });
});

describe('aliases', () => {
  it('are followed inside an answer, whatever its order', async () => {
    const peer = await peerOf((asked) =>
      reply(asked, {
        answers: [
          a('c.example', '192.0.2.1', 300),
          cname('B.example', 'c.example', 30),
          cname('a.example', 'b.example', 60),
        ],
      }),
    );
    const answer = await clientOf([peer]).query('a.example', 'A', never);
    expect(answer).toMatchObject({ records: ['192.0.2.1'], ttl: 30 });
    expect(peer.log).toHaveLength(1);
  });

  it('are followed by further questions where an answer stops', async () => {
    const peer = await peerOf((asked) =>
      asked.name === 'a.example'
        ? reply(asked, { flags: AUTHENTIC_DATA, answers: [cname('a.example', 'b.test', 30)] })
        : reply(asked, { answers: [a('b.test', '192.0.2.1')] }),
    );
    const answer = await clientOf([peer]).query('a.example', 'A', never);
    expect(answer).toMatchObject({ records: ['192.0.2.1'], ttl: 30, authentic: false });
    expect(peer.log).toEqual(['A a.example udp', 'A b.test udp']);
  });

  it('of a name that does not exist lead to none', async () => {
    const peer = await peerOf((asked) =>
      reply(asked, { rcode: 'NXDOMAIN', answers: [cname('a.example', 'gone.test')] }),
    );
    const answer = await clientOf([peer]).query('a.example', 'A', never);
    expect(answer).toMatchObject({ kind: 'none', reason: 'nxdomain' });
  });

  it('are not asked for again where the zone at their end denies the records', async () => {
    const peer = await peerOf((asked) =>
      reply(asked, {
        answers: [cname('a.example', 'host.b.test')],
        authorities: [soa('b.test', 60)],
      }),
    );
    const answer = await clientOf([peer]).query('a.example', 'A', never);
    expect(answer).toMatchObject({ kind: 'none', reason: 'nodata' });
    expect(peer.log).toHaveLength(1);
  });

  it.each<[string, Script]>([
    [
      'inside one answer',
      (q) => reply(q, { answers: [cname('a.test', 'b.test'), cname('b.test', 'a.test')] }),
    ],
    [
      'across answers',
      (q) => reply(q, { answers: [cname(q.name, q.name === 'a.test' ? 'b.test' : 'a.test')] }),
    ],
    ['of themselves', (q) => reply(q, { answers: [cname('a.test', 'a.test')] })],
  ])('in a loop lead to none: %s', async (_, script) => {
    const answer = await clientOf([await peerOf(script)]).query('a.test', 'A', never);
    expect(answer).toMatchObject({ kind: 'none', reason: 'unusable', detail: 'a loop of aliases' });
  });

  it('may be eight in a row, not nine', async () => {
    const peer = await peerOf((asked) => {
      const n = Number.parseInt(asked.name.slice(1), 10);
      return n === 0
        ? reply(asked, { answers: [a(asked.name, '192.0.2.1')] })
        : reply(asked, { answers: [cname(asked.name, `n${n - 1}.test`)] });
    });
    const client = clientOf([peer]);
    expect(await client.query('n8.test', 'A', never)).toMatchObject({ kind: 'records' });
    expect(await client.query('n9.test', 'A', never)).toMatchObject({ reason: 'unusable' });
  });
});

describe('answers are remembered', () => {
  it('for as long as they hold', async () => {
    let now = 0;
    const peer = await peerOf((asked) =>
      reply(asked, { answers: [a(asked.name, '192.0.2.1', 10)] }),
    );
    const client = clientOf([peer], { now: () => now });
    await client.query('x.example', 'A', never);
    now = 9_999;
    await client.query('X.EXAMPLE', 'A', never);
    expect(peer.log).toHaveLength(1);
    now = 10_001;
    await client.query('x.example', 'A', never);
    expect(peer.log).toHaveLength(2);
  });

  it.each([
    ['as the zone says', [soa('example', 20)], 20],
    ['no longer than five minutes', [soa('example', 86_400)], 300],
    ['a minute where nothing is said', [], 60],
  ])('when there is nothing, too: %s', async (_, authorities, seconds) => {
    let now = 0;
    const peer = await peerOf((asked) => reply(asked, { rcode: 'NXDOMAIN', authorities }));
    const client = clientOf([peer], { now: () => now });
    await client.query('x.example', 'A', never);
    now = seconds * 1000 - 1;
    await client.query('x.example', 'A', never);
    expect(peer.log).toHaveLength(1);
    now = seconds * 1000 + 1;
    await client.query('x.example', 'A', never);
    expect(peer.log).toHaveLength(2);
  });

  it('and equal questions are asked once while they are under way', async () => {
    const peer = await peerOf((asked) =>
      reply(asked, { answers: [a(asked.name, '192.0.2.1', 0)] }),
    );
    const client = clientOf([peer]);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => client.query('x.example', 'A', never)),
    );
    expect(new Set(answers.map((answer) => answer.kind))).toEqual(new Set(['records']));
    expect(peer.log).toHaveLength(1);
  });
});

describe('a cancelled question', () => {
  it.each<[string, Script, questions: number]>([
    ['over UDP', () => null, 1],
    [
      'over TCP',
      (asked) =>
        asked.over === 'udp'
          ? reply(asked, { flags: TRUNCATED_RESPONSE })
          : new Promise<null>(() => {}),
      2,
    ],
  ])('throws the reason and leaves no socket behind: %s', async (_, script, questions) => {
    const peer = await peerOf(script);
    const client = clientOf([peer], { deadlineMs: 10_000, retryMs: 10_000 });
    // The peer's own socket, when those of earlier tests are gone.
    await expect.poll(sockets, { interval: 5 }).toBe(1);
    const control = new AbortController();
    const question = client.query('x.example', 'A', control.signal);
    await expect.poll(() => peer.log.length, { interval: 5 }).toBe(questions);
    expect(sockets()).toBeGreaterThan(1);
    control.abort(new Error('enough'));
    await expect(question).rejects.toThrow('enough');
    await expect.poll(sockets, { interval: 5 }).toBe(1);
  });

  it('lets the process end at once', async () => {
    const peer = await peerOf(() => null);
    const client = new URL('../../../src/net/dns/client.ts', import.meta.url).href;
    const program = `
      import { createDnsClient } from ${JSON.stringify(client)};
      const dns = createDnsClient({
        servers: [${JSON.stringify(peer.server)}], deadlineMs: 60_000, retryMs: 30_000,
      });
      const control = new AbortController();
      process.stdin.once('data', () => { control.abort(); process.stdin.destroy(); });
      dns.query('x.example', 'A', control.signal).catch(() => console.log('cancelled'));
    `;
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', program],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    const output = text(child.stdout);
    const ended = once(child, 'close');
    await expect.poll(() => peer.log.length, { interval: 10, timeout: 10_000 }).toBe(1);
    child.stdin.write('now');
    expect(await ended).toEqual([0, null]);
    expect(await output).toBe('cancelled\n');
  });

  it('is not asked when it was cancelled before', async () => {
    const peer = await peerOf((asked) => reply(asked));
    await expect(
      clientOf([peer]).query('x.example', 'A', AbortSignal.abort(new Error('enough'))),
    ).rejects.toThrow('enough');
    expect(peer.log).toEqual([]);
  });
});
