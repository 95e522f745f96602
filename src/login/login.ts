/**
 * The login: whether a server accepts a user's credentials, and lets them send as their address.
 *
 *     connect → the handshake, as in a probe → certificate good? → AUTH
 *       → MAIL FROM → RCPT TO → RSET → QUIT
 *
 * The secret goes over TLS with a certificate that was found good on this very connection, or it
 * goes nowhere. Three attempts at most, the pairs chosen by `plan.ts`, each pair once; a server that
 * hangs up after a refusal is called again.
 */
import type { Endpoint } from '../model/endpoint.ts';
import { timeLimits } from '../model/time-limits.ts';
import { type Network, TlsFailure } from '../net/network.ts';
import { Deadline, pause } from '../net/time.ts';
import { failureVerdict, isOutdatedProtocol, judge } from '../probe/reasons.ts';
import { SaslFailure } from '../sasl/dialogue.ts';
import { mechanismNamed, type SecretKind } from '../sasl/mechanisms.ts';
import { isToken } from '../sasl/oauth.ts';
import { ConnectionLost, type Conversation } from '../smtp/conversation.ts';
import { openConversation } from '../smtp/handshake.ts';
import type { Reply } from '../smtp/reply.ts';
import { type TraceListener, withoutSecrets } from '../smtp/trace.ts';
import { newTranscript, type Transcript } from '../smtp/transcript.ts';
import { TurnedAway } from '../smtp/turned-away.ts';
import { type AuthProgress, authenticate } from './exchange.ts';
import { type SenderReplies, senderCommands } from './may-send-as.ts';
import { nextPair, type Pair, usableMechanisms } from './plan.ts';
import { LoginRecord, type LoginResult } from './record.ts';
import { Confidential } from './redaction.ts';
import { judgeAuthReply } from './verdict.ts';

export interface TryLoginOptions {
  readonly signal: AbortSignal;
  /** From the first connection to the last reply, in ms: refusing may take seconds. */
  readonly deadlineMs?: number;
  /** Best first; each counts once. */
  readonly usernames: readonly string[];
  readonly secret: { readonly kind: SecretKind; readonly value: string };
  /** Only these, in this order; default all that the server offers, best first. */
  readonly mechanisms?: readonly string[];
  /** To be asked whether the login may send as it; null asks nothing. */
  readonly address: string | null;
  /** What to call ourselves; default the machine's public name, or its address. */
  readonly ehloName?: string;
  /** For those who want to read along; it is never shown the secret. */
  readonly trace?: TraceListener | undefined;
}

/** A server that hangs up is called again, but not for ever. */
const MAX_CONNECTIONS = 3;

/**
 * @throws the signal's reason when it aborts, and nothing else
 */
export async function tryLogin(
  endpoint: Endpoint,
  network: Network,
  options: TryLoginOptions,
): Promise<LoginResult> {
  options.signal.throwIfAborted();
  return new Login(endpoint, network, options).run();
}

/** Control characters separate the fields of several mechanisms. */
function sendable(usernames: readonly string[]): readonly string[] {
  return [...new Set(usernames)].filter((name) => name !== '' && !/\p{Control}/u.test(name));
}

