import { describe, expect, it } from 'vitest';
import {
  compareSpecificity,
  filePatterns,
  literalSuffix,
} from '../../scripts/providers/file-patterns.mjs';
import { matchFiled, patternToRegExp } from '../../src/providers/mx-patterns.ts';

describe('a pattern', () => {
  it.each([
    ['*.google.com', 'aspmx.l.google.com', true],
    ['*.google.com', 'smtp.google.com', true],
    ['*.google.com', 'google.com', false],
    ['*.google.com', 'notgoogle.com', false],
    ['*.google.com', 'mx.notgoogle.com', false],
    ['*.google.com', 'aspmx.google.com.evil.example', false],
    ['google.com', 'notgoogle.com', false],
    ['mx*.example.com', 'mx1.example.com', true],
    ['mx*.example.com', 'mx.example.com', true],
    ['mx*.example.com', 'mx1.eu.example.com', false],
    ['mx*.example.com', 'xmx1.example.com', false],
    ['inbound-smtp.*.amazonaws.com', 'inbound-smtp.eu-west-1.amazonaws.com', true],
    ['inbound-smtp.*.amazonaws.com', 'inbound-smtp.a.b.amazonaws.com', false],
  ])('%s against %s: %s', (pattern, host, matches) => {
    expect(patternToRegExp(pattern).test(host)).toBe(matches);
  });

  it('is filed under its literal end', () => {
    expect(literalSuffix('*.google.com')).toBe('google.com');
    expect(literalSuffix('inbound-smtp.*.amazonaws.com')).toBe('amazonaws.com');
    expect(literalSuffix('smtp.google.com')).toBe('smtp.google.com');
  });

  it('that says more comes first', () => {
    const sorted = ['*.a.example', 'mx*.a.example', '*.b.a.example'].sort(compareSpecificity);
    expect(sorted).toEqual(['*.b.a.example', 'mx*.a.example', '*.a.example']);
  });
});

describe('filed patterns', () => {
  const filed = filePatterns([
    { pattern: '*.your-server.de', mark: 'hosting' },
    { pattern: '*.clients.your-server.de', mark: 'rented' },
    { pattern: 'mail.your-server.de', mark: 'exact' },
    { pattern: 'mx*.your-server.de', mark: 'numbered' },
  ]);

  it.each([
    ['www12.your-server.de', 'hosting'],
    ['a.mx1.your-server.de', 'hosting'],
    ['mx1.your-server.de', 'numbered'],
    ['static.4.3.2.1.clients.your-server.de', 'rented'],
    ['mail.your-server.de', 'exact'],
    ['your-server.de', undefined],
    ['notyour-server.de', undefined],
    ['', undefined],
  ])('find for %s %s', (host, mark) => {
    expect(matchFiled(filed, host)?.mark).toBe(mark);
  });
});
