/** Credentials and a decision: when they are shown to a server at all, and what is told of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createSession,
  type LoginRequest,
  type Session,
  type WantedSecret,
} from '../../src/index.ts';
import type { Report } from '../../src/report/report.ts';
import { clientConfig } from '../lab/client-config.ts';
import { createLab, type Lab } from '../lab/lab.ts';
import type { Script } from '../lab/scripted-server.ts';

const PASSWORD = 'correct-horse-battery-staple';
const TOKEN = 'ya29.a-token';

/** A server that only says what it offers. */
function offering(auth: string): Script {
  return async (peer) => {
    peer.send('220 lab ESMTP');
    for (let line = await peer.line(); line !== null; line = await peer.line()) {
      peer.send(...(line.startsWith('EHLO') ? ['250-lab', `250 AUTH ${auth}`] : ['221 bye']));
    }
  };
}

let lab: Lab;
let session: Session;

beforeAll(async () => {
  const users = { 'you@example.com': PASSWORD, you: PASSWORD };
  lab = await createLab({
    zone: {
      '_submissions._tcp.example.com': { SRV: '0 1 465 smtp.example.com' },
      '_submissions._tcp.local.example': { SRV: '0 1 465 smtp.local.example' },
      '_submissions._tcp.foreign.example': { SRV: '0 1 465 smtp.elsewhere.example' },
      '_submissions._tcp.expired.example': { SRV: '0 1 465 smtp.expired.example' },
      '_submissions._tcp.tokens.example': { SRV: '0 1 465 smtp.tokens.example' },
      '_submissions._tcp.tickets.example': { SRV: '0 1 465 smtp.tickets.example' },
    },
    web: {
      'https://autoconfig.team.example/mail/config-v1.1.xml': clientConfig(
        'team.example',
        'smtp.team.example',
      ).replace('%EMAILADDRESS%', 'you'),
    },
    servers: {
      'smtp.example.com:465': { users },
      'smtp.team.example:465': { users },
      'smtp.local.example:465': { users },
      'smtp.elsewhere.example:465': { users: { 'you@foreign.example': PASSWORD } },
      'smtp.expired.example:465': { users, certificate: 'expired' },
      'smtp.tokens.example:465': {
        auth: ['XOAUTH2'],
        users: { 'you@tokens.example': TOKEN },
      },
      'smtp.tickets.example:465': { script: offering('GSSAPI NTLM') },
      // Of providers in the database.
      'smtp-mail.outlook.com:587': {
        auth: ['LOGIN', 'XOAUTH2'],
        users: { 'you@outlook.com': TOKEN },
      },
      'smtp.gmail.com:465': { auth: ['PLAIN', 'XOAUTH2'], users: { 'you@gmail.com': PASSWORD } },
    },
  });
  session = await createSession(lab.options);
});

afterAll(async () => {
  await session.close();
  await lab.stop();
});

function find(input: string, login: Partial<LoginRequest> = {}): Promise<Report> {
  const secret = { kind: 'password', value: PASSWORD } as const;
  return session.find(input, { login: { secret, ...login } });
}

const codes = ({ warnings }: Report): string[] => warnings.map(({ code }) => code);

it('a login that works settles the user name', async () => {
  const report = await find('you@example.com');
  expect(report.login).toMatchObject({ outcome: 'accepted', username: 'you@example.com' });
  expect(codes(report)).toEqual([]);
});

it('the local part comes after the address, and is reported when it works', async () => {
  const report = await find('you@local.example');
  expect(report.login).toMatchObject({ outcome: 'accepted', username: 'you' });
  expect(report.settings).toMatchObject({ username: 'you' });
});

it('a wrong password is refused', async () => {
  const secret = { kind: 'password', value: 'nearly-the-right-one' } as const;
  const report = await find('you@example.com', { secret });
  expect(report).toMatchObject({ status: 'verified', login: { outcome: 'refused' } });
  expect(codes(report)).toContain('login-refused');
  expect(JSON.stringify(report)).not.toContain('nearly');
});

it('nothing secret is sent to a server that only an unprotected answer names', async () => {
  lab.forget();
  const refused = await find('you@foreign.example');
  expect(refused.login?.outcome).toBe('not-tried');
  expect(codes(refused)).toContain('login-not-tried');
  expect(lab.received()).not.toContain('AUTH');
  const accepted = await find('you@foreign.example', { acceptHosts: ['smtp.elsewhere.example'] });
  expect(accepted.login?.outcome).toBe('accepted');
});

it('nothing secret is sent to a server that is not verified', async () => {
  lab.forget();
  const report = await find('you@expired.example');
  expect(report.login?.outcome).toBe('not-tried');
  expect(lab.received()).not.toContain('AUTH');
});

