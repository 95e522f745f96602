/** What there is to mend in data/providers, a line each: the beginning of `npm run data:check`. */
import { findings } from './providers/checks/index.ts';
import { readOurFiles, readOurTexts } from './providers/ours.ts';
import { readPage, renewPage } from './providers/page.ts';

const texts = readOurTexts();
const found = findings(texts);
if (found.length === 0 && !hasFreshTables()) {
  found.push('docs/providers.md: the tables are not those of the files: npm run data:docs');
}
for (const line of found) console.error(line);
if (found.length > 0) {
  console.error(`\n${found.length} to mend; docs/providers-how-to.md tells more.`);
  process.exitCode = 1;
} else {
  console.log(`data/providers: ${texts.length} files, nothing to mend`);
}

function hasFreshTables(): boolean {
  const page = readPage();
  return (
    page ===
    renewPage(
      page,
      readOurFiles().map(({ provider }) => provider),
    )
  );
}
