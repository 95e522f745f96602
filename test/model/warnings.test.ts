import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { warning, warningCodes } from '../../src/model/warnings.ts';

it('every warning is documented, and nothing else is', () => {
  const page = readFileSync(new URL('../../docs/warnings.md', import.meta.url), 'utf8');
  const documented = [...page.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, code]) => code);
  expect(documented.sort()).toEqual([...warningCodes].sort());
});

it('sentences show U-labels, and shorten long lists', () => {
  const names = ['a.example', 'b.example', 'c.example', 'd.example', 'xn--mnchen-3ya.example'];
  const { message } = warning('certificate-name', {
    host: 'xn--mnchen-3ya.example',
    port: 465,
    names,
    date: '',
    reason: '',
  });
  expect(message).toContain('münchen.example:465');
  expect(message).toContain('d.example and 1 more');
});
