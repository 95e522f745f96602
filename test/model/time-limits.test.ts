import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { limitsFor, timeLimits } from '../../src/model/time-limits.ts';

const src = fileURLToPath(new URL('../../src', import.meta.url));

/** What a number of milliseconds looks like outside the table. */
const SECOND_HOMES: readonly RegExp[] = [
  /\b\w+_MS\b\s*=/,
  /\b\w+Ms\s*[=:]\s*[1-9][\d_]*/,
  /\bset(?:Timeout|Interval)\((?:[^;()]|\([^()]*\))*,\s*[1-9][\d_]*\s*,?\s*\)/,
  /\b(?:withDeadline|withinBudget|\.after)\(\s*[1-9][\d_]*/,
  /\bAbortSignal\.timeout\(/,
];

describe('time limits', () => {
  it('have no home but the table', () => {
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
      .map((file) => file.replaceAll('\\', '/'))
      // How often a line is drawn limits nothing.
      .filter((file) => file.endsWith('.ts') && !file.startsWith('cli/progress/'));
    const found = files.flatMap((file) => {
      const text = readFileSync(join(src, file), 'utf8');
      return SECOND_HOMES.flatMap(
        (home) => home.exec(text)?.map((line) => `${file}: ${line}`) ?? [],
      );
    });
    expect(found).toEqual([]);
  });

  it('are those of the table for the usual time, and for less', () => {
    const { query, lookup, probe, connect, signInFacts } = timeLimits;
    expect(limitsFor(query)).toEqual({ factor: 1, query, lookup, probe, connect, signInFacts });
    expect(limitsFor(1000)).toEqual({
      factor: 1,
      query: 1000,
      lookup,
      probe,
      connect,
      signInFacts,
    });
  });

  it('grow in proportion when the query has more time', () => {
    const { lookup, probe, connect, signInFacts } = limitsFor(3 * timeLimits.query);
    expect(probe).toBe(3 * timeLimits.probe);
    expect(connect).toBe(3 * timeLimits.connect);
    expect(signInFacts).toBe(3 * timeLimits.signInFacts);
    expect(lookup.dns).toBe(3 * timeLimits.lookup.dns);
    expect(lookup.http).toBe(3 * timeLimits.lookup.http);
  });
});
