/** `--list-providers`, which is a question of its own. */
import { usageError } from '../errors.ts';
import { format } from './options.ts';
import type { RawOptions } from './table.ts';

export type ListFormat = 'text' | 'json';

/** Options that say what is to be found, and would be passed over. */
const OTHERS = [
  'server',
  'provider',
  'login',
  'input',
  'resume',
  'require',
  'expect',
  'fields',
  'output',
  'junit',
  'prometheus',
] as const;

/** @throws SmtpFindError `bad-option` */
export function checkListing(queries: readonly string[], raw: RawOptions): ListFormat {
  const other = OTHERS.find((name) => raw[name] !== undefined);
  const what = queries.length > 0 ? 'an address or domain' : other && `--${other}`;
  if (what) {
    throw usageError(`--list-providers and ${what} contradict each other: expected one of them`);
  }
  const chosen = format(raw);
  if (chosen === 'text' || chosen === 'json') return chosen;
  throw usageError(
    `--list-providers and --format ${chosen} contradict each other: expected text or json`,
  );
}
