import { describe, expect, it } from 'vitest';
import { popularDomains } from '../../src/cli/popular-domains.ts';
import { suggestDomain } from '../../src/cli/suggest-domain.ts';
import { toALabels } from '../../src/domain.ts';
import { notFound } from '../render/samples.ts';
import { runFake } from './fake-io.ts';

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
    expect(suggestDomain(typed, popularDomains)).toBe(meant);
  });

  it.each([
    ...['gmail.com', 'example.com', 'gmlia.com', 'qr.com', 'mf.com', 'my-gmail.com', 'x'],
    'gmail.com.example',
  ])('has nothing to say of %s', (typed) => {
    expect(suggestDomain(typed, popularDomains)).toBeNull();
  });

  it('is given domains as they are compared, each once', () => {
    for (const domain of popularDomains) expect(toALabels(domain)).toBe(domain);
    expect(new Set(popularDomains).size).toBe(popularDomains.length);
    expect(popularDomains.length).toBeGreaterThan(150);
  });
});

describe('a mistyped domain', () => {
  const find = async (query: string) => ({ ...notFound, query, domain: query });

  it('is hinted at on stderr where nothing was found', async () => {
    const { code, stdout, stderr } = await runFake(['gmial.com'], { find });
    expect(stderr).toBe('smtp-find: no settings found for gmial.com; did you mean gmail.com?\n');
    expect(stdout).toContain('No settings found for gmial.com.');
    expect(code).toBe(1);
  });

  it.each([
    ['that was found', ['gmial.com'], undefined],
    ['of which nobody wants to hear', ['-q', 'gmial.com'], find],
    ['in JSON', ['--json', 'gmial.com'], find],
    ['that is like no other', ['example.com'], find],
  ])('%s is not', async (_, argv, answer) => {
    const { stderr } = await runFake(argv, answer ? { find: answer } : {});
    expect(stderr).toBe('');
  });
});
