/** What is wrong with an option, in one line. */
import { SmtpFindError } from '../errors.ts';
import { printable } from '../printable.ts';

export function bad(option: string, value: string, expected: string): SmtpFindError {
  return wrong(`${option} cannot be "${printable(value, 60)}": expected ${expected}`);
}

export function wrong(message: string): SmtpFindError {
  return new SmtpFindError('bad-option', message);
}
