/** Servers and providers that the user names: examined, and nothing else is asked. */
import { describe, expect, it } from 'vitest';
import {
  createSession,
  type ExamineOptions,
  type Named,
  type SessionOptions,
} from '../../src/api/session.ts';
import { renderText } from '../../src/render/text/text.ts';
import type { Report } from '../../src/report/report.ts';
import { dialogue } from '../lab/dialogue.ts';
import { createLab, type Lab } from '../lab/lab.ts';
import { runInProcess } from '../lab/run-in-process.ts';
import type { Scenario } from '../lab/scenario.ts';
import { codes, decision, paved } from './scenes.ts';

const HOST = 'mail.corp.example';

interface Examining extends ExamineOptions {
  readonly input?: string;
  readonly session?: Partial<SessionOptions>;
  /** See `paved`. */
  readonly unpaved?: readonly string[];
  readonly inspect?: (lab: Lab) => void;
}

async function examine(
  scenario: Scenario,
  named: Named,
  { input, session: more = {}, unpaved, inspect, ...options }: Examining = {},
): Promise<Report> {
  const lab = await createLab(scenario);
  try {
    const connectTo = unpaved ? paved(lab, unpaved) : lab.options.connectTo;
    const session = await createSession({ ...lab.options, connectTo, env: {}, ...more });
    try {
      return await session.examine(named, input, options);
    } finally {
      await session.close();
      inspect?.(lab);
    }
  } finally {
    await lab.stop();
  }
}

const servers = (...names: string[]): Named => ({ servers: names });

/** No source was asked: of the resolver only where the host is, and its other names. */
function expectNothingAsked(lab: Lab): void {
  expect(lab.requests.http).toEqual([]);
  const where = /^(?:mail\.corp\.example (?:A|AAAA|CNAME)|corp\.example MX|\S+\.arpa PTR)$/;
  const others = lab.requests.dns
    .map(({ name, type }) => `${name} ${type}`)
    // Where the lab leads to for a host that does not exist.
    .filter((question) => !where.test(question) && !question.startsWith('nowhere.invalid '));
  expect(others).toEqual([]);
}

type Row = readonly [
  promise: string,
  servers: NonNullable<Scenario['servers']>,
  named: string,
  decision: string,
  warnings: readonly string[],
];

const plain = { encryption: 'none' } as const;

// biome-ignore format: a table, one line a promise
const rows: readonly Row[] = [
  ['without a port: implicit TLS', { [`${HOST}:465`]: {}, [`${HOST}:587`]: {} }, HOST, `${HOST}:465/tls verified given`, []],
  ['without a port: STARTTLS', { [`${HOST}:587`]: {} }, HOST, `${HOST}:587/starttls verified given`, []],
  ['without a port: plaintext at one of them', { [`${HOST}:587`]: plain }, HOST, `${HOST}:587/none unverified given`, ['plaintext', 'connection-refused']],
  ['without a port: nothing', { [`${HOST}:465`]: 'refused' }, HOST, `${HOST}:465/tls unverified given`, ['connection-refused', 'connection-refused']],
  ['465', { [`${HOST}:465`]: {} }, `${HOST}:465`, `${HOST}:465/tls verified given`, []],
  ['465 that speaks STARTTLS', { [`${HOST}:465`]: { encryption: 'starttls' } }, `${HOST}:465`, `${HOST}:465/starttls verified given`, []],
  ['587 that speaks TLS', { [`${HOST}:587`]: { encryption: 'tls' } }, `${HOST}:587`, `${HOST}:587/tls verified given`, []],
  ['another port with STARTTLS', { [`${HOST}:2525`]: {} }, `${HOST}:2525`, `${HOST}:2525/starttls verified given`, []],
  ['another port with TLS', { [`${HOST}:2465`]: { encryption: 'tls' } }, `${HOST}:2465`, `${HOST}:2465/tls verified given`, []],
  ['another port with TLS and a bad certificate', { [`${HOST}:2465`]: { encryption: 'tls', certificate: 'expired' } }, `${HOST}:2465`, `${HOST}:2465/tls unverified given`, ['certificate-expired']],
  ['plaintext', { [`${HOST}:2525`]: plain }, `${HOST}:2525`, `${HOST}:2525/none unverified given`, ['plaintext']],
  ['plaintext without AUTH', { [`${HOST}:25`]: { ...plain, auth: [] } }, `${HOST}:25`, `${HOST}:25/none unverified given`, ['plaintext', 'no-auth']],
  ['no AUTH', { [`${HOST}:25`]: { auth: [] } }, `${HOST}:25`, `${HOST}:25/starttls unverified given`, ['no-auth']],
  ['a certificate for another name', { [`${HOST}:465`]: { certificate: 'wrong-name' } }, `${HOST}:465`, `${HOST}:465/tls unverified given`, ['certificate-name']],
  ['a self-signed certificate', { [`${HOST}:587`]: { certificate: 'self-signed' } }, `${HOST}:587`, `${HOST}:587/starttls unverified given`, ['certificate-self-signed']],
  ['a host that does not exist', { [`${HOST}:465`]: 'unresolvable' }, `${HOST}:465`, `${HOST}:465/tls unverified given`, ['dns-failed']],
  ['an URL of implicit TLS', { [`${HOST}:2465`]: { encryption: 'tls' } }, `smtps://${HOST}:2465/`, `${HOST}:2465/tls verified given`, []],
  ['an URL', { [`${HOST}:587`]: {} }, `smtp://${HOST}:587`, `${HOST}:587/starttls verified given`, []],
  ['a root dot and capitals', { [`${HOST}:587`]: {} }, 'Mail.Corp.Example.:587', `${HOST}:587/starttls verified given`, []],
];

