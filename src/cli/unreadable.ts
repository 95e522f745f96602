/** A file that cannot be read, in words. */
import { SmtpFindError } from '../model/errors.ts';
import { printable } from '../model/printable.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a directory',
};

export function unreadable(name: string, error: unknown): SmtpFindError {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  const reason = REASONS[code] ?? (error instanceof Error ? error.message : String(error));
  return new SmtpFindError('unreadable-file', `cannot read ${printable(name, 200)}: ${reason}`, {
    cause: error,
  });
}
