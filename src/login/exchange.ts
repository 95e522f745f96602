/** One AUTH exchange over SMTP (RFC 4954 §4): base64 lines around a SASL dialogue. */
import { abortable } from '../net/time.ts';
import {
  type ClientMessage,
  decodeBase64,
  type SaslDialogue,
  SaslFailure,
  type ServerMessage,
} from '../sasl/dialogue.ts';
import type { Conversation } from '../smtp/conversation.ts';
import type { Reply } from '../smtp/reply.ts';
import type { Confidential } from './redaction.ts';

/** Octets with CRLF: of a command (RFC 5321 §4.5.3.1.4), and of a line of AUTH (RFC 4954 §4). */
const COMMAND_LINE = 512;
const AUTH_LINE = 12_288;
/** No mechanism that we speak needs more than three. */
const MAX_CHALLENGES = 5;

/** What an exchange has sent and heard so far; it stays whatever fails next. */
export interface AuthProgress {
  /** Something made from the secret went out. */
  secretSent: boolean;
  /** The error code that the server sent before its last reply; not safe to show. */
  serverError: string | null;
}

export interface AuthExchange {
  readonly mechanism: string;
  readonly dialogue: SaslDialogue;
  readonly confidential: Confidential;
  /** Is filled in on the way. */
  readonly progress: AuthProgress;
}

/**
 * @returns the server's last reply
 * @throws SaslFailure when we broke it off ourselves, with the conversation in step again;
 *   ConnectionLost, ReplyError, or the signal's reason
 */
export async function authenticate(
  conversation: Conversation,
  { mechanism, dialogue, confidential, progress }: AuthExchange,
  signal: AbortSignal,
): Promise<Reply> {
  const say = (line: string, message: ClientMessage | null): Promise<Reply> => {
    if (line.length + 2 > AUTH_LINE) {
      throw new SaslFailure('unusable', `what to send is longer than SMTP allows (${AUTH_LINE})`);
    }
    if (message) {
      if (message.secret) confidential.sent(message.bytes, message.proofs);
      progress.secretSent ||= message.secret;
      progress.serverError = message.serverError ?? progress.serverError;
    }
    return conversation.command(line, signal);
  };
  let serverWaits = false;
  try {
    let message = await resume(dialogue, null, signal);
    const encoded = message ? ` ${message.bytes.toString('base64') || '='}` : '';
    // RFC 4954 §4: what is too long for a command waits for an empty challenge.
    const fits = `AUTH ${mechanism}${encoded}`.length + 2 <= COMMAND_LINE;
    let reply = await say(`AUTH ${mechanism}${fits ? encoded : ''}`, fits ? message : null);
    for (let challenges = 1; reply.code === 334; challenges++) {
      serverWaits = true;
      const text = reply.lines.join('').trim();
      // Some servers ignore the initial response, and ask for it.
      const repeated = challenges === 1 && message !== null && (!fits || text === '');
      if (!repeated) {
        message = await resume(dialogue, { kind: 'challenge', data: decodeBase64(text) }, signal);
      }
      if (!message || challenges > MAX_CHALLENGES) {
        throw new SaslFailure('unusable', 'the server asks for more than there is to say');
      }
      reply = await say(message.bytes.toString('base64'), message);
    }
    serverWaits = false;
    if (reply.code === 235) {
      await resume(dialogue, { kind: 'success', data: Buffer.from(reply.lines.join(' ')) }, signal);
    }
    return reply;
  } catch (error) {
    if (serverWaits && error instanceof SaslFailure) await cancel(conversation, signal);
    throw error;
  }
}

/** RFC 4954 §4: a lone `*` cancels the exchange. A lost connection shows at the next command. */
async function cancel(conversation: Conversation, signal: AbortSignal): Promise<void> {
  try {
    await conversation.command('*', signal);
  } catch {
    // The reason for cancelling counts.
  }
}

/** The dialogue's next message; null when it has none. Does not wait for work that can't be aborted. */
async function resume(
  dialogue: SaslDialogue,
  message: ServerMessage | null,
  signal: AbortSignal,
): Promise<ClientMessage | null> {
  signal.throwIfAborted();
  const step = message ? dialogue.next(message) : dialogue.next();
  const { done, value } = await abortable(step, signal);
  return done ? null : value;
}
