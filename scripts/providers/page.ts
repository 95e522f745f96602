/** docs/providers.md and its tables, which `npm run data:docs` renews. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ProviderFile } from './format.ts';
import { readLeftOut } from './left-out.ts';
import { readProbed } from './probed.ts';
import { readCoverage, tables, withTables } from './tables.ts';

export const PAGE: string = fileURLToPath(new URL('../../docs/providers.md', import.meta.url));

export function readPage(): string {
  return readFileSync(PAGE, 'utf8');
}

/** The page with the tables of today. */
export function renewPage(page: string, providers: readonly ProviderFile[]): string {
  const probed = Object.fromEntries(readProbed());
  return withTables(page, tables(providers, readCoverage(), readLeftOut(), probed));
}
