/** Servers that hang up, put off, cheat or talk nonsense in the middle of a login. */
import { afterEach, describe, expect, test } from 'vitest';
import {
  type Auth,
  type AuthServer,
  base64,
  cleanUp,
  decode,
  logIn,
  networkWith,
  type ScriptedAuth,
  SECRET,
  serveScram,
  startAuthServer,
  TOKEN,
  USER,
} from './login-lab.ts';

afterEach(cleanUp);

const auths = (server: AuthServer): readonly string[] =>
  server.said().filter((line) => line.startsWith('AUTH'));

describe('a server that hangs up after a refusal', () => {
  test('is called again for the next pair', async () => {
    const server = await startAuthServer({
      offer: 'PLAIN SCRAM-SHA-256',
      hangUp: true,
      auth(auth) {
        if (auth.mechanism === 'PLAIN') {
          return decode(auth.initial ?? '').startsWith('\0you\0') ? '235 ok' : '535 5.7.8 no';
        }
        return serveScram(auth, {});
      },
    });
    const limited: (boolean | undefined)[] = [];
    const { connect } = networkWith();
    const network = networkWith({
      connect(host, port, options) {
        limited.push(options.limited);
        return connect(host, port, options);
      },
    });
    const result = await logIn({ port: server.port, usernames: [USER, 'you'], network });
    expect(result).toMatchObject({ outcome: 'accepted', username: 'you', attempts: 3 });
    expect(limited).toEqual([true, true, true]);
    expect(server.transcript.conversations).toHaveLength(3);
  });

  test('hears a secret once only, though it hung up without telling', async () => {
    const server = await startAuthServer({
      offer: 'PLAIN',
      auth({ peer }) {
        peer.send('535 5.7.8 no');
        return 'close';
      },
    });
    const result = await logIn({ port: server.port, usernames: [USER, 'you'] });
    expect(result).toMatchObject({ outcome: 'refused', username: USER, attempts: 2 });
    expect(auths(server)).toEqual([USER, 'you'].map((u) => plain(u)));
  });

  test('and then turns us away has refused', async () => {
    const server = await startAuthServer({
      offer: 'PLAIN',
      hangUp: true,
      auth: () => '535 5.7.8 no',
      banner: (connection) => (connection === 1 ? '220 lab' : '554 5.7.1 banned'),
    });
    const result = await logIn({ port: server.port, usernames: [USER, 'you'] });
    expect(result).toMatchObject({ outcome: 'refused', attempts: 1, reply: '535 5.7.8 no' });
    expect(result.reason).toMatch(/535 5\.7\.8 no; then the server turned us away: 554/);
  });

  test('and then asks for patience has refused, and the untried name is told', async () => {
    const server = await startAuthServer({
      offer: 'PLAIN',
      hangUp: true,
      auth: () => '535 5.7.8 no',
      banner: (connection) => (connection === 1 ? '220 lab' : '421 4.7.0 slow down'),
    });
    const result = await logIn({ port: server.port, usernames: [USER, 'you'] });
    expect(result).toMatchObject({ outcome: 'refused', attempts: 1, reply: '535 5.7.8 no' });
    expect(result.reason).toMatch(/535 5\.7\.8 no; then .*421 4\.7\.0 slow down; PLAIN as you was/);
  });

  test('and is then gone, with only SCRAM refused, leaves it open', async () => {
    const server = await startAuthServer({
      offer: 'PLAIN SCRAM-SHA-1',
      hangUp: true,
      auth: (auth) => serveScram(auth, {}),
      banner: (connection) => (connection === 1 ? '220 lab' : '554 banned'),
    });
    expect(await logIn({ port: server.port })).toMatchObject({ outcome: 'temporary' });
  });

  test('and says 421 in parting is left alone', async () => {
    const server = await startAuthServer({
      offer: 'PLAIN',
      auth: () => '535 5.7.8 no\n421 4.7.0 too many errors',
    });
    const result = await logIn({ port: server.port, usernames: [USER, 'you'] });
    expect(result).toMatchObject({ outcome: 'refused', username: USER, attempts: 1 });
    expect(auths(server)).toHaveLength(1);
  });
});

