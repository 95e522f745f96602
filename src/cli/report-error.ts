/** What goes wrong, told on stderr in one line, with the exit code for it. */
import { SmtpFindError } from '../model/errors.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';

/** One line, whatever the message holds. */
export function say({ stderr }: Io, message: string): void {
  stderr.write(`smtp-find: ${message.replace(/\s*[\r\n]+\s*/g, ' ')}\n`);
}

export function complain(io: Io, message: string): number {
  say(io, message);
  return exitCodes.badInput;
}

export function complainOf(error: unknown, io: Io): number {
  if (error instanceof SmtpFindError && error.code !== 'internal')
    return complain(io, error.message);
  const message = error instanceof Error ? error.message : String(error);
  say(io, `internal error, please report it: ${message}`);
  if (io.env.SMTP_FIND_DEBUG && error instanceof Error) io.stderr.write(`${error.stack}\n`);
  return exitCodes.internal;
}
