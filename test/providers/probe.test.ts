/** What of `npm run data:probe` needs no network. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ProviderFile } from '../../scripts/providers/format.ts';
import { type Difference, differencesOf } from '../../scripts/providers/probe/differences.ts';
import { parseOptions, UsageError } from '../../scripts/providers/probe/options.ts';
import { recordOf, renewed } from '../../scripts/providers/probe/record.ts';
import { isDue, type Server, serversOf } from '../../scripts/providers/probe/servers.ts';
import { type Clock, Visits } from '../../scripts/providers/probe/visits.ts';
import {
  formatProbed,
  type Probed,
  readProbed,
  writeProbed,
} from '../../scripts/providers/probed.ts';

function provider(id: string, hosts: readonly string[], domains: string[] = []): ProviderFile {
  return {
    $schema: '../provider.schema.json',
    id,
    name: id,
    kind: 'mailbox',
    domains,
    mx: [],
    servers: hosts.map((host) => ({
      host,
      port: 465,
      encryption: 'tls',
      auth: ['PLAIN'],
      username: null,
    })),
    notes: [],
    documentation: null,
    oauth: null,
    facts: [],
  };
}

const verified: Probed = {
  date: '2026-10-25',
  since: '2026-08-25',
  outcome: 'verified',
  protocol: 'TLSv1.3',
  auth: ['LOGIN', 'PLAIN'],
  certificate: { names: ['smtp.a.example'], problem: null },
};
const dead: Probed = {
  date: '2026-10-25',
  since: '2026-09-25',
  outcome: 'dns',
  reason: 'does not exist or has no addresses',
  lastVerified: '2026-08-25',
};

describe('what is to be examined', () => {
  it('is every server once, with all who name it', () => {
    const { servers } = serversOf([
      provider('a', ['smtp.a.example', 'smtp.shared.example']),
      provider('b', ['smtp.shared.example']),
    ]);
    expect(servers.map(({ key, providers }) => [key, providers])).toEqual([
      ['smtp.a.example:465/tls', ['a']],
      ['smtp.shared.example:465/tls', ['a', 'b']],
    ]);
  });

  it('has the operators with most servers first', () => {
    const { servers } = serversOf([
      provider('a', ['smtp.a.com', 'smtp.z.com', 'mail.z.com', 'smtp.b.com']),
    ]);
    expect(servers.map(({ endpoint, operator }) => [endpoint.host, operator])).toEqual([
      ['mail.z.com', 'z.com'],
      ['smtp.z.com', 'z.com'],
      ['smtp.a.com', 'a.com'],
      ['smtp.b.com', 'b.com'],
    ]);
  });

  it('fills in a domain of the provider, and leaves out what it cannot reach', () => {
    const { servers, skipped } = serversOf([
      provider('a', ['smtp.%EMAILDOMAIN%'], ['a.example', 'b.example']),
      provider('b', ['mail.%EMAILDOMAIN%']),
      provider('c', ['127.0.0.1']),
    ]);
    expect(servers.map(({ key }) => key)).toEqual(['smtp.a.example:465/tls']);
    expect(skipped.map(({ provider: id, why }) => [id, why])).toEqual([
      ['b', 'no-domain'],
      ['c', 'own-machine'],
    ]);
  });

  it('is not what was examined a short while ago', () => {
    expect(isDue(undefined, '2026-11-25', 20)).toBe(true);
    expect(isDue(verified, '2026-11-13', 20)).toBe(false);
    expect(isDue(verified, '2026-11-14', 20)).toBe(true);
    expect(isDue(verified, verified.date, 0)).toBe(true);
  });
});

describe('visits', () => {
  /** It jumps to whoever sleeps shortest, when nobody has anything else to do. */
  function fakeClock(): Clock & { readonly ends: () => number } {
    let time = 0;
    const sleepers: { at: number; wake: () => void }[] = [];
    const jump = (): void => {
      sleepers.sort((a, b) => a.at - b.at);
      const next = sleepers.shift();
      if (!next) return;
      time = next.at;
      next.wake();
    };
    return {
      now: () => time,
      ends: () => time,
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
          sleepers.push({ at: time + ms, wake: resolve });
          setImmediate(jump);
        }),
    };
  }

  const servers = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'].map((name) => ({
    name,
    operator: name.charAt(0),
  }));
  const never = new AbortController().signal;

  async function watch(atOnce: number, pauseMs: number) {
    const clock = fakeClock();
    const visits = new Visits<(typeof servers)[number]>({ atOnce, pauseMs, clock });
    const log: [name: string, from: number, to: number][] = [];
    let running = 0;
    let most = 0;
    await visits.each(servers, never, async ({ name }, signal) => {
      const from = clock.now();
      most = Math.max(most, ++running);
      await clock.sleep(100, signal);
      running--;
      log.push([name, from, clock.now()]);
    });
    return { log, most };
  }

  it('are a few at a time, in the order of the plan', async () => {
    const { log, most } = await watch(2, 0);
    expect(most).toBe(2);
    expect(log.map(([name]) => name)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
    expect((await watch(2, 0)).log).toEqual(log);
  });

  it('are one at a time of one operator, with a pause between', async () => {
    const { log } = await watch(4, 2000);
    for (const operator of 'abc') {
      const own = log.filter(([name]) => name.startsWith(operator));
      for (const [i, [, from]] of own.entries()) {
        const [, , before] = own[i - 1] ?? [];
        if (before !== undefined) expect(from).toBeGreaterThanOrEqual(before + 2000);
      }
    }
    expect(log).toHaveLength(servers.length);
  });

  it('remember an operator from one round to the next', async () => {
    const clock = fakeClock();
    const visits = new Visits<(typeof servers)[number]>({ atOnce: 1, pauseMs: 2000, clock });
    const one = servers.slice(0, 1);
    const times: number[] = [];
    const note = async (): Promise<void> => void times.push(clock.now());
    await visits.each(one, never, note);
    await visits.each(one, never, note);
    expect(times).toEqual([0, 2000]);
  });

  it('end with what one of them throws, and with the signal', async () => {
    const visits = new Visits<(typeof servers)[number]>({ atOnce: 2, pauseMs: 0 });
    const visited: string[] = [];
    const failing = visits.each(servers, never, async ({ name }) => {
      visited.push(name);
      throw new Error(name);
    });
    await expect(failing).rejects.toThrow('a1');
    expect(visited).toEqual(['a1', 'b1']);
    const aborted = AbortSignal.abort(new Error('enough'));
    await expect(visits.each(servers, aborted, async () => {})).rejects.toThrow('enough');
  });
});

