/** Renews the generated tables of docs/providers.md: `npm run data:docs`. */
import { writeFileSync } from 'node:fs';
import { readOurFiles } from './providers/ours.ts';
import { PAGE, readPage, renewPage } from './providers/page.ts';

const providers = readOurFiles().map(({ provider }) => provider);
writeFileSync(PAGE, renewPage(readPage(), providers));
