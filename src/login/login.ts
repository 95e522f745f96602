/**
 * The login: does this server let this user in, and may they send as their address?
 *
 *     connect → the opening, as in a probe → certificate good? → AUTH → MAIL FROM → RSET → QUIT
 *
 * The secret goes over TLS with a certificate that was found good on this very connection, or it
 * goes nowhere. Three attempts at most, the pairs chosen by `login-plan.ts`, each pair once; a
 * server that hangs up after a refusal is called again.
 */
import type { Endpoint } from '../model/endpoint.ts';
import type { Network } from '../net/network.ts';
import { Deadline } from '../net/time.ts';
import { failureVerdict } from '../probe/verdict.ts';
import type { SecretKind } from '../sasl/index.ts';
import { isToken } from '../sasl/oauth.ts';
import { Conversation, HungUp } from '../smtp/conversation.ts';
import { nothingSeen, TurnedAway } from '../smtp/dialogue.ts';
import { ownName } from '../smtp/ehlo-name.ts';
import type { Reply } from '../smtp/reply.ts';
import { type AttemptNeeds, attempt } from './attempt.ts';
import { nextPair } from './plan.ts';
import { LoginRecord } from './record.ts';
import { Confidential } from './redaction.ts';
import type { LoginResult } from './result.ts';
import { beginSession, type Session } from './session.ts';

export interface LoginOptions {
  readonly signal: AbortSignal;
  /** From the first connection to the last reply, in ms; default 20 000: refusing may take seconds. */
  readonly deadlineMs?: number;
  /** Best first; each counts once. */
  readonly usernames: readonly string[];
  readonly secret: { readonly kind: SecretKind; readonly value: string };
  /** Only these, in this order; default all that the server offers, best first. */
  readonly mechanisms?: readonly string[];
  /** For MAIL FROM; null asks nothing. */
  readonly address: string | null;
  /** What to call ourselves; default the machine's public name, or its address. */
  readonly ehloName?: string;
}

const DEADLINE_MS = 20_000;
const CONNECT_MS = 3000;
/** A server that hangs up is called again, but not for ever. */
const MAX_CONNECTIONS = 3;

interface Task extends AttemptNeeds {
  readonly network: Network;
  readonly options: LoginOptions;
  readonly usernames: readonly string[];
  readonly deadline: Deadline;
}

/**
 * @throws the signal's reason when it aborts, and nothing else
 */
export async function tryLogin(
  endpoint: Endpoint,
  network: Network,
  options: LoginOptions,
): Promise<LoginResult> {
  const { signal: outerSignal, address } = options;
  outerSignal.throwIfAborted();
  const secret = options.secret.value;
  const hidden = new Confidential(secret);
  const record = new LoginRecord(hidden, secret);
  const usernames = usable(options.usernames);
  const obstacle = obstacleTo(endpoint, options, usernames);
  if (obstacle !== null) return record.noSession(obstacle, false);

  const deadline = new Deadline(outerSignal);
  const { signal } = deadline;
  const needs = { endpoint, secret, address, hidden, record, outerSignal, signal };
  const task: Task = { ...needs, network, options, usernames, deadline };
  try {
    for (let connections = 0; connections < MAX_CONNECTIONS; connections++) {
      const result = await overOneConnection(task);
      if (result !== 'reconnect') return result;
    }
    return record.exhausted();
  } finally {
    deadline.clear();
  }
}

/** Control characters separate the fields of several mechanisms. */
function usable(usernames: readonly string[]): readonly string[] {
  return [...new Set(usernames)].filter((name) => name !== '' && !/\p{Control}/u.test(name));
}

/** Why there is no use in connecting. */
function obstacleTo(
  { encryption }: Endpoint,
  { secret }: LoginOptions,
  usernames: readonly string[],
): string | null {
  if (encryption === 'none') return 'nothing secret is sent without TLS';
  if (usernames.length === 0) return 'there is no user name that could be sent';
  if (secret.kind === 'token') {
    return isToken(secret.value) ? null : 'the token has characters that no token may have';
  }
  if (secret.value === '') return 'the password is empty';
  return secret.value.includes('\0') ? 'the password has a NUL in it' : null;
}

/** @returns `reconnect` when the server hung up, and there may be more to try */
async function overOneConnection(task: Task): Promise<LoginResult | 'reconnect'> {
  const { network, endpoint, options, deadline, record } = task;
  const { deadlineMs = DEADLINE_MS } = options;
  const seen = nothingSeen();
  let talk: Conversation | null = null;
  try {
    const { socket } = await network.connect(endpoint.host, endpoint.port, {
      signal: deadline.signal,
      deadlineMs: Math.min(CONNECT_MS, deadlineMs),
      polite: true,
    });
    deadline.start(deadlineMs);
    talk = new Conversation(socket);
    const session = await beginSession(talk, seen, {
      endpoint,
      network,
      secretKind: options.secret.kind,
      mechanisms: options.mechanisms,
      ehloName: ownName(options.ehloName, socket.localAddress),
      signal: deadline.signal,
    });
    const result =
      session.kind === 'session'
        ? await logIn(session, task)
        : record.noSession(session.reason, false, session.hint);
    void talk.leave();
    return result;
  } catch (error) {
    if (error instanceof TurnedAway) {
      void talk?.leave();
      return record.noSession(error.verdict.reason, error.verdict.temporary);
    }
    talk?.destroy();
    options.signal.throwIfAborted();
    return record.noSession(failureVerdict(error, seen, endpoint).reason, false);
  }
}

async function logIn(session: Session, task: Task): Promise<LoginResult | 'reconnect'> {
  const { record, usernames, signal } = task;
  for (let first = true; ; first = false) {
    const pair = nextPair(usernames, session.mechanisms, record.tried);
    if (!pair) return record.exhausted();
    if (!first) {
      const reply = await stillThere(session, signal);
      if (!reply) return 'reconnect';
      if (reply.code === 421) return record.temporary(null, reply);
    }
    const result = await attempt(pair, session, task);
    if (result !== 'next') return result;
  }
}

/**
 * Asked before another secret goes out: many servers hang up after a refusal, and some a moment
 * later.
 */
async function stillThere({ talk, seen }: Session, signal: AbortSignal): Promise<Reply | null> {
  seen.awaiting = 'NOOP';
  try {
    return await talk.command('NOOP', signal);
  } catch (error) {
    if (error instanceof HungUp) return null;
    throw error;
  }
}
