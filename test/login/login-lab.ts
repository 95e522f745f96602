/** Servers to log in to, and the one way to do so: every result is searched for the secret. */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { inspect } from 'node:util';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { expect } from 'vitest';
import { type TryLoginOptions, tryLogin } from '../../src/login/login.ts';
import type { LoginResult } from '../../src/login/record.ts';
import type { Encryption } from '../../src/model/endpoint.ts';
import type { TraceListener } from '../../src/smtp/trace.ts';
import { type CertificateRequest, createAuthority } from '../lab/certificates.ts';
import { listen, type Stoppable } from '../lab/loopback.ts';
import { type Peer, type ScriptedServer, startScriptedServer } from '../lab/scripted-server.ts';
import { type LoopbackNetwork, loopbackNetwork } from '../probe/loopback-network.ts';

export const HOST = 'smtp.example.com';
export const USER = 'you@example.com';
export const SECRET = 'Qz7-kÄse#Wurst&99';
export const TOKEN = 'ya29.Gl0tBwXk4mQ~7Zr_secretTokenValue==';

const authority = await createAuthority();
const certificate: CertificateRequest = { names: [HOST] };
const running: Stoppable[] = [];
/** One for all: to read the roots that TLS trusts takes longer than a login. */
const network = loopbackNetwork({ caPem: authority.caPem });

/** After each test: no socket is left, all servers stop. */
export async function cleanUp(): Promise<void> {
  const open = (): number => network.sockets.filter(({ destroyed }) => !destroyed).length;
  await expect.poll(open, { timeout: 2000, interval: 5 }).toBe(0);
  await Promise.all(running.splice(0).map((server) => server.stop()));
}

// The client --------------------------------------------------------------------------------------

export interface LoggingIn extends Partial<Omit<TryLoginOptions, 'secret'>> {
  readonly port: number;
  readonly encryption?: Encryption;
  readonly host?: string;
  readonly secret?: string;
  readonly token?: boolean;
  readonly network?: LoopbackNetwork;
}

export async function logIn(given: LoggingIn): Promise<LoginResult> {
  const { port, encryption = 'tls', host = HOST, token = false } = given;
  const value = given.secret ?? (token ? TOKEN : SECRET);
  const traced: string[] = [];
  const result = await tryLogin({ host, port, encryption }, given.network ?? network, {
    signal: new AbortController().signal,
    deadlineMs: 3000,
    usernames: [USER],
    address: USER,
    trace: collector(traced),
    ...given,
    secret: { kind: token ? 'token' : 'password', value },
  });
  expectNothingSecret(result, value);
  expectNothingSecret(traced, value);
  expect(result.attempts).toBeLessThanOrEqual(3);
  return result;
}

/** Takes every line that somebody who reads along would see. */
function collector(lines: string[]): TraceListener {
  return () => ({
    add: (kind, texts) => lines.push(...texts.map((text) => `${kind} ${text}`)),
    end() {},
  });
}

/** The network that `logIn` uses, with parts of it replaced. */
export function networkWith(parts: Partial<LoopbackNetwork> = {}): LoopbackNetwork {
  return { ...network, ...parts };
}

/** Whole, encoded, or a telling part of either. */
export function expectNothingSecret(value: unknown, secret: string): void {
  const shown = [
    JSON.stringify(value),
    inspect(value, { depth: 20, showHidden: true, maxStringLength: null }),
  ];
  for (const form of formsOf(secret)) {
    for (const text of shown) expect(text.toLowerCase()).not.toContain(form.toLowerCase());
  }
}

function formsOf(secret: string): readonly string[] {
  const joined = [secret, `\0${USER}\0${secret}`, `\0you\0${secret}`];
  const encoded = joined.flatMap((text) =>
    (['base64', 'base64url', 'hex'] as const).map((name) => Buffer.from(text).toString(name)),
  );
  const parts = encoded.flatMap((form) => [form.slice(-14), form.slice(-24, -6)]);
  const bearer = Buffer.from(`user=${USER}\u0001auth=Bearer ${secret}\u0001\u0001`);
  const wholes = [secret, encodeURIComponent(secret), bearer.toString('base64').slice(-40)];
  return [...wholes, secret.slice(0, 9), ...encoded, ...parts].filter((form) => form.length > 5);
}

// A server that is not ours -----------------------------------------------------------------------

export interface PeerOptions {
  readonly encryption?: Exclude<Encryption, 'none'>;
  readonly mechanisms?: readonly string[];
  readonly users?: Readonly<Record<string, string>>;
  readonly certificate?: CertificateRequest;
  readonly selfSigned?: boolean;
  readonly onMailFrom?: SMTPServerOptions['onMailFrom'];
  readonly options?: SMTPServerOptions;
}

export interface PackageServer {
  readonly port: number;
  /** `PLAIN you@example.com`, in order. */
  readonly logins: readonly string[];
  /** What was put into MAIL FROM. */
  readonly senders: readonly string[];
  readonly connections: () => number;
}

