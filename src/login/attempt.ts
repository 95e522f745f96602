/** One attempt at logging in with one mechanism and user name, and what follows from it. */
import type { Endpoint } from '../model/endpoint.ts';
import { failureVerdict } from '../probe/verdict.ts';
import { mechanismNamed } from '../sasl/index.ts';
import { SaslFailure } from '../sasl/mechanism.ts';
import { HungUp } from '../smtp/conversation.ts';
import type { Reply } from '../smtp/reply.ts';
import { type AuthProgress, authenticate } from './exchange.ts';
import { mailCommand } from './may-send-as.ts';
import type { Pair } from './plan.ts';
import type { LoginRecord } from './record.ts';
import type { Confidential } from './redaction.ts';
import type { LoginResult } from './result.ts';
import type { Session } from './session.ts';
import { judgeAuthReply } from './verdict.ts';

export interface AttemptNeeds {
  readonly endpoint: Endpoint;
  readonly secret: string;
  /** For MAIL FROM after a success. */
  readonly address: string | null;
  readonly hidden: Confidential;
  readonly record: LoginRecord;
  /** The caller's own. */
  readonly outerSignal: AbortSignal;
  /** Aborts with the deadline too. */
  readonly signal: AbortSignal;
}

/**
 * @returns the result; or `next` to go on with the next pair, `reconnect` to do so on a new
 *   connection
 * @throws the outer signal's reason, and what a conversation throws before anything secret was sent
 */
export async function attempt(
  pair: Pair,
  session: Session,
  needs: AttemptNeeds,
): Promise<LoginResult | 'next' | 'reconnect'> {
  const { endpoint, secret, hidden, record, outerSignal, signal } = needs;
  const { talk, seen } = session;
  const { mechanism, username } = pair;
  const begin = mechanismNamed(mechanism);
  if (!begin) throw new Error(`${mechanism} is none of ours`);
  const { host, port } = endpoint;
  const dialogue = begin({ username, secret, host, port });
  const progress: AuthProgress = { secretSent: false, complaint: null };
  seen.awaiting = 'AUTH';
  let reply: Reply;
  try {
    reply = await authenticate(talk, mechanism, dialogue, hidden, progress, signal);
  } catch (error) {
    outerSignal.throwIfAborted();
    if (error instanceof SaslFailure) {
      if (error.kind === 'impostor') return record.impostor(pair, error.message, progress);
      record.addUnusable(pair, error.message, null, progress);
      return 'next';
    }
    const { reason } = failureVerdict(error, seen, endpoint);
    if (progress.secretSent) {
      // In mid-exchange a QUIT would be taken for an answer.
      talk.destroy();
      return record.silent(pair, reason);
    }
    if (!(error instanceof HungUp)) throw error;
    record.addUnusable(pair, reason, null, progress);
    return 'reconnect';
  }

  const verdict = judgeAuthReply(reply, mechanism);
  switch (verdict.kind) {
    case 'accepted':
      return record.accepted(pair, reply, await tryMail(session, needs));
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
 * @returns the reply to MAIL FROM, if any
 * @throws the outer signal's reason
 */
async function tryMail(
  { talk, seen }: Session,
  { address, signal, outerSignal }: AttemptNeeds,
): Promise<Reply | null> {
  const command = address === null ? null : mailCommand(address, seen.capabilities);
  if (command === null) return null;
  let reply: Reply | null = null;
  try {
    reply = await talk.command(command, signal);
    await talk.command('RSET', signal);
  } catch {
    outerSignal.throwIfAborted();
  }
  return reply;
}