describe('the record of a server', () => {
  it('knows since when it has been so', () => {
    const { date: _, since: __, ...finding } = verified;
    expect(recordOf(finding, undefined, '2026-11-25').since).toBe('2026-11-25');
    expect(recordOf(finding, verified, '2026-11-25')).toEqual({ ...verified, date: '2026-11-25' });
    expect(recordOf(finding, dead, '2026-11-25')).toEqual({
      ...verified,
      date: '2026-11-25',
      since: '2026-11-25',
    });
  });

  it('knows when a dead one was last verified', () => {
    const finding = { outcome: 'timeout', reason: 'no banner' } as const;
    const first = recordOf(finding, verified, '2026-11-25');
    expect(first).toMatchObject({ since: '2026-11-25', lastVerified: '2026-10-25' });
    expect(recordOf(finding, first, '2026-12-25')).toMatchObject({
      since: '2026-11-25',
      lastVerified: '2026-10-25',
    });
  });

  it('goes with its server, and stays while that was not examined', () => {
    const { servers } = serversOf([provider('a', ['smtp.a.example'])]);
    const earlier = new Map([
      ['smtp.a.example:465/tls', verified],
      ['smtp.gone.example:465/tls', verified],
    ]);
    expect([...renewed(servers, earlier, new Map(), '2026-11-25')]).toEqual([
      ['smtp.a.example:465/tls', verified],
    ]);
  });
});

describe('the file', () => {
  const file = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'smtp-find-probed-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    return join(folder, 'probed.json');
  };

  it('is sorted, has one line a server, and reads as it was written', () => {
    const servers = new Map([
      ['z.example:465/tls', dead],
      ['a.example:465/tls', verified],
    ]);
    expect(formatProbed(servers).split('\n')).toEqual([
      '{',
      expect.stringMatching(
        /^ {2}"a\.example:465\/tls": \{ "date": "2026-10-25", "since": .* \},$/,
      ),
      expect.stringMatching(/^ {2}"z\.example:465\/tls": \{ .* \}$/),
      '}',
      '',
    ]);
    const path = file();
    writeProbed(servers, path);
    expect(new Map(readProbed(path))).toEqual(servers);
    expect(readdirSync(join(path, '..'))).toEqual(['probed.json']);
  });

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    [
      'an unknown outcome',
      '{ "a": { "date": "2026-10-25", "since": "2026-10-25", "outcome": "x" } }',
    ],
    ['no date', '{ "a": { "since": "2026-10-25", "outcome": "ok" } }'],
    ['names of another kind', JSON.stringify({ a: { ...verified, certificate: { names: [1] } } })],
  ])('is refused with %s', (_, text) => {
    const path = file();
    writeFileSync(path, text);
    expect(() => readProbed(path)).toThrow();
  });

  it('of this repository is in its one spelling', () => {
    const path = new URL('../../data/probed.json', import.meta.url);
    expect(readFileSync(path, 'utf8')).toBe(formatProbed(readProbed()));
  });
});

