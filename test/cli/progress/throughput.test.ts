import { describe, expect, it } from 'vitest';
import { createTally, durationWords } from '../../../src/cli/progress/progress-line.ts';
import { createPace } from '../../../src/cli/progress/throughput.ts';

function clock() {
  let now = 0;
  return { now: () => now, pass: (ms: number) => (now += ms) };
}

describe('the pace of a batch', () => {
  it('is told after a moment, with what is left of a file', () => {
    const { now, pass } = clock();
    const pace = createPace({ unit: 'bytes', size: 1000 }, now);
    const tally = createTally(pace, true);
    expect(tally.line()).toBe('░░░░░░░░░░░░ 0% 0 done, looking');
    for (let i = 0; i < 25; i++) {
      pass(100);
      pace.answered(10);
    }
    expect(tally.line()).toBe('███░░░░░░░░░ 25% 25 done, 10/s, 8 s left, looking');
    expect(createTally(pace, false).line()).toMatch(/^###--------- 25% /);
  });

  it('forgets how it was long ago', () => {
    const { now, pass } = clock();
    const pace = createPace(null, now);
    for (let i = 0; i < 1000; i++) {
      pass(100);
      pace.answered(1);
    }
    for (let i = 0; i < 60; i++) {
      pass(1000);
      pace.answered(1);
    }
    expect(pace.rate()).toBeCloseTo(1, 1);
    expect(pace.left()).toBeNull();
    expect(createTally(pace, true).line()).toBe('1060 done, 1.0/s, looking');
  });

  it('takes what was answered earlier for passed, but not for speed', () => {
    const { now, pass } = clock();
    const pace = createPace({ unit: 'bytes', size: 1000 }, now);
    pace.skipped(500);
    pass(2000);
    pace.answered(100);
    expect([pace.fraction(), pace.rate(), pace.left()]).toEqual([0.6, 0.5, 8]);
  });

  it('counts arguments, and never passes the end', () => {
    const pace = createPace({ unit: 'queries', size: 2 }, () => 0);
    for (let i = 0; i < 3; i++) pace.answered(0);
    expect(pace.fraction()).toBe(1);
  });

  it.each([
    [0.2, '0 s'],
    [59, '59 s'],
    [60, '1 min'],
    [5000, '83 min'],
    [7500, '2 h 5 min'],
  ])('%d seconds are %s', (seconds, words) => {
    expect(durationWords(seconds)).toBe(words);
  });
});
