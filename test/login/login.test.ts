/** Logins at servers that behave: who is let in, with what, and as whom they may send. */
import { afterEach, describe, expect, test } from 'vitest';
import { tryLogin } from '../../src/login/login.ts';
import {
  cleanUp,
  HOST,
  logIn,
  networkWith,
  SECRET,
  serveScram,
  startAuthServer,
  startPackageServer,
  TOKEN,
  USER,
} from './login-lab.ts';

afterEach(cleanUp);

describe('a login', () => {
  test.each(['PLAIN', 'LOGIN', 'CRAM-MD5'])('is accepted with %s', async (mechanism) => {
    const server = await startPackageServer({ mechanisms: [mechanism] });
    expect(await logIn({ port: server.port })).toEqual({
      outcome: 'accepted',
      mechanism,
      username: USER,
      maySendAs: true,
      reply: '235 Authentication successful',
      reason: `the server accepted ${mechanism} as ${USER}`,
      hint: null,
      attempts: 1,
    });
    expect(server.logins).toEqual([`${mechanism} ${USER}`]);
    expect(server.senders).toEqual([USER]);
  });

  test.each(['SCRAM-SHA-1', 'SCRAM-SHA-256'])('is accepted with %s', async (mechanism) => {
    const server = await startAuthServer({
      offer: mechanism,
      auth: (auth) => serveScram(auth, { [USER]: SECRET }),
    });
    expect(await logIn({ port: server.port })).toMatchObject({
      outcome: 'accepted',
      mechanism,
      maySendAs: true,
      attempts: 1,
    });
  });

  test('is accepted with XOAUTH2 and a token', async () => {
    const server = await startPackageServer({ mechanisms: ['XOAUTH2'], users: { [USER]: TOKEN } });
    expect(await logIn({ port: server.port, token: true })).toMatchObject({
      outcome: 'accepted',
      mechanism: 'XOAUTH2',
      username: USER,
    });
  });

  test('is accepted with OAUTHBEARER and a token', async () => {
    const server = await startAuthServer({
      offer: 'XOAUTH2 OAUTHBEARER',
      auth: ({ initial = '' }) =>
        Buffer.from(initial, 'base64').toString() ===
        `n,a=${USER},\u0001host=${HOST}\u0001port=${server.port}\u0001auth=Bearer ${TOKEN}\u0001\u0001`
          ? '235 2.7.0 welcome'
          : '535 5.7.8 no',
    });
    expect(await logIn({ port: server.port, token: true })).toMatchObject({
      outcome: 'accepted',
      mechanism: 'OAUTHBEARER',
      attempts: 1,
    });
  });

  test('goes over STARTTLS, and not a byte of it before', async () => {
    const server = await startPackageServer({ encryption: 'starttls' });
    const result = await logIn({ port: server.port, encryption: 'starttls' });
    expect(result).toMatchObject({ outcome: 'accepted', mechanism: 'PLAIN' });
  });

  test('uses user names and passwords far from ASCII', async () => {
    const username = 'jürgen@example.com';
    const secret = 'пароль-密码-🔑-långt';
    for (const mechanism of ['PLAIN', 'LOGIN', 'CRAM-MD5']) {
      const server = await startPackageServer({
        mechanisms: [mechanism],
        users: { [username]: secret },
      });
      const result = await logIn({ port: server.port, usernames: [username], secret });
      expect(result).toMatchObject({ outcome: 'accepted', username });
    }
    const server = await startAuthServer({
      offer: 'SCRAM-SHA-256',
      auth: (auth) => serveScram(auth, { [username]: secret }),
    });
    const result = await logIn({ port: server.port, usernames: [username], secret });
    expect(result).toMatchObject({ outcome: 'accepted', username });
  });

  test('is refused when the password is wrong', async () => {
    const server = await startPackageServer({ users: { [USER]: 'another' } });
    expect(await logIn({ port: server.port })).toEqual({
      outcome: 'refused',
      mechanism: 'PLAIN',
      username: USER,
      maySendAs: null,
      reply: '535 Error: Authentication credentials invalid',
      reason: `the server refused the login: PLAIN as ${USER}: 535 Error: Authentication credentials invalid`,
      hint: null,
      attempts: 1,
    });
    expect(server.senders).toEqual([]);
  });

  test('is refused when the token is wrong, with what the server said of it', async () => {
    const server = await startPackageServer({ mechanisms: ['XOAUTH2'] });
    const result = await logIn({ port: server.port, token: true });
    expect(result).toMatchObject({ outcome: 'refused', mechanism: 'XOAUTH2', attempts: 1 });
    expect(result.reason).toContain('(401)');
    expect(result.reply).toBe('535 Error: Username and Password not accepted');
  });

  test('says goodbye', async () => {
    const server = await startAuthServer({ offer: 'PLAIN', auth: () => '235 ok' });
    await logIn({ port: server.port });
    await expect.poll(() => server.said().at(-1)).toBe('QUIT');
    const verbs = server.said().map((line) => line.split(' ', 1)[0]);
    expect(verbs).toEqual(['EHLO', 'AUTH', 'MAIL', 'RCPT', 'RSET', 'QUIT']);
  });
});

