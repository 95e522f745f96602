/** `--completion`: a script for a shell, made from the option table. */
import { type OptionFacts, optionTable, type Shell } from '../options/table.ts';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { zshScript } from './zsh.ts';

const WRITERS: { readonly [S in Shell]: (options: readonly OptionFacts[]) => string } = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

export async function completionScript(shell: Shell): Promise<string> {
  return WRITERS[shell](optionTable(await providerIds()));
}

async function providerIds(): Promise<readonly string[]> {
  const { rows } = await import('../../providers/compiled.ts');
  // Each row is a provider, with its id first.
  return rows
    .split('\n')
    .map((row) => String((JSON.parse(row) as readonly unknown[])[0]))
    .filter((id) => /^[\w.-]+$/.test(id));
}
