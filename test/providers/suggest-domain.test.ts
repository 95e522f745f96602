import { describe, expect, it } from 'vitest';
import { toALabels } from '../../src/model/domain.ts';
import { popularDomains } from '../../src/providers/popular-domains.ts';
import { suggestDomain } from '../../src/providers/suggest-domain.ts';

describe('suggestDomain', () => {
  it.each([
    ['gmial.com', 'gmail.com'],
    ['gmai.com', 'gmail.com'],
    ['gmaill.com', 'gmail.com'],
    ['gnail.com', 'gmail.com'],
    ['gmail.con', 'gmail.com'],
    ['gmail.co', 'gmail.com'],
    ['hotmial.com', 'hotmail.com'],
    ['outlok.com', 'outlook.com'],
    ['yaho.co.uk', 'yahoo.co.uk'],
    ['t-onlin.de', 't-online.de'],
  ])('knows what %s was meant to be', (typed, meant) => {
    expect(suggestDomain(typed)).toBe(meant);
  });

  it.each([
    ...['gmail.com', 'example.com', 'gmlia.com', 'qr.com', 'mf.com', 'my-gmail.com', 'x'],
    'gmail.com.example',
  ])('has nothing to say of %s', (typed) => {
    expect(suggestDomain(typed)).toBeNull();
  });

  it('is given domains as they are compared, each once', () => {
    for (const domain of popularDomains) expect(toALabels(domain)).toBe(domain);
    expect(new Set(popularDomains).size).toBe(popularDomains.length);
    expect(popularDomains.length).toBeGreaterThan(150);
  });
});
