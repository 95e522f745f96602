import type { Reply } from './reply.ts';

/**
 * The server said no, or does not offer what is needed: the conversation is over, and it is the
 * client's turn to say QUIT. The message tells what happened, without the reply.
 */
export class TurnedAway extends Error {
  override readonly name: string = 'TurnedAway';
  /** Null when nothing was asked. */
  readonly reply: Reply | null;

  constructor(message: string, reply: Reply | null) {
    super(message);
    this.reply = reply;
  }
}