describe('a server', () => {
  it.each(rows)('%s', async (_, described, name, expected, warnings) => {
    const report = await examine({ servers: described }, servers(name), {
      inspect: expectNothingAsked,
    });
    expect([decision(report), codes(report)]).toEqual([expected, warnings]);
    expect(report).toMatchObject({ query: name, email: null, domain: null, complete: true });
  });

  it('that is dead is told of at each of its ports, and waited for no longer than asked', async () => {
    const hanging = { [`${HOST}:465`]: 'hang', [`${HOST}:587`]: 'hang' } as const;
    const report = await examine({ servers: hanging }, servers(HOST), { timeoutMs: 600 });
    expect(codes(report)).toEqual(['connection-timeout', 'connection-timeout', 'incomplete']);
    expect([report.status, report.complete]).toEqual(['unverified', false]);
  });

  it('is given, and its host vouched for by whoever named it', async () => {
    const report = await examine({ servers: { [`${HOST}:587`]: {} } }, servers(`${HOST}:587`), {
      input: 'you@elsewhere.example',
      explain: true,
    });
    expect(report.settings?.evidence).toEqual([
      { source: 'given', subject: HOST, trust: 'secure', from: 'named by the user' },
    ]);
    expect(report.sources.map(({ source, outcome }) => [source, outcome])).toEqual([
      ['given', 'found'],
    ]);
    expect(report.because).toMatch(
      /^[^.]+(?:\.\w+)+:587 \(STARTTLS\) [^.]* that you named[^.]*\.$/,
    );
    expect(report).toMatchObject({ query: 'you@elsewhere.example', domain: 'elsewhere.example' });
    expect(report.settings).toMatchObject({
      username: 'you@elsewhere.example',
      usernameFrom: 'assumed',
    });
    expect(codes(report)).toEqual(['assumed-username']);
  });

  it('that the database knows has its facts from there', async () => {
    const known = { servers: { 'smtp.gmail.com:465': {}, 'smtp.sendgrid.net:587': {} } };
    const gmail = await examine(known, servers('smtp.gmail.com'), { input: 'you@corp.example' });
    expect(gmail.provider?.id).toBe('gmail');
    expect(gmail.settings?.usernameFrom).toBe('published');
    expect(gmail.settings?.oauth?.tokenEndpoint).toContain('google');
    const relay = await examine(known, servers('smtp.sendgrid.net:587'));
    expect(relay.settings?.username).toBe('apikey');
  });

  it('named without a port is not said to offer another that nobody has seen', async () => {
    const own = servers(HOST);
    const both = { servers: { [`${HOST}:465`]: {}, [`${HOST}:587`]: {} } };
    for (const scenario of [{ servers: { [`${HOST}:465`]: {} } }, both]) {
      expect((await examine(scenario, own)).alsoOffered).toEqual([]);
    }
    const known = await examine(
      { servers: { 'smtp.gmail.com:465': {} } },
      servers('smtp.gmail.com'),
    );
    expect(known.alsoOffered.map(({ port }) => port)).toEqual([587]);
  });

  it('by its IP address has a certificate for that', async () => {
    const address = '192.0.2.77';
    const place = `${address}:465`;
    const good = await examine(
      { servers: { [place]: { certificate: { names: [], ips: [address] } } } },
      servers(address),
    );
    expect(decision(good)).toBe(`${place}/tls verified given`);
    const other = await examine(
      { servers: { [place]: { certificate: { names: [HOST] } } } },
      servers(place),
    );
    expect([decision(other), codes(other)]).toEqual([
      `${place}/tls unverified given`,
      ['certificate-name'],
    ]);
  });

  it('may be on this machine, unless only public addresses are wanted', async () => {
    const scenario = {
      zone: { [HOST]: { A: '127.0.0.1' } },
      servers: { 'other.corp.example:465': {} },
    };
    const unpaved = { unpaved: [HOST] };
    const named = servers(`${HOST}:9`);
    expect(codes(await examine(scenario, named, unpaved))).toEqual(['connection-refused']);
    const session = { publicOnly: true };
    for (const refused of [named, servers('10.0.0.1:465')]) {
      const report = await examine(scenario, refused, { ...unpaved, session });
      expect(codes(report)).toEqual(['address-refused']);
      expect(report.warnings[0]?.message).toContain('--public-only');
      expect(report.warnings[0]?.message).not.toContain('--connect-to');
    }
    expect(codes(await examine(scenario, servers('[::1]:9'), unpaved))).toEqual([
      'connection-refused',
    ]);
  });

  it('of a provider is not, since the database alone names it', async () => {
    const options = { input: 'you@proton.me', unpaved: [] };
    const report = await examine({}, { provider: 'proton' }, options);
    expect(codes(report)).toContain('local-server');
  });
});

