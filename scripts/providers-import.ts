/**
 * Reads upstream lists from a folder, holds them against data/providers and prints what differs.
 *
 *   npx tsx scripts/providers-import.ts <folder> [--write]
 *
 * --write adds the proposed domains and providers to data/providers, renews what the lists state and
 * when, and the coverage; what was withdrawn, conflicts and changed servers are for a person to settle.
 * The ages of ISPDB's entries are those of its files' own history where the folder is a git checkout. What it writes is to be reviewed like any other change. Never run at install.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatProvider, type ProviderFile } from './providers/format.ts';
import { findChanges } from './providers/import/changes.ts';
import { type Comparison, compare } from './providers/import/compare.ts';
import { citeLists, mxOwners } from './providers/import/facts.ts';
import { propose } from './providers/import/propose.ts';
import { readAll } from './providers/import/sources.ts';
import {
  findLeftInCopies,
  findWithdrawn,
  readSeenDomains,
  seenDomains,
  type Withdrawn,
} from './providers/import/withdrawn.ts';
import { readLeftOut } from './providers/left-out.ts';
import { PROVIDERS_FOLDER, readOurFiles } from './providers/ours.ts';

const [folder, option] = process.argv.slice(2);
if (folder === undefined || (option !== undefined && option !== '--write')) {
  console.error('usage: tsx scripts/providers-import.ts <folder> [--write]');
  process.exit(2);
}

const ours = readOurFiles().map(({ provider }) => provider);
const upstream = readAll(folder);
const comparison = compare(ours, upstream, readLeftOut());
print(comparison);
if (option === '--write') write(comparison);

function print({ additions, conflicts, unmatchedMx, coverage }: Comparison): void {
  console.log(`# Additions (${additions.length})`);
  for (const { domain, entry, provider } of additions) {
    const servers = entry.servers.map((s) => `${s.host}:${s.port}/${s.encryption}`).join(' ');
    const to = provider ? `join ${provider.id}` : 'new';
    console.log(`${domain}: ${to}; ${entry.source} ${entry.confirmed}: ${servers}`);
  }
  const changes = findChanges(ours, upstream);
  console.log(`\n# Changed servers (${changes.length})`);
  for (const { id, server, source } of changes) console.log(`${id}: ${server}, ${source}`);
  console.log(`\n# Conflicts (${conflicts.length})`);
  for (const { domains, ours: hosts, sides } of conflicts) {
    const more = domains.length > 1 ? ` and ${domains.length - 1} more` : '';
    console.log(`${domains[0]}${more}: ours ${hosts.join(' ') || 'none'}`);
    for (const side of sides) {
      console.log(`  ${side.hosts.join(' ')}: ${side.sources.join(', ')}`);
    }
  }
  console.log(`\n# MX patterns that none of ours matches (${unmatchedMx.length})`);
  for (const { pattern, source, name } of unmatchedMx)
    console.log(`${pattern}: ${name}, ${source}`);
  const withdrawn = findWithdrawn(ours, renewed(ours), upstream, readSeenDomains());
  console.log(`\n# Withdrawn (${withdrawn.length})`);
  for (const item of withdrawn) console.log(described(item));
  const left = findLeftInCopies(ours, upstream);
  console.log(`\n# Domains that only an old copy of a list in good care has (${left.length})`);
  for (const item of left) console.log(described(item));
  console.log('\n# Coverage');
  for (const { id, domains, covered, leftOut } of coverage) {
    console.log(`${id}: ${covered} of ${domains} ${JSON.stringify(leftOut)}`);
  }
}

function described({ id, source, items }: Withdrawn): string {
  return `${id}: ${source}: ${items.join(' ')}`;
}

function write({ additions, coverage }: Comparison): void {
  const proposed = new Map(propose(additions).map((file) => [file.id, file]));
  const files = new Map([...ours.map((file) => [file.id, file] as const), ...proposed]);
  for (const provider of renewed([...files.values()])) {
    writeFileSync(join(PROVIDERS_FOLDER, `${provider.id}.json`), formatProvider(provider));
  }
  writeRecord('coverage.json', coverage);
  writeRecord('seen-domains.json', seenDomains(upstream));
}

function renewed(files: readonly ProviderFile[]): ProviderFile[] {
  const ownerOfMx = mxOwners(files);
  return files.map((file) => citeLists(file, upstream, ownerOfMx));
}

function writeRecord(name: string, value: unknown): void {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  writeFileSync(new URL(`./providers/import/${name}`, import.meta.url), text);
}
