/** What the values of options may be, for completion: by the option's long name. */
import { conditionWords } from '../checks/conditions.ts';
import { expectationWords } from '../checks/expectation.ts';
import { formatNames } from './format-names.ts';
import { sourceNames } from './source-names.ts';

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