describe('several servers', () => {
  const three = {
    servers: {
      'a.corp.example:465': { certificate: 'expired' },
      'b.corp.example:587': {},
      'c.corp.example:465': {},
    },
  } as const;
  const named = servers('a.corp.example:465', 'b.corp.example', 'c.corp.example:465');

  it('have the first good one as the answer', async () => {
    const report = await examine(three, named);
    expect(decision(report)).toBe('b.corp.example:587/starttls verified given');
    expect([codes(report), report.alternatives]).toEqual([[], []]);
    expect(report.query).toBe('a.corp.example:465, b.corp.example, c.corp.example:465');
  });

  it('are all told of where all are wanted', async () => {
    const { alternatives } = await examine(three, named, { all: true });
    expect(alternatives.map(({ host, port, verified }) => [host, port, verified])).toEqual([
      ['c.corp.example', 465, true],
      ['a.corp.example', 465, false],
      ['b.corp.example', 465, false],
    ]);
  });
});

describe('a provider', () => {
  const gmail = { servers: { 'smtp.gmail.com:465': {} } } as const;

  it('is probed', async () => {
    const report = await examine(gmail, { provider: 'Gmail' }, { inspect: expectNothingAsked });
    expect([decision(report), codes(report)]).toEqual([
      'smtp.gmail.com:465/tls verified given',
      [],
    ]);
    expect(report).toMatchObject({ query: 'Gmail', domain: null, provider: { id: 'gmail' } });
  });

  it('is contacted only where that is wanted', async () => {
    for (const option of [{ offline: true }, { probe: false }]) {
      const report = await examine(
        gmail,
        { provider: 'gmail' },
        {
          ...option,
          inspect: (lab) => expect(lab.requests.smtp).toEqual([]),
        },
      );
      expect([report.status, codes(report)]).toEqual(['unverified', ['not-probed']]);
    }
  });

  it.each([
    ['mimecast', /filters or forwards/],
    ['hostgator', /each customer/],
  ])('without submission servers is told so, with or without a network: %s', async (id, words) => {
    for (const options of [{}, { offline: true }, { input: 'you@corp.example' }]) {
      const report = await examine({}, { provider: id }, options);
      expect([report.status, report.provider?.id, codes(report)]).toEqual([
        'not-found',
        id,
        ['provider-without-servers'],
      ]);
      expect(report.warnings[0]?.message).toMatch(words);
      const text = renderText(report, { width: 80, color: false, unicode: true, now: new Date() });
      expect(text).not.toMatch(/last confirmed|[Aa]sk your mail provider|--explain/);
    }
  });
});

describe('what is no name', () => {
  it.each<[unknown, string]>([
    [{ servers: [] }, 'bad-option'],
    [{ servers: 'mail.corp.example' }, 'bad-option'],
    [{ servers: ['a b c'] }, 'bad-option'],
    [{ servers: Array(17).fill('a.example') }, 'bad-option'],
    [{ servers: ['a.example'], provider: 'gmail' }, 'bad-option'],
    [{}, 'bad-option'],
    [null, 'bad-option'],
    [{ provider: 'gmial' }, 'unknown-provider'],
    [{ provider: 'Amazon SES' }, 'ambiguous-provider'],
    [{ provider: 'bluehost' }, 'bad-input'],
  ])('%j', async (named, code) => {
    await expect(examine({}, named as Named)).rejects.toMatchObject({ code });
  });
});