describe('user names', () => {
  test('are tried in order, and the one that works is told', async () => {
    const server = await startPackageServer({ users: { you: SECRET } });
    const result = await logIn({ port: server.port, usernames: [USER, 'you'] });
    expect(result).toMatchObject({ outcome: 'accepted', username: 'you', attempts: 2 });
    expect(server.logins).toEqual([`PLAIN ${USER}`, 'PLAIN you']);
    expect(server.connections()).toBe(1);
  });

  test('are tried three times in all at most', async () => {
    const server = await startPackageServer({ users: {} });
    const usernames = ['a', 'b', 'b', 'c', 'd'];
    const result = await logIn({ port: server.port, usernames });
    expect(result).toMatchObject({ outcome: 'refused', username: 'a', attempts: 3 });
    expect(server.logins).toEqual(['PLAIN a', 'PLAIN b', 'PLAIN c']);
  });

  test('with control characters are never sent', async () => {
    const server = await startPackageServer();
    const usernames = [`${USER}\0`, 'a\u0001b', ''];
    const result = await logIn({ port: server.port, usernames });
    expect(result).toMatchObject({ outcome: 'not-tried', username: null, attempts: 0 });
    expect(server.connections()).toBe(0);
  });
});

describe('mechanisms', () => {
  test('of a server that keeps no SCRAM secrets fall back to PLAIN for the same name', async () => {
    const tried: string[] = [];
    const server = await startAuthServer({
      offer: 'PLAIN LOGIN SCRAM-SHA-1 SCRAM-SHA-256',
      auth(auth) {
        tried.push(auth.mechanism);
        return auth.mechanism === 'PLAIN' ? '235 ok' : serveScram(auth, {});
      },
    });
    const result = await logIn({ port: server.port, usernames: [USER, 'you'] });
    expect(result).toMatchObject({ outcome: 'accepted', mechanism: 'PLAIN', attempts: 2 });
    expect(tried).toEqual(['SCRAM-SHA-256', 'PLAIN']);
  });

  test('are only those that the caller wants, in that order', async () => {
    const server = await startPackageServer({ mechanisms: ['PLAIN', 'LOGIN', 'CRAM-MD5'] });
    const result = await logIn({ port: server.port, mechanisms: ['XOAUTH2', 'login', 'PLAIN'] });
    expect(result.mechanism).toBe('LOGIN');
  });

  test('that a password is no use for are not tried', async () => {
    const server = await startPackageServer({ mechanisms: ['XOAUTH2'] });
    expect(await logIn({ port: server.port })).toMatchObject({
      outcome: 'not-tried',
      hint: 'oauth2-only',
      reason: 'AUTH offers nothing for a password that we speak: XOAUTH2',
      attempts: 0,
    });
  });

  test('that a token is no use for are not tried', async () => {
    const server = await startPackageServer();
    expect(await logIn({ port: server.port, token: true })).toMatchObject({
      outcome: 'not-tried',
      hint: null,
    });
    expect(server.logins).toEqual([]);
  });

  test('with channel binding are not tried', async () => {
    const server = await startAuthServer({
      offer: 'SCRAM-SHA-256-PLUS EXTERNAL',
      auth: () => '535 no',
    });
    expect(await logIn({ port: server.port })).toMatchObject({ outcome: 'not-tried' });
    expect(server.said().join()).not.toContain('AUTH');
  });
});

