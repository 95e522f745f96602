import { expect, it } from 'vitest';
import { parseUrl } from '../../src/model/url.ts';
import { parsePlace } from '../../src/net/http/http-url.ts';
import { parseWebUrl } from '../../src/sources/documents/field-parsers.ts';

it('a URL is taken apart; anything else is null', () => {
  expect(parseUrl('https://a.example/x')?.hostname).toBe('a.example');
  expect(parseUrl('/x', 'https://a.example')?.href).toBe('https://a.example/x');
  for (const text of ['', 'x', '/x', 'https://', 'http://a b/']) expect(parseUrl(text)).toBeNull();
});

it.each<[string, (url: string) => unknown]>([
  ['taken apart', (url) => parseUrl(url)],
  ['gone to', (url) => parsePlace(url)],
  ['shown', (url) => parseWebUrl(url)],
])('a URL beyond ASCII is still %s after thousands of others', (_, parse) => {
  const refused = Array.from({ length: 20_000 }, () => parse('https://bücher.example/')).filter(
    (parsed) => parsed === null,
  );
  expect(refused).toHaveLength(0);
});
