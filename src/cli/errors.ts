/** The command line's errors: made in one line of words, reported on stderr with their exit code. */
import { SmtpFindError } from '../model/errors.ts';
import { printable } from '../model/printable.ts';
import { exitCodes } from './exit-codes.ts';
import { type Io, say } from './io.ts';

export function usageError(message: string): SmtpFindError {
  return new SmtpFindError('bad-option', message);
}

export function contradiction(one: string, other: string, why: string): SmtpFindError {
  return usageError(`${one} and ${other} contradict each other: ${why}`);
}

export function nothingToLookFor(): SmtpFindError {
  return usageError(
    'nothing to look for: expected an address or a domain, like you@example.com (see --help)',
  );
}

export function invalidValue(option: string, value: string, expected: string): SmtpFindError {
  return usageError(`${option} cannot be "${printable(value, 60)}": expected ${expected}`);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a directory',
  EROFS: 'the file system is read-only',
};

export function unreadableFile(name: string, error: unknown): SmtpFindError {
  const message = `cannot read ${printable(name, 200)}: ${reasonOf(error)}`;
  return new SmtpFindError('unreadable-file', message, { cause: error });
}

/** Why a file could not be used, in words. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}

/** What was found can't be written where the user wants it. */
export class OutputError extends Error {
  override readonly name: string = 'OutputError';
}

/** The user does not want to go on, and said so at a prompt. */
export class Interrupted extends Error {
  override readonly name: string = 'Interrupted';

  constructor() {
    super('interrupted at the prompt');
  }
}

/** A defect of ours may quote what it was given; then its words are not shown. */
export function withoutSecret(error: unknown, secret: string | undefined): unknown {
  if (!secret || !(error instanceof Error)) return error;
  const words = `${error.message} ${error.stack ?? ''}`;
  return words.includes(secret) ? new Error('its words are withheld: they hold the secret') : error;
}

/** @returns the exit code */
export function reportOutputFailure(failure: Error, io: Io): number {
  const what = failure instanceof OutputError ? '' : 'cannot write the output: ';
  say(io, `${what}${failure.message}`);
  return exitCodes.outputFailed;
}

/** @returns the exit code */
export function reportError(error: unknown, io: Io): number {
  if (error instanceof SmtpFindError && error.code !== 'internal') {
    say(io, error.message);
    return exitCodes.badInput;
  }
  if (error instanceof OutputError) return reportOutputFailure(error, io);
  const message = error instanceof Error ? error.message : String(error);
  say(io, `internal error, please report it: ${message}`);
  if (io.env.SMTP_FIND_DEBUG && error instanceof Error) io.stderr.write(`${error.stack}\n`);
  return exitCodes.internal;
}
