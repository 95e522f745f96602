/**
 * What is due to be confirmed anew: part of `npm run data:check`.
 *
 *   npx tsx scripts/providers-age.ts [--at YYYY-MM] [--all]
 *
 * Exit code 1 when one of the largest providers is older than 18 months; the others are a warning,
 * of which --all prints every line. --at takes another month than the present one, so that a
 * check of an old state says what it said then.
 */
import { parseArgs } from 'node:util';
import { DUE_AFTER, type Due, due } from './providers/ages.ts';
import { readOurFiles } from './providers/ours.ts';
import { readProbed } from './providers/probed.ts';

const SHOWN = 10;

const { values } = parseArgs({
  options: { at: { type: 'string' }, all: { type: 'boolean', default: false } },
});
const now = (values.at ?? new Date().toISOString()).slice(0, 7);
if (!/^20\d\d-(?:0[1-9]|1[0-2])$/.test(now)) {
  console.error(`--at ${values.at}: expected a month such as 2026-11`);
  process.exit(2);
}

const providers = readOurFiles().map(({ provider }) => provider);
const old = due(providers, Object.fromEntries(readProbed()), now);
const failing = old.filter(({ largest }) => largest);
const others = old.filter(({ largest }) => !largest);

for (const item of failing) {
  console.error(
    `error: data/providers/${item.id}.json: ${item.what} last confirmed in ${item.confirmed}, ${item.months} months ago. Look at the provider's own page, correct the file, and put the page and the month in facts (docs/providers-how-to.md).`,
  );
}
if (others.length > 0) {
  console.log(
    `warning: ${others.length} of ${providers.length} providers were last confirmed more than ${DUE_AFTER} months ago${values.all ? '' : '; the oldest'}:`,
  );
  for (const item of values.all ? others : others.slice(0, SHOWN)) console.log(`  ${line(item)}`);
  if (!values.all && others.length > SHOWN)
    console.log('  npm run data:age -- --all lists every one');
}
if (failing.length > 0) process.exitCode = 1;

function line({ id, confirmed, months }: Due): string {
  return `${id}: ${confirmed}, ${months} months`;
}
