/**
 * Where the secret of `--login` comes from: the environment, else the first line of stdin, else a
 * prompt. Never an argument, which everybody on the machine can read.
 */
import type { LoginRequest, Secret, WantedSecret } from '../../api/session.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import { printable } from '../../model/printable.ts';
import { timeLimits } from '../../model/time-limits.ts';
import { Interrupted, usageError } from '../errors.ts';
import { readFirstLine } from '../input/lines.ts';
import { type Io, say } from '../io.ts';
import type { LoginOptions } from '../options/login-options.ts';
import { askPassword } from './password-input.ts';

/** Characters: more than any password, and than any token that fits AUTH's lines (RFC 4954 §4). */
const MAX_SECRET = 12_288;

const PASSWORD = 'SMTP_FIND_PASSWORD';
const TOKEN = 'SMTP_FIND_TOKEN';

export interface Credentials {
  readonly request: LoginRequest;
  /** What is known of it so far. */
  secret(): string | undefined;
}

/**
 * @param who whose secret it is, where `--user` does not say so
 * @param clear called before a question, which a live line would cover
 * @throws SmtpFindError `bad-option`; the signal's reason
 */
export async function readCredentials(
  { username, acceptHosts }: LoginOptions,
  who: string,
  io: Io,
  clear: () => Promise<void>,
): Promise<Credentials> {
  const given = await secretOf(username ?? who, io);
  let known = typeof given === 'function' ? undefined : given.value;
  const secret: LoginRequest['secret'] =
    typeof given === 'function'
      ? async (server, signal, wanted) => {
          await clear();
          const typed = await given(server, signal, wanted);
          known = typed.value;
          return typed;
        }
      : given;
  return {
    request: { secret, acceptHosts, ...(username !== null && { username }) },
    secret: () => known,
  };
}

/**
 * What can be read without asking anybody is read at once; a person is asked when it is known which
 * server it is for.
 * @param who whose password, for the prompt
 * @throws SmtpFindError `bad-option`, never with the secret in it; or the signal's reason
 */
async function secretOf(who: string, io: Io): Promise<LoginRequest['secret']> {
  const given = fromEnvironment(io.env);
  if (given) return given;
  if (io.stdin.isTTY === true) {
    return (server, signal, wanted) =>
      fromPrompt(question(who, server, wanted), wanted, io, signal);
  }
  return { kind: 'password', value: await fromStdin(io) };
}

/** A variable that is empty counts as one that is not set, if there is another. */
function fromEnvironment(env: NodeJS.ProcessEnv): Secret | null {
  const password = env[PASSWORD];
  const token = env[TOKEN];
  if (password && token)
    throw usageError(`${PASSWORD} and ${TOKEN} are both set: expected one of them`);
  const value = password || token;
  if (value) {
    const kind = password ? 'password' : 'token';
    return { kind, value: checked(value, password ? PASSWORD : TOKEN, kind) };
  }
  if (password === undefined && token === undefined) return null;
  throw usageError(`${password === undefined ? TOKEN : PASSWORD} is empty`);
}

async function fromStdin(io: Io): Promise<string> {
  const hint = setTimeout(() => {
    say(io, `waiting for the password on standard input (or set ${PASSWORD})`);
  }, timeLimits.passwordHint);
  try {
    const line = await withinTimeLimit(io.signal, (signal) =>
      readFirstLine(io.stdin, MAX_SECRET, signal),
    );
    return checked(line === null ? '' : line.text, 'standard input', 'password');
  } finally {
    clearTimeout(hint);
  }
}

/** What is wanted of whom, and why it may not be the password that first comes to mind. */
function question(who: string, { host }: Endpoint, { kind, appPassword }: WantedSecret): string {
  const at = `for ${printable(who, 200)} at ${host}`;
  if (kind === 'token') return `Access token ${at} (OAuth 2.0; it takes no password): `;
  if (appPassword === null) return `Password ${at}: `;
  const { needed, url } = appPassword;
  const made = url === null ? [] : [`made at ${url}`];
  const [what, ...hints] =
    needed === 'always'
      ? ['App password', ...made]
      : ['Password', 'with two-factor sign-in an app password', ...made];
  return `${what} ${at}${hints.length === 0 ? '' : ` (${hints.join(', ')})`}: `;
}

/** @throws Interrupted; SmtpFindError `bad-option`; the signal's reason */
async function fromPrompt(
  question: string,
  { kind }: WantedSecret,
  io: Io,
  signal: AbortSignal,
): Promise<Secret> {
  const answer = await withinTimeLimit(signal, (limited) =>
    askPassword(question, io.terminal(), MAX_SECRET, limited),
  );
  if (answer === 'interrupted') throw new Interrupted();
  return { kind, value: checked(answer === 'nothing' ? '' : answer.line, 'the prompt', kind) };
}

/** @throws SmtpFindError when nobody gives a password in time; the signal's reason */
async function withinTimeLimit<T>(
  outer: AbortSignal,
  wait: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = usageError(`no password was given within ${timeLimits.password / 60_000} minutes`);
  const controller = new AbortController();
  const stop = (): void => controller.abort(outer.reason);
  const timer = setTimeout(() => controller.abort(over), timeLimits.password);
  outer.addEventListener('abort', stop);
  try {
    outer.throwIfAborted();
    return await wait(controller.signal);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', stop);
  }
}

/** What is cut or garbled would be refused, and that would count. */
function checked(text: string, from: string, kind: Secret['kind']): string {
  const secret = text.replace(/[\r\n]+$/, '');
  const [what, elsewhere] =
    kind === 'password'
      ? ['password', `${PASSWORD} and the first line of stdin are other ways`]
      : ['access token', `${TOKEN} is another way`];
  if (secret === '') throw usageError(`no ${what} from ${from}; ${elsewhere}`);
  if (secret.length > MAX_SECRET) {
    throw usageError(`${from}: longer than ${MAX_SECRET} characters, so it is no ${what}`);
  }
  if (secret.includes('\ufffd')) throw usageError(`${from}: the ${what} is not in UTF-8`);
  return secret;
}
