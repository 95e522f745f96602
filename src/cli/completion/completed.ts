/** An option as the writers of the scripts see it. */
import type { OptionFacts } from '../options/option-table.ts';

/** What follows an option: `none` for a flag, `unknown` for a value that nobody can foresee. */
export type Argument =
  | { readonly kind: 'none' | 'unknown' | 'file' }
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly several: boolean };

export interface Completed extends OptionFacts {
  readonly argument: Argument;
}