describe('without a verified connection', () => {
  const certificates = [
    ['self-signed', { names: [HOST], selfSigned: true }],
    ['expired', { names: [HOST], notAfter: new Date(Date.now() - 1000) }],
    ['of another name', { names: ['other.example.com'] }],
    ['that names the host only in its common name', { names: [], commonName: HOST }],
  ] as const;

  test.each(certificates)('(a certificate %s) nothing is sent', async (_what, certificate) => {
    const server = await startAuthServer({ offer: 'PLAIN', auth: () => '235 ok', certificate });
    const result = await logIn({ port: server.port });
    expect(result).toMatchObject({ outcome: 'not-tried', mechanism: null, attempts: 0 });
    expect(result.reason).toMatch(/certificate/);
    expect(server.said().join()).not.toContain('AUTH');
  });

  test('(plaintext) nobody is even connected to', async () => {
    const server = await startPackageServer();
    expect(await logIn({ port: server.port, encryption: 'none' })).toMatchObject({
      outcome: 'not-tried',
      reason: 'nothing secret is sent without TLS',
    });
    expect(server.connections()).toBe(0);
  });

  test('(STARTTLS not offered) nothing is sent', async () => {
    const server = await startPackageServer({
      encryption: 'starttls',
      options: { hideSTARTTLS: true, allowInsecureAuth: true },
    });
    const result = await logIn({ port: server.port, encryption: 'starttls' });
    expect(result).toMatchObject({ outcome: 'not-tried', reason: 'STARTTLS is not offered' });
    expect(server.logins).toEqual([]);
  });

  test('(outdated TLS) nothing is sent', async () => {
    const server = await startPackageServer({
      options: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' },
    });
    expect(await logIn({ port: server.port })).toMatchObject({ outcome: 'not-tried' });
    expect(server.logins).toEqual([]);
  });

  test('(TLS of a network that reports less) nothing is sent', async () => {
    const server = await startPackageServer();
    for (const lie of [{ protocol: 'TLSv1.1' }, { certificate: null }]) {
      const { handshake } = networkWith();
      const network = networkWith({
        async handshake(socket, options) {
          const secure = await handshake(socket, options);
          return { ...secure, tls: { ...secure.tls, ...lie } };
        },
      });
      const result = await logIn({ port: server.port, network });
      expect(result).toMatchObject({ outcome: 'not-tried', attempts: 0 });
    }
    expect(server.logins).toEqual([]);
  });

  test('(the certificate changes between two connections) nothing more is sent', async () => {
    const server = await startAuthServer({ offer: 'PLAIN', auth: () => '535 no', hangUp: true });
    let handshakes = 0;
    const { handshake } = networkWith();
    const network = networkWith({
      async handshake(socket, options) {
        const secure = await handshake(socket, options);
        const { certificate } = secure.tls;
        if (++handshakes === 1 || !certificate) return secure;
        const bad = { ...certificate, problem: 'untrusted' as const };
        return { ...secure, tls: { ...secure.tls, certificate: bad } };
      },
    });
    const result = await logIn({ port: server.port, usernames: [USER, 'you'], network });
    expect(handshakes).toBe(2);
    expect(result).toMatchObject({ outcome: 'refused', attempts: 1 });
    expect(result.reason).toContain('; then the certificate comes from an issuer');
  });
});

