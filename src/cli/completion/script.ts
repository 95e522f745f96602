/** `--completion`: a script for a shell, made from the option table. */
import { loadDirectory } from '../../providers/directory.ts';
import type { Provider } from '../../providers/provider.ts';
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
  const directory = await loadDirectory();
  return [...directory.all()].filter(isWorthNaming).map(({ id }) => id);
}

/** A filter or a web host has nothing to be named. */
function isWorthNaming({ id, servers, notes }: Provider): boolean {
  const isKnown = servers.length > 0 || notes.some(({ code }) => code === 'no-submission');
  return isKnown && /^[\w.-]+$/.test(id);
}
