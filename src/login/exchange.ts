/** One AUTH exchange over SMTP (RFC 4954 §4): base64 lines around a SASL dialogue. */

import {
  decodeBase64,
  type Message,
  type SaslDialogue,
  SaslFailure,
  type ServerWord,
} from '../sasl/mechanism.ts';
import type { Conversation } from '../smtp/conversation.ts';
import type { Reply } from '../smtp/reply.ts';
import type { Confidential } from './redaction.ts';

/** Octets with CRLF: of a command (RFC 5321 §4.5.3.1.4), and of a line of AUTH (RFC 4954 §4). */
const COMMAND_LINE = 512;
const AUTH_LINE = 12_288;
/** No mechanism that we speak needs more than three. */
const MAX_CHALLENGES = 5;

/** What happened so far: whatever goes wrong next, this stays. */
export interface AuthProgress {
  /** Something made from the secret went out. */
  secretSent: boolean;
  /** What the server said was wrong before its last word; not safe to show. */
  complaint: string | null;
}

/**
 * @returns the server's last word
 * @throws SaslFailure when we broke it off ourselves, with the conversation in step again;
 *   HungUp, ReplyError, or the signal's reason
 */
export async function authenticate(
  talk: Conversation,
  mechanism: string,
  dialogue: SaslDialogue,
  hidden: Confidential,
  progress: AuthProgress,
  signal: AbortSignal,
): Promise<Reply> {
  const say = (line: string, message: Message | null): Promise<Reply> => {
    if (line.length + 2 > AUTH_LINE) {
      throw new SaslFailure('mechanism', `what to send is longer than SMTP allows (${AUTH_LINE})`);
    }
    if (message) {
      if (message.secret) hidden.sent(message.bytes, message.proofs);
      progress.secretSent ||= message.secret;
      progress.complaint = message.complaint ?? progress.complaint;
    }
    return talk.command(line, signal);
  };
  /** Whether the server waits for us. */
  let open = false;
  try {
    let message = await resume(dialogue, null, signal);
    const encoded = message ? ` ${message.bytes.toString('base64') || '='}` : '';
    // RFC 4954 §4: what is too long for a command waits for an empty challenge.
    const fits = `AUTH ${mechanism}${encoded}`.length + 2 <= COMMAND_LINE;
    let reply = await say(`AUTH ${mechanism}${fits ? encoded : ''}`, fits ? message : null);
    for (let challenges = 1; reply.code === 334; challenges++) {
      open = true;
      const text = reply.lines.join('').trim();
      // Some overlook the initial response, and ask for it.
      const repeated = challenges === 1 && message !== null && (!fits || text === '');
      if (!repeated) {
        message = await resume(dialogue, { kind: 'challenge', data: decodeBase64(text) }, signal);
      }
      if (!message || challenges > MAX_CHALLENGES) {
        throw new SaslFailure('mechanism', 'the server asks for more than there is to say');
      }
      reply = await say(message.bytes.toString('base64'), message);
    }
    open = false;
    if (reply.code === 235) {
      await resume(dialogue, { kind: 'success', data: Buffer.from(reply.lines.join(' ')) }, signal);
    }
    return reply;
  } catch (error) {
    if (open && error instanceof SaslFailure) await cancel(talk, signal);
    throw error;
  }
}

/** RFC 4954 §4: a lone `*`. Whether the server still listens, the next command will tell. */
async function cancel(talk: Conversation, signal: AbortSignal): Promise<void> {
  try {
    await talk.command('*', signal);
  } catch {
    // What we broke it off for counts.
  }
}

/** The dialogue's next message; null when it has none. Does not wait for work that can't be ended. */
function resume(
  dialogue: SaslDialogue,
  word: ServerWord | null,
  signal: AbortSignal,
): Promise<Message | null> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const aborted = (): void => reject(signal.reason);
    signal.addEventListener('abort', aborted, { once: true });
    const step = word ? dialogue.next(word) : dialogue.next();
    step
      .then(({ done, value }) => resolve(done ? null : value), reject)
      .finally(() => signal.removeEventListener('abort', aborted));
  });
}