describe('MAIL FROM', () => {
  const refuse = (text: string, responseCode: number) => ({
    onMailFrom: (_address: unknown, _session: unknown, done: (error?: Error) => void) =>
      done(Object.assign(new Error(text), { responseCode })),
  });

  test.each([
    [553, '5.7.1 not owned by user', false],
    [550, '5.7.60 no permission to send as this sender', false],
    [501, '5.1.7 bad sender', false],
    [451, '4.3.0 try later', null],
    [552, '5.2.2 over quota', null],
  ])('refused with %i %s makes maySendAs %j', async (code, text, maySendAs) => {
    const server = await startPackageServer(refuse(text, code));
    const result = await logIn({ port: server.port });
    expect(result).toMatchObject({ outcome: 'accepted', maySendAs });
    expect(result.reason.includes('may not send as the address')).toBe(maySendAs === false);
  });

  test.each([
    ['553 5.7.1 <you@example.com>: Sender address rejected: not owned by user me', false],
    ['554 5.7.1 <you@example.com>: Relay access denied', null],
    ['450 4.2.0 Greylisted', null],
  ])('is asked up to RCPT, where "%s" makes maySendAs %j', async (rcpt, maySendAs) => {
    const server = await startAuthServer({
      offer: 'PLAIN',
      auth: () => '235 ok',
      replies: { RCPT: rcpt },
    });
    const result = await logIn({ port: server.port });
    expect(result).toMatchObject({ outcome: 'accepted', maySendAs });
    expect(result.reason.includes('may not send as the address')).toBe(maySendAs === false);
    const verbs = server.said().map((line) => line.split(' ', 1)[0]);
    expect(verbs.slice(0, 5)).toEqual(['EHLO', 'AUTH', 'MAIL', 'RCPT', 'RSET']);
    expect(server.said()).toContain(`RCPT TO:<${USER}>`);
  });

  test('is not asked without an address', async () => {
    const server = await startPackageServer();
    const result = await logIn({ port: server.port, address: null });
    expect(result).toMatchObject({ outcome: 'accepted', maySendAs: null });
    expect(server.senders).toEqual([]);
  });

  test.each([
    ['jürgen@example.com', [], []],
    ['jürgen@example.com', ['SMTPUTF8'], ['MAIL FROM:<jürgen@example.com> SMTPUTF8']],
    ['you@bücher.example', ['SMTPUTF8'], ['MAIL FROM:<you@xn--bcher-kva.example>']],
    ['"a b"@example.com', [], ['MAIL FROM:<"a b"@example.com>']],
    ['a>\r\nDATA@example.com', [], []],
    ['you', [], []],
  ])('asks about %j of a server with %j', async (address, keywords, expected) => {
    const server = await startAuthServer({ offer: 'PLAIN', auth: () => '235 ok', keywords });
    const result = await logIn({ port: server.port, address });
    const said = server.said().filter((line) => line.startsWith('MAIL'));
    expect(said.map((line) => Buffer.from(line, 'latin1').toString())).toEqual(expected);
    expect(result).toMatchObject({
      outcome: 'accepted',
      maySendAs: expected.length > 0 ? true : null,
    });
  });

  test('that never gets an answer leaves the login accepted', async () => {
    const server = await startAuthServer({
      offer: 'PLAIN',
      async auth({ peer }) {
        peer.send('235 2.7.0 ok');
        await peer.line();
        return 'close';
      },
    });
    expect(await logIn({ port: server.port })).toMatchObject({
      outcome: 'accepted',
      maySendAs: null,
      reply: '235 2.7.0 ok',
    });
  });
});

describe('a caller', () => {
  test('who aborts before is told so', async () => {
    const endpoint = { host: HOST, port: 1, encryption: 'tls' } as const;
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(
      tryLogin(endpoint, networkWith(), {
        signal,
        usernames: [USER],
        secret: { kind: 'password', value: SECRET },
        address: null,
      }),
    ).rejects.toThrow('enough');
  });

  test('who aborts in between is told so, and nothing stays open', async () => {
    const caller = new AbortController();
    const server = await startAuthServer({
      offer: 'PLAIN',
      auth() {
        caller.abort(new Error('enough'));
        return 'hang';
      },
    });
    await expect(logIn({ port: server.port, signal: caller.signal })).rejects.toThrow('enough');
  });
});
