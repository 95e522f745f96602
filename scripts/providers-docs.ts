/** Renews the generated tables of docs/providers.md: `npm run data:docs`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { readLeftOut } from './providers/left-out.ts';
import { readOurFiles } from './providers/ours.ts';
import { readProbed } from './providers/probed.ts';
import { readCoverage, tables, withTables } from './providers/tables.ts';

const page = new URL('../docs/providers.md', import.meta.url);
const providers = readOurFiles().map(({ provider }) => provider);
const made = tables(providers, readCoverage(), readLeftOut(), Object.fromEntries(readProbed()));
writeFileSync(page, withTables(readFileSync(page, 'utf8'), made));