describe('a server that refuses the first name and puts us off at the second', () => {
  test.each(['421 4.7.0 slow down', '450 4.7.1 later', '454 4.7.0 not now'])(
    'with %j has refused',
    async (later) => {
      let attempts = 0;
      const server = await startAuthServer({
        offer: 'PLAIN',
        auth: () => (++attempts === 1 ? '535 5.7.8 no' : later),
      });
      const result = await logIn({ port: server.port, usernames: [USER, 'you'] });
      expect(result).toMatchObject({
        outcome: 'refused',
        username: USER,
        reply: '535 5.7.8 no',
        attempts: 2,
      });
      expect(result.reason).toContain(later);
      expect(result.reason).toContain('PLAIN as you');
    },
  );

  test('has refused with SCRAM alone, too', async () => {
    let connections = 0;
    const server = await startAuthServer({
      offer: 'SCRAM-SHA-256',
      hangUp: true,
      auth: (auth) => serveScram(auth, {}),
      banner: () => (++connections === 1 ? '220 lab' : '421 4.7.0 slow down'),
    });
    const result = await logIn({ port: server.port, usernames: [USER, 'you'] });
    expect(result).toMatchObject({ outcome: 'refused', username: USER, attempts: 1 });
  });

  test('by hanging up on it has refused', async () => {
    let attempts = 0;
    const server = await startAuthServer({
      offer: 'PLAIN',
      auth: () => (++attempts === 1 ? '535 5.7.8 no' : 'close'),
    });
    const result = await logIn({ port: server.port, usernames: [USER, 'you'] });
    expect(result).toMatchObject({ outcome: 'refused', username: USER, attempts: 2 });
    expect(result.reason).toContain('PLAIN as you');
  });
});

describe('a server that puts us off', () => {
  test.each(['421 4.3.0 closing', '454 4.7.0 not now', '451 later', '421'])(
    'with %j is not asked again',
    async (reply) => {
      const server = await startAuthServer({ offer: 'PLAIN LOGIN', auth: () => reply });
      const result = await logIn({ port: server.port, usernames: [USER, 'you'] });
      expect(result).toMatchObject({ outcome: 'temporary', reply, attempts: 1, username: USER });
      expect(auths(server)).toHaveLength(1);
    },
  );

  test('with its banner is not asked at all', async () => {
    const server = await startAuthServer({
      offer: 'PLAIN',
      auth: () => '235 ok',
      banner: () => '421 4.3.2 too busy',
    });
    expect(await logIn({ port: server.port })).toMatchObject({
      outcome: 'temporary',
      mechanism: null,
      attempts: 0,
      reason: 'the server turned us away: 421 4.3.2 too busy',
    });
  });

  test.each(['421 4.7.0 too many connections from your address', '450 later'])(
    'with its banner because it still counts the probe gets another call: %s',
    async (banner) => {
      const server = await startAuthServer({
        offer: 'PLAIN',
        auth: () => '235 ok',
        banner: (connection) => (connection === 1 ? banner : '220 lab'),
      });
      expect(await logIn({ port: server.port })).toMatchObject({ outcome: 'accepted' });
      expect(server.transcript.conversations).toHaveLength(2);
    },
  );

  test('by hanging up at first gets another call, and only one', async () => {
    for (const [closes, outcome] of [
      [1, 'accepted'],
      [9, 'not-tried'],
    ] as const) {
      const server = await startAuthServer({
        offer: 'PLAIN',
        auth: () => '235 ok',
        banner: (connection) => (connection <= closes ? '' : '220 lab'),
      });
      expect(await logIn({ port: server.port })).toMatchObject({ outcome });
      expect(server.transcript.conversations).toHaveLength(2);
    }
  });

  test('for good is not called again', async () => {
    const server = await startAuthServer({
      offer: 'PLAIN',
      auth: () => '235 ok',
      banner: () => '554 5.7.1 banned',
    });
    expect(await logIn({ port: server.port })).toMatchObject({ outcome: 'not-tried' });
    expect(server.transcript.conversations).toHaveLength(1);
  });

  test('until the password has been used once gets PLAIN (432)', async () => {
    const server = await startAuthServer({
      offer: 'PLAIN CRAM-MD5',
      auth: ({ mechanism }) =>
        mechanism === 'PLAIN' ? '235 ok' : '432 4.7.12 A password transition is needed',
    });
    const mechanisms = ['CRAM-MD5', 'PLAIN'];
    const result = await logIn({ port: server.port, mechanisms });
    expect(result).toMatchObject({ outcome: 'accepted', mechanism: 'PLAIN' });
  });
});