it('a secret is asked for only where it may be shown, and with the name of the server', async () => {
  const asked: string[] = [];
  const secret: LoginRequest['secret'] = async ({ host, port }) => {
    asked.push(`${host}:${port}`);
    return { kind: 'password', value: PASSWORD };
  };
  const report = await find('you@example.com', { secret });
  expect(report.login?.outcome).toBe('accepted');
  await find('you@expired.example', { secret });
  await find('you@foreign.example', { secret });
  expect(asked).toEqual(['smtp.example.com:465']);
});

it('a secret that never comes is not waited for any longer than the caller wants', async () => {
  const caller = new AbortController();
  const secret = (): Promise<never> => {
    setImmediate(() => caller.abort(new Error('enough')));
    return new Promise(() => {});
  };
  const waiting = session.find('you@example.com', { login: { secret }, signal: caller.signal });
  await expect(waiting).rejects.toThrow('enough');
});

it('what asking for the secret throws is passed on', async () => {
  const secret = () => Promise.reject(new Error('changed my mind'));
  await expect(find('you@example.com', { secret })).rejects.toThrow('changed my mind');
});

it('a domain alone has no user name, unless one is given or published', async () => {
  expect((await find('team.example')).login).toMatchObject({
    outcome: 'accepted',
    username: 'you',
  });
  expect((await find('example.com')).login?.outcome).toBe('not-tried');
  expect((await find('example.com', { username: 'you' })).login?.outcome).toBe('accepted');
});

it('the settings have the user name that the caller gave, whatever becomes of the login', async () => {
  for (const [input, outcome] of [
    ['alias@example.com', 'accepted'],
    ['alias@local.example', 'accepted'],
    ['alias@expired.example', 'not-tried'],
    ['alias@gmail.com', 'refused'],
  ] as const) {
    const report = await find(input, { username: 'you' });
    expect(report).toMatchObject({
      login: { outcome },
      settings: { username: 'you', usernameFrom: 'given' },
    });
    expect(codes(report)).not.toContain('assumed-username');
  }
});

describe('what is wanted is known before anybody is asked', () => {
  const password = { kind: 'password', value: PASSWORD } as const;
  const token = { kind: 'token', value: TOKEN } as const;
  const why = ({ warnings }: Report): string =>
    warnings.find(({ code }) => code === 'login-not-tried')?.message ?? '';

  it.each([
    ['the server offers only token mechanisms', 'you@tokens.example'],
    ['the provider refuses passwords, whatever its server offers', 'you@outlook.com'],
  ])('no password is sent where %s', async (_, address) => {
    lab.forget();
    const report = await find(address, { secret: password });
    expect(report.login).toMatchObject({ outcome: 'not-tried', mechanism: null });
    expect(why(report)).toMatch(
      /takes no password, only an OAuth 2\.0 access token.*SMTP_FIND_TOKEN/,
    );
    expect(lab.received()).not.toContain('AUTH');

    const accepted = await find(address, { secret: token });
    expect(accepted.login).toMatchObject({ outcome: 'accepted', username: address });
  });

  it('no token is sent where only passwords are taken', async () => {
    lab.forget();
    const report = await find('you@example.com', { secret: token });
    expect(report.login?.outcome).toBe('not-tried');
    expect(why(report)).toContain('takes no access token, only a password');
    expect(lab.received()).not.toContain('AUTH');
  });

  it.each<[string, WantedSecret]>([
    ['you@example.com', { kind: 'password', appPassword: null }],
    ['you@tokens.example', { kind: 'token', appPassword: null }],
    ['you@outlook.com', { kind: 'token', appPassword: null }],
    [
      'you@gmail.com',
      {
        kind: 'password',
        appPassword: { needed: 'always', url: 'https://myaccount.google.com/apppasswords' },
      },
    ],
  ])('for %s', async (address, expected) => {
    const asked: WantedSecret[] = [];
    const report = await find(address, {
      secret: async (_server, _signal, wanted) => {
        asked.push(wanted);
        return wanted.kind === 'token' ? token : password;
      },
    });
    expect(asked).toEqual([expected]);
    expect(report.login?.outcome).toBe('accepted');
  });

  it('an answer of the other kind is not sent either', async () => {
    lab.forget();
    const report = await find('you@outlook.com', { secret: async () => password });
    expect(report.login?.outcome).toBe('not-tried');
    expect(lab.received()).not.toContain('AUTH');
  });

  it('nobody is asked where nothing could work', async () => {
    const secret = () => Promise.reject(new Error('nobody should be asked'));
    const report = await find('you@tickets.example', { secret });
    expect(report.login?.outcome).toBe('not-tried');
    expect(why(report)).toContain('GSSAPI NTLM');
  });
});
