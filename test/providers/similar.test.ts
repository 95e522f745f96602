import { describe, expect, it } from 'vitest';
import { distance, similar } from '../../src/providers/similar.ts';

describe('the distance between two words', () => {
  it.each([
    ['gmail', 'gmail', 0],
    ['gmial', 'gmail', 1],
    ['gmai', 'gmail', 1],
    ['gmaill', 'gmail', 1],
    ['gmaul', 'gmail', 1],
    ['', 'gmail', 5],
  ])('%s and %s are %i edits apart', (a, b, edits) => {
    expect(distance(a, b)).toBe(edits);
    expect(distance(b, a)).toBe(edits);
  });
});

describe('suggestions', () => {
  const known = [
    ['gmail', 'gmail'],
    ['google', 'gmail'],
    ['mailgun', 'mailgun'],
    ['mailgun-eu', 'mailgun-eu'],
    ['brevo', 'brevo'],
    ['sendinblue', 'brevo'],
  ] as const;

  it('name each id once, the closest first', () => {
    expect(similar('mailgum', known)).toEqual(['mailgun']);
    expect(similar('gmial', [...known, ['ig', 'ig'], ['gmia', 'gmia2'], ['email', 'e']])).toEqual(
      expect.not.arrayContaining(['ig', 'e']),
    );
    expect(similar('goggle', known)).toEqual(['gmail']);
  });

  it('know aliases and beginnings', () => {
    expect(similar('sendinblu', known)).toEqual(['brevo']);
    expect(similar('mailg', known)).toEqual(['mailgun', 'mailgun-eu', 'gmail']);
  });

  it('are none for what resembles nothing', () => {
    expect(similar('x', known)).toEqual([]);
    expect(similar('completely-else', known)).toEqual([]);
  });
});