describe('a server that falls silent', () => {
  test('after the secret costs the deadline, and leaves it open', async () => {
    const server = await startAuthServer({ offer: 'PLAIN', auth: () => 'hang' });
    const result = await logIn({ port: server.port, deadlineMs: 300 });
    expect(result).toMatchObject({
      outcome: 'temporary',
      reason: 'no reply to AUTH within 0.3 s',
      attempts: 1,
      mechanism: 'PLAIN',
    });
  });

  test('before the secret has not been tried', async () => {
    const server = await startAuthServer({ offer: 'LOGIN', auth: () => 'hang' });
    const result = await logIn({ port: server.port, deadlineMs: 300 });
    expect(result).toMatchObject({ outcome: 'not-tried', attempts: 0, mechanism: null });
  });

  test('for good, after the secret, is not called again', async () => {
    const server = await startAuthServer({ offer: 'PLAIN LOGIN', auth: () => 'close' });
    const result = await logIn({ port: server.port, usernames: [USER, 'you'] });
    expect(result).toMatchObject({
      outcome: 'temporary',
      reason: 'closed the connection after AUTH',
      attempts: 1,
    });
    expect(server.transcript.conversations).toHaveLength(1);
  });

  test('for good, at the mere name of a mechanism, gets another one', async () => {
    const server = await startAuthServer({
      offer: 'PLAIN SCRAM-SHA-1',
      auth: ({ mechanism }) => (mechanism === 'PLAIN' ? '235 ok' : 'close'),
    });
    const result = await logIn({ port: server.port });
    expect(result).toMatchObject({ outcome: 'accepted', mechanism: 'PLAIN', attempts: 1 });
  });
});

describe('a mechanism that does not work', () => {
  test.each([
    '504 5.5.4 Unrecognized authentication type',
    '535 5.7.4 mechanism not supported',
    '538 5.7.11 Encryption required',
    '500 5.5.1 what?',
    '534 5.7.9 Authentication mechanism is too weak',
  ])('(%s) makes room for the next, and counts for nothing', async (reply) => {
    const server = await startAuthServer({
      offer: 'SCRAM-SHA-1 PLAIN',
      auth: ({ mechanism }) => (mechanism === 'PLAIN' ? '235 ok' : reply),
    });
    const result = await logIn({ port: server.port });
    expect(result).toMatchObject({ outcome: 'accepted', mechanism: 'PLAIN', attempts: 1 });
  });

  test('counts when the secret went out with it, and is tried for no other name', async () => {
    const server = await startAuthServer({
      offer: 'PLAIN LOGIN',
      auth: ({ mechanism }) => (mechanism === 'PLAIN' ? '504 5.7.4 no PLAIN' : '535 5.7.8 no'),
    });
    const usernames = ['a', 'b', 'c'];
    const result = await logIn({ port: server.port, usernames });
    expect(result).toMatchObject({ outcome: 'refused', mechanism: 'LOGIN', username: 'a' });
    expect(result.attempts).toBe(3);
    expect(auths(server).map((line) => line.split(' ')[1])).toEqual(['PLAIN', 'LOGIN', 'LOGIN']);
  });

  test('and has no successor was not tried, when nothing secret was sent', async () => {
    const server = await startAuthServer({ offer: 'LOGIN', auth: () => '504 5.7.4 no' });
    const result = await logIn({ port: server.port });
    expect(result).toEqual({
      outcome: 'not-tried',
      mechanism: null,
      username: null,
      maySendAs: null,
      reply: '504 5.7.4 no',
      reason: 'the server does not take LOGIN: 504 5.7.4 no',
      hint: null,
      attempts: 0,
    });
  });

  test('and has no successor is refused, when the secret was sent', async () => {
    const server = await startAuthServer({ offer: 'PLAIN', auth: () => '504 5.7.4 no' });
    expect(await logIn({ port: server.port })).toMatchObject({
      outcome: 'refused',
      mechanism: 'PLAIN',
      attempts: 1,
    });
  });
});