export async function startPackageServer(given: PeerOptions = {}): Promise<PackageServer> {
  const { encryption = 'tls', mechanisms = ['PLAIN', 'LOGIN'] } = given;
  const users = given.users ?? { [USER]: SECRET };
  const tls = await authority.issue({ ...certificate, ...given.certificate });
  const logins: string[] = [];
  const senders: string[] = [];
  let connections = 0;
  const server = new SMTPServer({
    ...tls,
    name: HOST,
    secure: encryption === 'tls',
    authMethods: [...mechanisms],
    ...(mechanisms.length === 0 && { disabledCommands: ['AUTH'] }),
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 1,
    onConnect(_session, done) {
      connections++;
      done();
    },
    onAuth(auth, _session, done) {
      const { username = '', method } = auth;
      logins.push(`${method} ${username}`);
      const secret = users[username] ?? '';
      const good =
        method === 'CRAM-MD5'
          ? auth.validatePassword(secret)
          : [auth.password, auth.accessToken].includes(secret);
      // Without an error XOAUTH2 says no as Google does: first a challenge with JSON.
      done(null, good ? { user: username } : { data: { status: '401', schemes: 'bearer' } });
    },
    onMailFrom(address, session, done) {
      senders.push(address.address);
      if (given.onMailFrom) given.onMailFrom(address, session, done);
      else done();
    },
    ...given.options,
  });
  server.on('error', () => {});
  const { port } = await listen(server.server);
  running.push({ stop: () => new Promise((resolve) => server.close(() => resolve())) });
  return { port, logins, senders, connections: () => connections };
}

// A server that says what a test wants ------------------------------------------------------------

/** The last word on AUTH, or an end without one. */
export type LastWord = string | 'close' | 'hang';

export interface Auth {
  readonly peer: Peer;
  readonly mechanism: string;
  /** The initial response; undefined without one. */
  readonly initial: string | undefined;
  /** The whole command. */
  readonly line: string;
  /** Sends a challenge. @returns the client's line, `` when it has gone */
  ask(challenge: string | Buffer): Promise<string>;
}

export interface ScriptedAuth {
  /** The parameters of AUTH. */
  readonly offer: string;
  readonly auth: (auth: Auth) => Promise<LastWord> | LastWord;
  readonly keywords?: readonly string[];
  readonly banner?: (connection: number) => string;
  /** Hang up after a refusal, as some do. */
  readonly hangUp?: boolean;
  readonly replies?: Readonly<Record<string, string>>;
  readonly certificate?: CertificateRequest;
}

export interface AuthServer extends ScriptedServer {
  /** What the client said, over all connections. */
  readonly said: () => readonly string[];
}

export async function startAuthServer(script: ScriptedAuth): Promise<AuthServer> {
  const tls = await authority.issue({ ...certificate, ...script.certificate });
  let connections = 0;
  const server = await startScriptedServer({
    implicit: true,
    tls,
    async script(peer) {
      const banner = script.banner?.(++connections) ?? '220 lab';
      if (banner !== '') peer.send(...banner.split('\n'));
      if (!banner.startsWith('220')) return;
      for (let line = await peer.line(); line !== null; line = await peer.line()) {
        const [verb = '', mechanism = '', initial] = line.split(' ');
        if (verb === 'EHLO') {
          peer.send('250-lab', ...(script.keywords ?? []).map((k) => `250-${k}`));
          peer.send(`250 AUTH ${script.offer}`);
        } else if (verb === 'AUTH') {
          const ask: Auth['ask'] = async (challenge) => {
            peer.send(`334 ${typeof challenge === 'string' ? challenge : base64(challenge)}`);
            return (await peer.line()) ?? '';
          };
          const word = await script.auth({ peer, mechanism, initial, line, ask });
          if (word === 'hang') while ((await peer.line()) !== null);
          if (word === 'close' || word === 'hang') return;
          peer.send(...word.split('\n'));
          if (script.hangUp && /^5/.test(word)) return;
        } else {
          peer.send(script.replies?.[verb] ?? (verb === 'QUIT' ? '221 bye' : '250 ok'));
          if (verb === 'QUIT') return;
        }
      }
    },
  });
  running.push(server);
  const said = (): readonly string[] =>
    server.transcript.conversations.flatMap(({ lines }) =>
      lines.flatMap(({ by, text }) => (by === 'client' ? text : [])),
    );
  return { ...server, said };
}

export const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
export const decode = (text: string): string => Buffer.from(text, 'base64').toString();

/** The server's side of SCRAM, written after RFC 5802 §3 apart from the client's. */
export async function serveScram(
  { mechanism, initial = '', ask }: Auth,
  users: Readonly<Record<string, string>>,
  cheat: { readonly iterations?: number; readonly signature?: string } = {},
): Promise<LastWord> {
  const hash = mechanism === 'SCRAM-SHA-1' ? 'sha1' : 'sha256';
  const length = hash === 'sha1' ? 20 : 32;
  const bare = decode(initial).replace(/^n,,/, '');
  const [, user = '', nonce = ''] = /^n=([^,]*),r=(.*)$/.exec(bare) ?? [];
  const salt = Buffer.from('a pinch of salt');
  const { iterations = 4096 } = cheat;
  const first = `r=${nonce}server,s=${base64(salt)},i=${iterations}`;
  const final = decode(await ask(Buffer.from(first)));
  const [, without = '', proof = ''] = /^(.*),p=(.*)$/.exec(final) ?? [];
  const password = users[user.replaceAll('=2C', ',').replaceAll('=3D', '=')];
  const hmac = (key: Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest();
  const salted = pbkdf2Sync(password ?? 'nobody', salt, iterations, length, hash);
  const message = `${bare},${first},${without}`;
  const stored = createHash(hash).update(hmac(salted, 'Client Key')).digest();
  const signature = hmac(stored, message);
  const key = Buffer.from(proof, 'base64').map((byte, i) => byte ^ (signature[i] ?? 0));
  if (password === undefined || !createHash(hash).update(key).digest().equals(stored)) {
    return '535 5.7.8 Error: authentication failed';
  }
  const own = cheat.signature ?? base64(hmac(hmac(salted, 'Server Key'), message));
  const answer = await ask(Buffer.from(`v=${own}`));
  return answer === '' ? '235 2.7.0 Authentication successful' : '501 5.5.2 cancelled';
}
