/** `--list-providers`, `--show-config` and `--completion`: questions of their own, one at a time. */
import { contradiction } from '../errors.ts';
import { format } from './options.ts';
import { longOption, type RawOptions } from './table.ts';

export type OwnQuestion = 'listProviders' | 'showConfig' | 'completion';

/** Options that say what is to be found, and would be passed over. */
const OTHERS = [
  'listProviders',
  'showConfig',
  'completion',
  'server',
  'provider',
  'login',
  'user',
  'acceptHost',
  'input',
  'resume',
  'require',
  'expect',
  'junit',
  'prometheus',
] as const satisfies readonly (keyof RawOptions)[];

/** @throws SmtpFindError `bad-option` */
export function checkAlone(
  question: OwnQuestion,
  queries: readonly string[],
  raw: RawOptions,
): void {
  const other = OTHERS.find((name) => name !== question && raw[name] !== undefined);
  const what = queries.length > 0 ? 'an address or domain' : other && longOption(other);
  if (what) refuse(question, what, 'expected one of them');
}

/**
 * @param allowed of the formats
 * @throws SmtpFindError `bad-option`
 */
export function formatOf<F extends string>(
  question: OwnQuestion,
  raw: RawOptions,
  allowed: readonly F[],
): F {
  const wanted = format(raw);
  const chosen = allowed.find((name) => name === wanted);
  if (chosen !== undefined) return chosen;
  const what = raw.format === undefined && raw.fields ? '--fields' : `--format ${wanted}`;
  return refuse(question, what, `expected ${allowed.join(' or ')}`);
}

/** @throws SmtpFindError `bad-option` where fields are chosen of what has none */
export function refuseFields(question: OwnQuestion, { fields }: RawOptions): void {
  if (fields) refuse(question, '--fields', 'it is shown whole');
}

function refuse(question: OwnQuestion, what: string, why: string): never {
  throw contradiction(longOption(question), what, why);
}