describe('a refusal that says why', () => {
  test.each([
    [
      '534-5.7.9 Application-specific password required. Learn more at\n534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor 42 - gsmtp',
      'app-password',
    ],
    ['535 5.7.139 Authentication unsuccessful, basic authentication is disabled.', 'oauth2-only'],
    [
      '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.',
      'smtp-auth-disabled',
    ],
  ])('%s', async (reply, hint) => {
    const server = await startAuthServer({ offer: 'PLAIN LOGIN', auth: () => reply });
    const result = await logIn({ port: server.port, usernames: [USER, 'you'] });
    expect(result).toMatchObject({ outcome: 'refused', hint, attempts: 1, username: USER });
    expect(auths(server)).toHaveLength(1);
  });

  test.each(['535 5.7.0 (#AUTH005) Too many bad auth attempts', '503 too many logins'])(
    'such as a lock-out ends it: %s',
    async (reply) => {
      const server = await startAuthServer({ offer: 'PLAIN LOGIN CRAM-MD5', auth: () => reply });
      const result = await logIn({ port: server.port, usernames: [USER, 'you'] });
      expect(result).toMatchObject({ outcome: 'refused', attempts: 1, reply });
      expect(auths(server)).toHaveLength(1);
    },
  );
});

describe('a server that cheats at SCRAM', () => {
  test('and does not know the password is not believed, and gets nothing more', async () => {
    const server = await startAuthServer({
      offer: 'PLAIN SCRAM-SHA-256',
      auth: (auth) => serveScram(auth, { [USER]: SECRET }, { signature: base64('x'.repeat(32)) }),
    });
    const result = await logIn({ port: server.port, usernames: [USER, 'you'] });
    expect(result).toMatchObject({ outcome: 'refused', maySendAs: null, attempts: 1, reply: null });
    expect(result.reason).toBe(
      `the server did not prove that it knows the password (SCRAM-SHA-256 as ${USER})`,
    );
    expect(server.said().join('\n')).not.toMatch(/PLAIN|MAIL/);
  });

  test('and then falls silent is not believed either', async () => {
    const server = await startAuthServer({
      offer: 'SCRAM-SHA-1',
      async auth(auth) {
        await serveScram(auth, { [USER]: SECRET }, { signature: 'AAAA' });
        return 'hang';
      },
    });
    const result = await logIn({ port: server.port, deadlineMs: 500 });
    expect(result).toMatchObject({ outcome: 'refused', attempts: 1 });
  });

  test('and lets us in at once is not believed', async () => {
    const server = await startAuthServer({ offer: 'SCRAM-SHA-256', auth: () => '235 welcome' });
    const result = await logIn({ port: server.port });
    expect(result).toMatchObject({ outcome: 'refused', attempts: 0 });
  });

  test('and wants endless work does not get it', async () => {
    const server = await startAuthServer({
      offer: 'SCRAM-SHA-256 PLAIN',
      auth: (auth) =>
        auth.mechanism === 'PLAIN'
          ? '235 ok'
          : serveScramBut(auth, (first) => first.replace('i=4096', 'i=2000000000')),
    });
    const result = await logIn({ port: server.port });
    expect(result).toMatchObject({ outcome: 'accepted', mechanism: 'PLAIN', attempts: 1 });
    expect(server.said()).toContain('*');
  });
});

/** SCRAM up to the first challenge, which is changed; then whatever. */
async function serveScramBut(auth: Auth, change: (first: string) => string): Promise<string> {
  const ask: Auth['ask'] = (challenge) =>
    auth.ask(typeof challenge === 'string' ? challenge : Buffer.from(change(String(challenge))));
  await serveScram({ ...auth, ask }, {});
  return '501 5.5.2 cancelled';
}

