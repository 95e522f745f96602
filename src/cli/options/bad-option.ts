/** What is wrong with an option, in one line. */
import { SmtpFindError } from '../../model/errors.ts';
import { printable } from '../../model/printable.ts';

export function bad(option: string, value: string, expected: string): SmtpFindError {
  return wrong(`${option} cannot be "${printable(value, 60)}": expected ${expected}`);
}

export function wrong(message: string): SmtpFindError {
  return new SmtpFindError('bad-option', message);
}
