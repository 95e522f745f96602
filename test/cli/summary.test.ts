import { describe, expect, it } from 'vitest';
import { createSummary } from '../../src/cli/output/summary.ts';
import { badInput, notFound, unverified, verified } from '../render/samples.ts';
import { runFake } from './fake-io.ts';

function lineOf(counts: readonly [number, number, number, number], probing = true, ms = 12_345) {
  let now = 1000;
  const summary = createSummary(probing, () => now);
  const reports = [verified, unverified, notFound, badInput];
  for (const [i, report] of reports.entries()) {
    for (let n = counts[i] ?? 0; n > 0; n--)
      summary.heard({ report, exitCode: 0, answerCode: 0, failed: [] });
  }
  now += ms;
  return summary.line();
}

describe('the summary', () => {
  it('counts what became of a batch, and how long it took', () => {
    expect(lineOf([941, 30, 20, 9])).toBe(
      '1,000 answered: 941 verified, 30 not verified, 20 nothing found, 9 bad lines; 12.3 s',
    );
    expect(lineOf([0, 9, 0, 1], false, 3_700_000)).toBe('10 answered: 9 found, 1 bad line; 62 min');
  });

  it('is not needed for a few', () => {
    expect(lineOf([9, 0, 0, 0])).toBeNull();
  });

  const ten = Array.from({ length: 10 }, (_, i) => `q${i}.example`);

  it('stands on stderr, after everything else', async () => {
    const { stdout, stderr } = await runFake(['--json', '--require', 'starttls', ...ten]);
    expect(stdout.split('\n')).toHaveLength(11);
    expect(stderr.split('\n').at(-2)).toMatch(
      /^smtp-find: 10 answered: 10 verified; 10 with a check that fails; \d+(?:\.\d)? s$/,
    );
  });

  it('is left out with --quiet, and when the batch was interrupted', async () => {
    expect((await runFake(['-q', '--json', ...ten])).stderr).toBe('');
    const { stderr } = await runFake(['--json', ...ten], { signal: AbortSignal.abort() });
    expect(stderr).toBe('');
  });
});