/** Why there is no point in connecting; null when there is one. */
function obstacleTo(
  { encryption }: Endpoint,
  { secret }: TryLoginOptions,
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

/** Why nothing secret may be sent on this connection; null when it may. */
function obstacleOn({ observed: { auth, tls } }: Transcript): string | null {
  const { outcome, reason } = judge(auth, tls);
  if (outcome !== 'ok') return reason;
  // `judge` lets plaintext pass, and a lab's TLS may be of any age.
  const verified = tls?.certificate?.problem === null && !isOutdatedProtocol(tls.protocol);
  return verified ? null : 'the connection is not verified';
}

class Login {
  readonly #endpoint: Endpoint;
  readonly #network: Network;
  readonly #options: TryLoginOptions;
  readonly #usernames: readonly string[];
  readonly #confidential: Confidential;
  readonly #record: LoginRecord;

  constructor(endpoint: Endpoint, network: Network, options: TryLoginOptions) {
    const secret = options.secret.value;
    this.#endpoint = endpoint;
    this.#network = network;
    this.#options = options;
    this.#usernames = sendable(options.usernames);
    this.#confidential = new Confidential(secret);
    this.#record = new LoginRecord(this.#confidential, secret);
  }

  async run(): Promise<LoginResult> {
    const obstacle = obstacleTo(this.#endpoint, this.#options, this.#usernames);
    if (obstacle !== null) return this.#record.impossible(obstacle);
    const deadline = new Deadline(this.#options.signal);
    try {
      for (let connections = 0; connections < MAX_CONNECTIONS; connections++) {
        const mayWait = connections === 0;
        let result = await this.#overOneConnection(deadline, mayWait);
        if (result === 'wait') {
          await this.#wait(deadline.signal);
          result = await this.#overOneConnection(deadline);
        }
        if (result !== 'reconnect' && result !== 'wait') return result;
      }
      return this.#record.exhausted();
    } finally {
      deadline.clear();
    }
  }

  /**
   * @param mayWait a connection that is turned away at once may be tried again
   * @returns `reconnect` when the server hung up, and there may be more to try; `wait` to do so later
   */
  async #overOneConnection(
    deadline: Deadline,
    mayWait: boolean = false,
  ): Promise<LoginResult | 'reconnect' | 'wait'> {
    const { deadlineMs = timeLimits.login, ehloName, signal, trace } = this.#options;
    const transcript = newTranscript();
    let conversation: Conversation | null = null;
    try {
      ({ conversation } = await openConversation(this.#endpoint, this.#network, transcript, {
        deadline,
        deadlineMs,
        signal,
        ehloName,
        trace: trace && withoutSecrets(trace, (lines) => this.#confidential.isIn(...lines)),
      }));
      const obstacle = obstacleOn(transcript);
      const result =
        obstacle === null
          ? await this.#attempts({ conversation, transcript, signal: deadline.signal })
          : this.#record.noConnection(obstacle);
      void conversation.quit();
      return result;
    } catch (error) {
      conversation?.destroy(error);
      signal.throwIfAborted();
      const { reason, temporary } = failureVerdict(error, transcript, this.#endpoint);
      if (mayWait && isConnectionLimit(error, temporary, transcript)) return 'wait';
      const asked = error instanceof TurnedAway && temporary;
      return this.#record.noConnection(reason, { temporary: asked });
    }
  }

  /** When time is up, the next connection finds out. */
  async #wait(signal: AbortSignal): Promise<void> {
    try {
      await pause(timeLimits.goodbye.server, signal);
    } catch {
      this.#options.signal.throwIfAborted();
    }
  }

  async #attempts(connection: VerifiedConnection): Promise<LoginResult | 'reconnect'> {
    const { auth } = connection.transcript.observed;
    const { kind } = this.#options.secret;
    const mechanisms = usableMechanisms(auth, kind, this.#options.mechanisms);
    if (mechanisms.length === 0) {
      const reason = `AUTH offers nothing for a ${kind} that we speak: ${auth.join(' ')}`;
      const tokensOnly = kind === 'password' && usableMechanisms(auth, 'token').length > 0;
      return this.#record.noConnection(reason, { hint: tokensOnly ? 'oauth2-only' : null });
    }
    for (let first = true; ; first = false) {
      const pair = nextPair(this.#usernames, mechanisms, this.#record.tried);
      if (!pair) return this.#record.exhausted();
      this.#record.planned(pair);
      if (!first) {
        const reply = await askIfStillThere(connection);
        if (!reply) return 'reconnect';
        if (reply.code === 421) return this.#record.temporary(pair, reply, null);
      }
      const result = await this.#attempt(pair, connection);
      if (result !== 'next') return result;
    }
  }

  /**
   * One attempt, with one mechanism and user name.
   * @returns the result; or `next` to go on with the next pair, `reconnect` to do so on a new
   *   connection
   * @throws the outer signal's reason, and what a conversation throws before anything secret was sent
   */
  async #attempt(
    pair: Pair,
    connection: VerifiedConnection,
  ): Promise<LoginResult | 'next' | 'reconnect'> {
    const { conversation, transcript, signal } = connection;
    const { mechanism, username } = pair;
    const record = this.#record;
    const progress: AuthProgress = { secretSent: false, serverError: null };
    transcript.awaiting = 'AUTH';
    let reply: Reply;
    try {
      const begin = await mechanismNamed(mechanism)?.load?.();
      if (!begin) throw new Error(`${mechanism} is not implemented`);
      const { host, port } = this.#endpoint;
      const dialogue = begin({ username, secret: this.#options.secret.value, host, port });
      const exchange = { mechanism, dialogue, confidential: this.#confidential, progress };
      reply = await authenticate(conversation, exchange, signal);
    } catch (error) {
      this.#options.signal.throwIfAborted();
      if (error instanceof SaslFailure) {
        if (error.kind === 'server-not-authenticated') {
          return record.serverNotAuthenticated(pair, error.message, progress);
        }
        record.addUnusable(pair, error.message, null, progress);
        return 'next';
      }
      const { reason } = failureVerdict(error, transcript, this.#endpoint);
      if (progress.secretSent) {
        // In mid-exchange a QUIT would be taken for an answer.
        conversation.destroy(error);
        return record.brokenOff(pair, reason, progress);
      }
      if (!(error instanceof ConnectionLost)) throw error;
      record.addUnusable(pair, reason, null, progress);
      return 'reconnect';
    }

    const verdict = judgeAuthReply(reply, mechanism);
    switch (verdict.kind) {
      case 'accepted':
        return record.accepted(pair, reply, await this.#askAboutSender(connection));
      case 'temporary':
        return record.temporary(pair, reply, progress);
      case 'unusable':
        record.addUnusable(pair, `the server does not take ${mechanism}`, reply, progress);
        return 'next';
      case 'refused':
        record.addRefusal(pair, reply, verdict.hint, progress);
        return verdict.final ? record.exhausted() : 'next';
    }
  }

  /**
   * Whatever goes wrong here, the login was accepted.
   * @throws the outer signal's reason
   */
  async #askAboutSender({
    conversation,
    transcript,
    signal,
  }: VerifiedConnection): Promise<SenderReplies> {
    const { address } = this.#options;
    const { capabilities } = transcript.observed;
    const commands = address === null ? null : senderCommands(address, capabilities);
    let mail: Reply | null = null;
    let rcpt: Reply | null = null;
    if (commands === null) return { mail, rcpt };
    try {
      mail = await conversation.command(commands.mail, signal);
      if (mail.code < 300) rcpt = await conversation.command(commands.rcpt, signal);
      await conversation.command('RSET', signal);
    } catch {
      this.#options.signal.throwIfAborted();
    }
    return { mail, rcpt };
  }
}

/**
 * A server that counts connections tells so before it says anything else, and may still count the
 * probe's, whose goodbye has only just been said. TLS hides what came before it.
 */
function isConnectionLimit(
  error: unknown,
  temporary: boolean,
  { awaiting, observed: { banner } }: Transcript,
): boolean {
  if (error instanceof TlsFailure) {
    return banner === null && (error.kind === 'closed' || error.kind === 'plaintext');
  }
  const spoke = error instanceof TurnedAway || error instanceof ConnectionLost;
  return spoke && temporary && awaiting === 'banner';
}

/** A connection on which something secret may be sent. */
interface VerifiedConnection {
  readonly conversation: Conversation;
  readonly transcript: Transcript;
  /** Aborts with the caller's and with the deadline. */
  readonly signal: AbortSignal;
}

/**
 * NOOP before the next attempt: many servers hang up after a refusal, some a moment later.
 * @returns null when it hung up
 */
async function askIfStillThere({
  conversation,
  transcript,
  signal,
}: VerifiedConnection): Promise<Reply | null> {
  transcript.awaiting = 'NOOP';
  try {
    return await conversation.command('NOOP', signal);
  } catch (error) {
    if (error instanceof ConnectionLost) return null;
    throw error;
  }
}
