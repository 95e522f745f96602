import { describe, expect, it } from 'vitest';
import { inLargeUnits, inMilliseconds, inSeconds } from '../../src/model/duration.ts';
import { DeadlinePassed } from '../../src/net/time.ts';
import { failureVerdict } from '../../src/probe/reasons.ts';
import { newTranscript } from '../../src/smtp/transcript.ts';

describe('a duration', () => {
  it.each([
    [2947.503621, '2.9 s'],
    [4000, '4 s'],
    [20_000, '20 s'],
    [3, '0.1 s'],
  ])('of %d ms is %s', (ms, words) => {
    expect(inSeconds(ms)).toBe(words);
  });

  it('has whole milliseconds', () => {
    expect(inMilliseconds(1947.432905)).toBe('1947 ms');
  });

  it.each([
    [200, '0 s'],
    [59_000, '59 s'],
    [60_000, '1 min'],
    [5_000_000, '83 min'],
    [7_500_000, '2 h 5 min'],
  ])('of %d ms is %s in larger units', (ms, words) => {
    expect(inLargeUnits(ms)).toBe(words);
  });

  it('is told rounded wherever a deadline passes', () => {
    const passed = new DeadlinePassed(1947.432905);
    expect(passed.message).toBe('not within 1947 ms');
    const endpoint = { host: 'smtp.example.com', port: 465, encryption: 'tls' } as const;
    const { reason } = failureVerdict(passed, newTranscript(), endpoint);
    expect(reason).toBe('no banner within 1.9 s');
  });
});
