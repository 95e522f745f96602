/** Credentials and a decision: when they are shown to a server at all, and what is told of it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSession, type LoginRequest, type Session } from '../../src/index.ts';
import type { Report } from '../../src/report/report.ts';
import { createLab, type Lab } from '../lab/lab.ts';

const PASSWORD = 'correct-horse-battery-staple';

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
    },
    servers: {
      'smtp.example.com:465': { users },
      'smtp.local.example:465': { users },
      'smtp.elsewhere.example:465': { users: { 'you@foreign.example': PASSWORD } },
      'smtp.expired.example:465': { users, certificate: 'expired' },
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

it('a domain alone has no user name, unless one is given', async () => {
  expect((await find('example.com')).login?.outcome).toBe('not-tried');
  expect((await find('example.com', { username: 'you' })).login?.outcome).toBe('accepted');
});
