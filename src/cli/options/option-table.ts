/** The declared options as plain facts, for what is generated from them: completions, the manual. */
import type { Option } from 'commander';
import { declare } from './declare.ts';
import { type Values, valuesOf } from './values.ts';

export interface OptionFacts {
  /** With its dash; undefined when there is none. */
  readonly short: string | undefined;
  readonly long: string;
  /** `name` of `<name>`; undefined for a flag. */
  readonly value: string | undefined;
  readonly description: string;
  readonly group: string;
  readonly repeatable: boolean;
  readonly values: Values | undefined;
}

export function optionTable(): readonly OptionFacts[] {
  const program = declare();
  const help: Pick<Option, 'short' | 'long' | 'flags' | 'description'> = {
    short: '-h',
    long: '--help',
    flags: '-h, --help',
    description: 'show this help',
  };
  return [...program.options, help].map((option): OptionFacts => {
    const long = option.long ?? '';
    return {
      short: option.short,
      long,
      value: /<(.*)>/.exec(option.flags)?.[1],
      description: option.description,
      group: (option as Partial<Option>).helpGroupHeading ?? 'About:',
      repeatable: (option as Partial<Option>).parseArg !== undefined,
      values: valuesOf(long),
    };
  });
}

/** What follows an option: `none` for a flag, `unknown` for a value that nobody can foresee. */
export type Argument =
  | { readonly kind: 'none' | 'unknown' | 'file' }
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly several: boolean };

/** An option as the writers of completion scripts see it. */
export interface Completed extends OptionFacts {
  readonly argument: Argument;
}
