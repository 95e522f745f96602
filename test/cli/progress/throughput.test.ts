import { describe, expect, it } from 'vitest';
import { createProgressLine } from '../../../src/cli/progress/progress-line.ts';
import { createThroughput } from '../../../src/cli/progress/throughput.ts';

function clock() {
  let now = 0;
  return { now: () => now, pass: (ms: number) => (now += ms) };
}

describe('the throughput of a batch', () => {
  it('is told after a moment, with what is left of a file', () => {
    const { now, pass } = clock();
    const throughput = createThroughput({ unit: 'bytes', size: 1000 }, now);
    const line = createProgressLine(throughput, true);
    expect(line.text()).toBe('░░░░░░░░░░░░ 0% 0 done, looking');
    for (let i = 0; i < 25; i++) {
      pass(100);
      throughput.answered(10);
    }
    expect(line.text()).toBe('███░░░░░░░░░ 25% 25 done, 10/s, 8 s left, looking');
    expect(createProgressLine(throughput, false).text()).toMatch(/^###--------- 25% /);
  });

  it('forgets how it was long ago', () => {
    const { now, pass } = clock();
    const throughput = createThroughput(null, now);
    for (let i = 0; i < 1000; i++) {
      pass(100);
      throughput.answered(1);
    }
    for (let i = 0; i < 60; i++) {
      pass(1000);
      throughput.answered(1);
    }
    expect(throughput.rate()).toBeCloseTo(1, 1);
    expect(throughput.left()).toBeNull();
    expect(createProgressLine(throughput, true).text()).toBe('1060 done, 1.0/s, looking');
  });

  it('takes what was answered earlier for passed, but not for speed', () => {
    const { now, pass } = clock();
    const throughput = createThroughput({ unit: 'bytes', size: 1000 }, now);
    throughput.skipped(500);
    pass(2000);
    throughput.answered(100);
    expect([throughput.fraction(), throughput.rate(), throughput.left()]).toEqual([0.6, 0.5, 8]);
  });

  it('counts arguments, and never passes the end', () => {
    const throughput = createThroughput({ unit: 'queries', size: 2 }, () => 0);
    for (let i = 0; i < 3; i++) throughput.answered(0);
    expect(throughput.fraction()).toBe(1);
  });
});