describe('the differences', () => {
  const server: Server = {
    key: 'smtp.a.example:465/tls',
    endpoint: { host: 'smtp.a.example', port: 465, encryption: 'tls' },
    operator: 'a.example',
    providers: ['a'],
    auth: ['PLAIN', 'LOGIN'],
  };
  const coded = (before: Probed | undefined, now: Probed): [Difference['code'], boolean][] =>
    differencesOf(server, before, now).map(({ code, worse }) => [code, worse]);
  const badCertificate: Probed = {
    ...verified,
    outcome: 'certificate',
    reason: 'the certificate expired on 2026-10-01',
    certificate: { names: ['smtp.a.example'], problem: 'expired' },
  };
  const noAuth: Probed = { ...verified, outcome: 'no-auth', auth: [] };

  it.each<[string, Probed | undefined, Probed, [Difference['code'], boolean][]]>([
    ['none where all is well', verified, verified, []],
    ['none at first where all is as the database says', undefined, verified, []],
    ['a death', verified, dead, [['died', true]]],
    ['a server of the database that never answered', undefined, dead, [['died', true]]],
    ['still dead', dead, dead, [['still', false]]],
    ['a certificate that is bad now', verified, badCertificate, [['lost-tls', true]]],
    ['TLS that is gone', verified, { ...dead, outcome: 'tls' }, [['lost-tls', true]]],
    ['turned away', verified, { ...dead, outcome: 'protocol' }, [['turned-away', true]]],
    ['no sign-in', verified, noAuth, [['lost-auth', true]]],
    ['back again', dead, verified, [['came-back', false]]],
    [
      'another mechanism',
      verified,
      { ...verified, auth: ['LOGIN', 'PLAIN', 'XOAUTH2'] },
      [['mechanisms', false]],
    ],
    [
      'a mechanism less',
      verified,
      { ...verified, auth: ['PLAIN'] },
      [
        ['mechanisms', true],
        ['not-offered', true],
      ],
    ],
    [
      'a mechanism that the database alone knows',
      undefined,
      { ...verified, auth: ['PLAIN'] },
      [['not-offered', true]],
    ],
    [
      'the same, told before',
      { ...verified, auth: ['PLAIN'] },
      { ...verified, auth: ['PLAIN'] },
      [['not-offered', false]],
    ],
    [
      'other names',
      verified,
      { ...verified, certificate: { names: ['*.a.example'], problem: null } },
      [['certificate-names', false]],
    ],
  ])('are %s', (_, before, now, expected) => {
    expect(coded(before, now)).toEqual(expected);
  });

  it('name the mechanisms', () => {
    const [change] = differencesOf(server, verified, { ...verified, auth: ['LOGIN', 'XOAUTH2'] });
    expect(change).toMatchObject({
      server: 'smtp.a.example:465/tls',
      providers: ['a'],
      removed: ['PLAIN'],
      added: ['XOAUTH2'],
    });
  });
});

describe('the command line', () => {
  it('writes beside the data that it examines', () => {
    expect(parseOptions([], {})?.out).toMatch(/data\/probed\.json$/);
    expect(parseOptions(['--data', '/tmp/x/providers'], {})?.out).toBe('/tmp/x/probed.json');
    expect(parseOptions(['--data', '/tmp/x/providers/'], {})?.out).toBe('/tmp/x/probed.json');
  });

  it('is polite by default', () => {
    expect(parseOptions([], {})).toMatchObject({ atOnce: 4, pauseMs: 2000, maxAge: 20, only: [] });
    expect(parseOptions(['--only', 'a,b', '-j', '2', '--pause', '0.5'], {})).toMatchObject({
      only: ['a', 'b'],
      atOnce: 2,
      pauseMs: 500,
    });
  });

  it.each([
    [['--unknown']],
    [['positional']],
    [['-j', '0']],
    [['-j', '1.5']],
    [['--pause', '-1']],
    [['--pause=-1']],
    [['--max-age', 'old']],
    [['--out']],
  ])('refuses %j', (argv) => {
    expect(() => parseOptions(argv, {})).toThrow(UsageError);
  });
});
