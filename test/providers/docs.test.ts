import { describe, expect, it } from 'vitest';
import { readLeftOut } from '../../scripts/providers/left-out.ts';
import { readOurFiles } from '../../scripts/providers/ours.ts';
import { readPage, renewPage } from '../../scripts/providers/page.ts';
import { readCoverage } from '../../scripts/providers/tables.ts';

const providers = readOurFiles().map(({ provider }) => provider);
const coverage = readCoverage();
const leftOut = readLeftOut();

describe('the page about the database', () => {
  it('holds the tables of today: run `npm run data:docs`', () => {
    const page = readPage();
    expect(page).toBe(renewPage(page, providers));
  });
});

describe('the coverage', () => {
  it('accounts for every domain of every source', () => {
    const wrong = coverage.filter((source) => {
      const gone = Object.values(source.leftOut).reduce((sum, n) => sum + n, 0);
      return source.covered + gone !== source.domains;
    });
    expect(wrong.map((source) => source.id)).toEqual([]);
  });

  it('leaves nothing out but for a stated reason', () => {
    const reasons = coverage.flatMap((source) => Object.keys(source.leftOut));
    expect(reasons.filter((code) => !leftOut[code])).toEqual([]);
  });

  it('is nearly whole', () => {
    for (const source of coverage) {
      const unnamed = (source.leftOut['own-domain'] ?? 0) + (source.leftOut.slur ?? 0);
      expect(source.covered / (source.domains - unnamed), source.id).toBeGreaterThan(0.9);
    }
  });
});
