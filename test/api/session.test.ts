/** What callers of the library may get wrong, and how they learn of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createSession,
  findSmtp,
  parseQuery,
  type Session,
  type SessionOptions,
  type TraceSink,
} from '../../src/index.ts';
import { clientConfig } from '../flows/scenes.ts';
import { createLab, type Lab } from '../lab/lab.ts';

let lab: Lab;
let session: Session;

beforeAll(async () => {
  lab = await createLab({
    zone: {
      '_submissions._tcp.example.com': { SRV: '0 1 465 smtp.example.com' },
    },
    web: {
      'https://autoconfig.relay.example/mail/config-v1.1.xml': clientConfig('smtp.relay.example'),
      'https://autoconfig.example.com/mail/config-v1.1.xml': clientConfig({
        host: 'smtp.example.com',
        username: '%EMAILLOCALPART%',
      }),
    },
    servers: { 'smtp.example.com:465': {}, 'smtp.relay.example:465': { auth: [] } },
  });
  session = await createSession(lab.options);
});

afterAll(async () => {
  await session.close();
  await lab.stop();
});

describe('a caller', () => {
  it.each([Number.NaN, 0, -5, Number.POSITIVE_INFINITY, 1e10])(
    'with a deadline of %d ms is told so',
    async (timeoutMs) => {
      await expect(session.find('you@example.com', { timeoutMs })).rejects.toMatchObject({
        code: 'bad-option',
        message: expect.stringContaining('timeoutMs'),
      });
    },
  );

  it.each([undefined, 42, null, {}])('that asks for %s is told so', async (input) => {
    await expect(findSmtp(input as unknown as string)).rejects.toMatchObject({ code: 'bad-input' });
  });

  it.each(['ask', 'answer', 'probe', 'probed'])(
    'whose own code fails at "%s" gets that failure',
    async (kind) => {
      const onProgress = (event: { kind: string }): void => {
        if (event.kind === kind) throw new Error(`mine, at ${kind}`);
      };
      await expect(session.find('you@example.com', { onProgress })).rejects.toThrow(
        `mine, at ${kind}`,
      );
    },
  );
});

it.each<[string, object]>([
  ['resolver', { resolver: '127.0.0.1' }],
  ['cacert', { cacert: 'ca.pem' }],
  ['proxy', { proxy: 5 }],
  ['family', { family: 5 }],
  ['ispdbUrl', { ispdbUrl: 'not a url' }],
  ['ispdbUrl', { ispdbUrl: 'https://user:hunter22@ispdb.example/' }],
])('a session whose %s is of the wrong kind is not made', async (name, options) => {
  await expect(createSession(options)).rejects.toMatchObject({
    code: 'bad-option',
    message: expect.stringContaining(name),
  });
});

it.each<[string, object]>([
  ['signal', { signal: {} }],
  ['onProgress', { onProgress: 'loud' }],
  ['only', { only: 'srv' }],
  ['login', { login: { secret: 'correct-horse' } }],
  ['login', { login: { secret: { kind: 'password', value: 'x' } }, offline: true }],
])('a query whose %s is not right is refused, without repeating it', async (name, options) => {
  const refused = session.find('you@example.com', options);
  await expect(refused).rejects.toMatchObject({
    code: 'bad-option',
    message: expect.stringContaining(name),
  });
  await expect(refused).rejects.not.toThrow('correct-horse');
});

const fail = (): never => {
  throw new Error('oops');
};
it.each<[string, SessionOptions['trace']]>([
  ['throws', fail],
  ['throws at a line', () => ({ add: fail, end() {} })],
  ['throws at the end', () => ({ add() {}, end: fail })],
  ['rejects', async () => fail()],
  ['rejects at a line', () => ({ add: async () => fail(), end: async () => fail() })],
  ['gives nothing', () => undefined as unknown as TraceSink],
] as [string, SessionOptions['trace']][])(
  'a reader of the conversations that %s changes nothing of what is found',
  async (_, trace) => {
    const own = await createSession({ ...lab.options, ...(trace && { trace }) });
    const secret = { kind: 'password', value: 'correct-horse' } as const;
    const found = await own.find('you@example.com', { login: { secret } });
    expect(found).toMatchObject({ status: 'verified', settings: { verified: true } });
    const examined = await own.examine({ servers: ['smtp.example.com:465'] });
    expect(examined.status).toBe('verified');
    await own.close();
  },
);

it.each([5, null, {}, ['a@b.example'], { input: 'x' }])(
  'an address beside what is named that is %j is told so',
  async (input) => {
    const asked = input as unknown as string;
    const named = { provider: 'gmail' };
    await expect(session.examine(named, asked)).rejects.toMatchObject({ code: 'bad-input' });
    await expect(session.provider('gmail', asked)).rejects.toMatchObject({ code: 'bad-input' });
  },
);

it('a query that was parsed does wherever one is wanted', async () => {
  const query = parseQuery('you@example.com');
  const named = { servers: ['smtp.example.com:465'] };
  const reports = await Promise.all([
    session.find(query),
    session.examine(named, query),
    session.provider('gmail', query),
  ]);
  for (const { email } of reports) expect(email).toBe('you@example.com');
});

it('a closed session says so, whether it was used or not', async () => {
  for (const options of [{}, lab.options]) {
    const closed = await createSession(options);
    await closed.close();
    await expect(closed.find('you@example.com')).rejects.toThrow('the session is closed');
  }
});

it('one signal does for any number of queries at once', async () => {
  const warned: string[] = [];
  const note = (warning: Error): void => void warned.push(warning.name);
  process.on('warning', note);
  const { signal } = new AbortController();
  await Promise.all(
    Array.from({ length: 20 }, (_, i) => session.find(`you@d${i}.example.com`, { signal })),
  );
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  expect(warned).toEqual([]);
});

describe('two callers of one search', () => {
  const watch = (): { kinds: string[]; onProgress: (event: { kind: string }) => void } => {
    const kinds: string[] = [];
    return { kinds, onProgress: ({ kind }) => void kinds.push(kind) };
  };
  const fresh = async <T>(use: (own: Session) => Promise<T>): Promise<T> => {
    const own = await createSession(lab.options);
    return use(own).finally(() => own.close());
  };

  it('each hear of it', () =>
    fresh(async (own) => {
      const [a, b] = [watch(), watch()];
      await Promise.all([own.find('a@example.com', a), own.find('b@example.com', b)]);
      expect(a.kinds).toContain('probed');
      expect(b.kinds).toEqual(a.kinds);
    }));

  it('do not suffer from a listener of the other', () =>
    fresh(async (own) => {
      const b = watch();
      const fails = (): void => {
        throw new Error('mine');
      };
      const [first, second] = await Promise.allSettled([
        own.find('a@example.com', { onProgress: fails }),
        own.find('b@example.com', b),
      ]);
      expect(first).toMatchObject({ status: 'rejected', reason: { message: 'mine' } });
      expect(second).toMatchObject({ status: 'fulfilled', value: { status: 'verified' } });
      expect(b.kinds).toContain('probed');
    }));

  it('hear nothing more once they have left', () =>
    fresh(async (own) => {
      const leaving = new AbortController();
      const heard: boolean[] = [];
      const onProgress = (): void => {
        heard.push(leaving.signal.aborted);
        leaving.abort();
      };
      const [first, second] = await Promise.allSettled([
        own.find('a@example.com', { onProgress, signal: leaving.signal }),
        own.find('b@example.com'),
      ]);
      expect(first.status).toBe('rejected');
      expect(second).toMatchObject({ status: 'fulfilled', value: { status: 'verified' } });
      expect(heard).toEqual([false]);
    }));
});

it.each([false, true])('the user name is the published one, with all: %s', async (all) => {
  const { settings, warnings } = await session.find('you@example.com', { all });
  expect(settings).toMatchObject({ username: 'you', usernameFrom: 'published' });
  expect(warnings.map(({ code }) => code)).not.toContain('assumed-username');
});

it('what a probe saw of the server is told with the explanation', async () => {
  const { probes } = await session.find('you@example.com', { explain: true });
  expect(probes?.[0]).toMatchObject({
    host: 'smtp.example.com',
    serverName: expect.stringMatching(/./),
    keywords: expect.arrayContaining([expect.stringMatching(/^AUTH /)]),
    tls: { protocol: 'TLSv1.3' },
  });
});

it('mechanisms that a server was seen not to offer are not repeated from a file', async () => {
  const { settings, warnings } = await session.find('you@relay.example');
  expect(settings).toMatchObject({ host: 'smtp.relay.example', auth: [], verified: false });
  expect(warnings.map(({ code }) => code)).toEqual(['no-auth']);
});

it('a session whose network could not be opened closes all the same', async () => {
  const broken = await createSession({ env: { HTTPS_PROXY: 'ftp://proxy.example' } });
  await expect(broken.find('you@example.com')).rejects.toMatchObject({ code: 'bad-option' });
  await expect(broken.close()).resolves.toBeUndefined();
});