describe('challenges', () => {
  test.each([
    ['no base64', 'not base64!'],
    ['base64 with something behind it', 'AAAA=AAAA'],
    ['without padding', 'QUJDR'],
  ])('that are %s are cancelled', async (_what, challenge) => {
    const server = await startAuthServer({
      offer: 'CRAM-MD5',
      async auth({ ask }) {
        return (await ask(challenge)) === '*' ? '501 cancelled' : '235 ok';
      },
    });
    const result = await logIn({ port: server.port });
    expect(result).toMatchObject({ outcome: 'not-tried', attempts: 0 });
    expect(result.reason).toBe('the server sent a challenge that is no base64');
  });

  test.each(['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2', 'OAUTHBEARER'])(
    'without end are cancelled (%s)',
    async (mechanism) => {
      const server = await startAuthServer({
        offer: mechanism,
        async auth({ ask }) {
          for (let i = 0; i < 50; i++) if ((await ask(base64('more'))) === '*') return '501 no';
          return '235 ok';
        },
      });
      const result = await logIn({ port: server.port, token: /OAUTH/.test(mechanism) });
      expect(result).toMatchObject({ outcome: 'refused', attempts: 1 });
      expect(server.said().length).toBeLessThan(10);
    },
  );

  test('of a length that nobody needs end it', async () => {
    const server = await startAuthServer({
      offer: 'CRAM-MD5',
      auth: async ({ ask }) => ((await ask('A'.repeat(40_000))) === '' ? 'close' : '235 ok'),
    });
    expect(await logIn({ port: server.port })).toMatchObject({ outcome: 'not-tried' });
  });

  test('that ask for an initial response again get it again', async () => {
    const server = await startAuthServer({
      offer: 'PLAIN',
      auth: async ({ ask, initial }) => ((await ask('')) === initial ? '235 ok' : '535 no'),
    });
    const result = await logIn({ port: server.port });
    expect(result).toMatchObject({ outcome: 'accepted', attempts: 1 });
  });
});

describe('a token', () => {
  const long: ScriptedAuth = {
    offer: 'XOAUTH2',
    async auth({ initial, ask, line }) {
      expect(line).toBe('AUTH XOAUTH2');
      expect(initial).toBeUndefined();
      return decode(await ask('')).includes('auth=Bearer eyJ') ? '235 ok' : '535 no';
    },
  };

  test('too long for a command waits for its turn (RFC 4954 §4)', async () => {
    const server = await startAuthServer(long);
    const secret = `eyJ${'abcXYZ0189'.repeat(250)}`;
    const result = await logIn({ port: server.port, token: true, secret });
    expect(result).toMatchObject({ outcome: 'accepted', attempts: 1 });
  });

  test('too long for any line of AUTH is not sent', async () => {
    const server = await startAuthServer(long);
    const secret = `eyJ${'abcXYZ0189'.repeat(1000)}`;
    const result = await logIn({ port: server.port, token: true, secret });
    expect(result).toMatchObject({ outcome: 'not-tried', attempts: 0 });
    expect(result.reason).toMatch(/longer than SMTP allows/);
    expect(Math.max(...server.said().map(({ length }) => length))).toBeLessThan(512);
  });

  test('is not sent when it could break out of its field', async () => {
    const result = await logIn({ port: 1, token: true, secret: `${TOKEN}\u0001host=evil` });
    expect(result).toMatchObject({ outcome: 'not-tried' });
  });
});

test.each([`${SECRET}\0`, ''])('the password %j is not sent', async (secret) => {
  const server = await startAuthServer({ offer: 'PLAIN', auth: () => '235 ok' });
  expect(await logIn({ port: server.port, secret })).toMatchObject({ outcome: 'not-tried' });
  expect(server.said()).toEqual([]);
});

test('a port where nobody listens was not tried', async () => {
  expect(await logIn({ port: 1 })).toMatchObject({
    outcome: 'not-tried',
    reason: 'refused the connection (127.0.0.1)',
    attempts: 0,
  });
});

function plain(username: string): string {
  return `AUTH PLAIN ${base64(`\0${username}\0${SECRET}`)}`;
}
