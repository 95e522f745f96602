/** What the values of options may be. */
import type { SourceName } from '../../model/candidate.ts';
import { conditionWords } from '../checks/conditions.ts';
import { expectationWords } from '../checks/expectation.ts';

/** The formats that `--format` may name; known without loading what writes them. */
export const formatNames: readonly string[] = [
  'text',
  'json',
  'env',
  'url',
  'nodemailer',
  'msmtp',
  'git',
  'mutt',
  'postfix',
  'swaks',
  'python',
  'autoconfig',
];

/** The sources that `--only` and `--skip` may name, best rank first; known without the engine. */
// A record, so that the compiler misses none.
const sources: { readonly [S in SourceName]: true } = {
  database: true,
  'mx-provider': true,
  srv: true,
  pacc: true,
  autoconfig: true,
  'srv-foreign': true,
  ispdb: true,
  autodiscover: true,
  mailconf: true,
  'mx-autoconfig': true,
  parent: true,
  'autoconfig-http': true,
  'mail-records': true,
  guess: true,
};

export const sourceNames: readonly string[] = Object.keys(sources);

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export type Values =
  | { readonly kind: 'file' }
  /** `several`: separated by commas. */
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly several: boolean }
  /** Ids of the database, which are read when they are wanted. */
  | { readonly kind: 'provider' };

const one = (words: readonly string[]): Values => ({ kind: 'words', words, several: false });
const some = (words: readonly string[]): Values => ({ kind: 'words', words, several: true });

const table: Readonly<Record<string, Values>> = {
  '--format': one(formatNames),
  '--provider': { kind: 'provider' },
  '--only': some(sourceNames),
  '--skip': some(sourceNames),
  '--input': { kind: 'file' },
  '--resume': { kind: 'file' },
  '--cacert': { kind: 'file' },
  '--require': some(conditionWords),
  '--expect': some(expectationWords),
  '--completion': one(shells),
};

/** Undefined for a flag, or for a value that nobody can foresee. */
export function valuesOf(long: string): Values | undefined {
  return Object.hasOwn(table, long) ? table[long] : undefined;
}
