/**
 * A source's name has several homes. The compiler completes `SourceName`, the words in
 * `model/describe.ts` and the names in `cli/options/table.ts`; these tests complete the rest.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sourceNames as namesOnCommandLine } from '../../src/cli/options/table.ts';
import {
  GUESS_RANK,
  MOVED_DATABASE_RANK,
  MX_PROVIDER_RANK,
  ranks,
  sourceNames,
} from '../../src/sources/order.ts';
import type { Source } from '../../src/sources/source.ts';

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('the order of the sources', () => {
  it('gives each a rank of its own, by its place', () => {
    const places = ranks.map(({ rank }) => rank);
    expect(new Set(places).size).toBe(places.length);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(new Set(sourceNames).size).toBe(sourceNames.length);
  });

  it('puts a database that the domain has moved away from right behind the MX', () => {
    expect(MOVED_DATABASE_RANK).toBe(MX_PROVIDER_RANK + 1);
    expect(ranks.filter(({ rank }) => rank === MOVED_DATABASE_RANK)).toEqual([]);
  });

  it('ends with the guess', () => {
    expect(Math.max(...ranks.map(({ rank }) => rank))).toBe(GUESS_RANK);
  });

  it('has a row for every source', async () => {
    const folder = new URL('../../src/sources/', import.meta.url);
    const ranked = new Set(ranks.flatMap(({ sources }) => sources));
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
      const exported = Object.values((await import(new URL(file, folder).href)) as object);
      for (const source of exported.filter(isSource)) {
        const message = `src/sources/order.ts has no row for "${source.name}" (${file})`;
        expect(ranked.has(source), message).toBe(true);
      }
    }
  });
});

function isSource(value: unknown): value is Source {
  return typeof value === 'object' && value !== null && 'lookups' in value && 'over' in value;
}

describe('every source of the order', () => {
  it('is in the list of the command line, in the same order', () => {
    const message = 'src/cli/options/table.ts must list the sources as order.ts does';
    expect(namesOnCommandLine, message).toEqual(sourceNames);
  });

  it.each(sourceNames)('%s is in docs/sources.md, by its place, and in docs/privacy.md', (name) => {
    const row = `| ${sourceNames.indexOf(name) + 1} | \`${name}\` |`;
    expect(read('docs/sources.md'), 'docs/sources.md lacks its row').toContain(row);
    const asked = read('docs/privacy.md')
      .match(/^\| (.*?) \|/gm)
      ?.join('\n');
    expect(asked, 'docs/privacy.md must say who is asked').toContain(`\`${name}\``);
  });
});
