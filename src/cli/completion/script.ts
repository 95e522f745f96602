/** `--completion`: a script for a shell, made from the option table. */

import type { Argument, Completed } from '../options/option-table.ts';
import { type OptionFacts, optionTable } from '../options/option-table.ts';
import type { Shell } from '../options/values.ts';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { zshScript } from './zsh.ts';

const WRITERS: { readonly [S in Shell]: (options: readonly Completed[]) => string } = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

export async function completionScript(shell: Shell): Promise<string> {
  const providers = await providerIds();
  const options = optionTable().map((option): Completed => {
    return { ...option, argument: argumentOf(option, providers) };
  });
  return WRITERS[shell](options);
}

function argumentOf({ value, values }: OptionFacts, providers: readonly string[]): Argument {
  if (value === undefined) return { kind: 'none' };
  if (values === undefined) return { kind: 'unknown' };
  if (values.kind === 'provider') return { kind: 'words', words: providers, several: false };
  return values;
}

async function providerIds(): Promise<readonly string[]> {
  const { rows } = await import('../../providers/compiled.ts');
  // Each row is a provider, with its id first.
  return rows
    .split('\n')
    .map((row) => String((JSON.parse(row) as readonly unknown[])[0]))
    .filter((id) => /^[\w.-]+$/.test(id));
}