describe('a login', () => {
  const users = { 'you@corp.example': 'right', apikey: 'right' };
  const secret = (value: string) => ({ kind: 'password', value }) as const;
  const own = { servers: { [`${HOST}:587`]: { users } } } as const;

  it.each([
    ['right', 'accepted'],
    ['wrong', 'refused'],
  ])('with what is %s is %s', async (value, outcome) => {
    const input = 'you@corp.example';
    const report = await examine(own, servers(HOST), { input, login: { secret: secret(value) } });
    expect(report.login?.outcome).toBe(outcome);
  });

  it('needs no address where the user name is said', async () => {
    const login = { secret: secret('right'), username: 'you@corp.example' };
    const report = await examine(own, servers(HOST), { login });
    expect(report.login).toMatchObject({ outcome: 'accepted', maySendAs: null });
  });

  it('needs none where the provider has one for all', async () => {
    const relay = { servers: { 'smtp.sendgrid.net:465': { users } } } as const;
    for (const named of [{ provider: 'sendgrid' }, servers('smtp.sendgrid.net')]) {
      const report = await examine(relay, named, { login: { secret: secret('right') } });
      expect(report.login).toMatchObject({ outcome: 'accepted', username: 'apikey' });
    }
  });

  it.each<[Named, string?]>([
    [servers(HOST)],
    [servers(HOST), 'corp.example'],
    [{ provider: 'mailgun' }],
    [{ provider: 'mailgun' }, 'you@corp.example'],
  ])('without a user name is refused before anybody is contacted: %j %s', async (named, input) => {
    const contacted: unknown[] = [];
    const examining = examine(own, named, {
      ...(input !== undefined && { input }),
      login: { secret: secret('right') },
      inspect: (lab) => contacted.push(...lab.requests.smtp),
    });
    await expect(examining).rejects.toMatchObject({ code: 'bad-option' });
    expect(contacted).toEqual([]);
  });

  it.each(['self-signed', 'expired'] as const)(
    'is not tried where the certificate is %s',
    async (certificate) => {
      const report = await examine(
        { servers: { [`${HOST}:587`]: { users, certificate } } },
        servers(HOST),
        { input: 'you@corp.example', login: { secret: secret('right') } },
      );
      expect(report.login?.outcome).toBe('not-tried');
    },
  );
});

describe('the command', () => {
  const scenario = {
    servers: {
      [`${HOST}:587`]: { users: { 'you@corp.example': 'right' } },
      'bad.corp.example:465': { certificate: 'expired' },
      'smtp.gmail.com:465': {},
      'odd.corp.example:587': {
        script: dialogue({ replies: { EHLO: ['500 what'] } }),
      },
    },
  } as const;

  it.each<[code: number, args: readonly string[], stdin?: string]>([
    [0, ['--server', HOST]],
    [0, ['--server', HOST, 'you@corp.example']],
    [0, ['--server', 'bad.corp.example', '--server', HOST]],
    [0, ['--server', HOST, '--expect', 'port=587', '--require', 'starttls,no-warnings']],
    [3, ['--server', HOST, '--expect', 'port=465']],
    [3, ['--server', 'bad.corp.example']],
    [3, ['--server', 'odd.corp.example']],
    [3, ['--server', `${HOST}:588`]],
    [0, ['--provider', 'gmail']],
    [0, ['--provider', 'sendgrid', '--no-probe']],
    [3, ['--provider', 'sendgrid']],
    [1, ['--provider', 'hostgator']],
    [0, ['--server', HOST, '--login', 'you@corp.example'], 'right'],
    [0, ['--server', HOST, '--login', '--user', 'you@corp.example'], 'right'],
    [4, ['--server', HOST, '--login', 'you@corp.example'], 'wrong'],
    [3, ['--server', 'bad.corp.example', '--login', 'you@corp.example'], 'right'],
    [2, ['--server', HOST, '--login'], 'right'],
    [2, ['--server', HOST, 'a@corp.example', 'b@corp.example']],
  ])('ends with %i: %j', async (code, args, stdin = '') => {
    const lab = await createLab(scenario);
    try {
      const result = await runInProcess([...args, '--json'], { lab, stdin });
      expect(
        [result.code, result.stderr.split('\n').length],
        result.stderr + result.stdout,
      ).toEqual([code, expect.any(Number)]);
    } finally {
      await lab.stop();
    }
  });

  it('ends with 5 where there is no network', async () => {
    const resolver = ['--resolver', '127.0.0.1:9', '-t', '5'];
    const { code, stdout } = await runInProcess([...resolver, '--server', HOST, '--json']);
    expect([code, codes(JSON.parse(stdout) as Report)]).toEqual([5, ['network-unreachable']]);
  });
});
