import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { warning, warningCodes } from '../../src/model/warnings.ts';

it('every warning is documented, and nothing else is', () => {
  const page = readFileSync(new URL('../../docs/warnings.md', import.meta.url), 'utf8');
  const [warnings = ''] = page.split('\n## Notes of providers');
  const documented = [...warnings.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, code]) => code);
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

it('puts an IPv6 address in brackets wherever a port follows', () => {
  const server = { host: '2001:db8::1', port: 465, reason: 'why' };
  expect(warning('no-auth', server).message).toContain('[2001:db8::1]:465 offers');
  expect(warning('address-refused', server).message).toContain(
    '--connect-to [2001:db8::1]:465:ADDRESS:465',
  );
  expect(warning('no-auth', { host: 'xn--mller-kva.example', port: 25 }).message).toContain(
    'müller.example:25 offers',
  );
});

it('keeps the numbers of standards out of sentences, and names them beside', () => {
  const facts = { host: 'a.example', domain: 'b.example', origin: 'found' };
  expect(warning('host-outside-domain', facts)).toMatchObject({ reference: 'RFC 6186 §6' });
  expect(warning('no-auth', { host: 'a.example', port: 465 })).not.toHaveProperty('reference');
  const source = readFileSync(new URL('../../src/model/warnings.ts', import.meta.url), 'utf8');
  const [sentences = ''] = source.split('\nconst references');
  expect(sentences.replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, '')).not.toMatch(/\bRFC \d/);
});
