import { describe, expect, test } from 'vitest';
import { wantsAddress } from '../../../src/sources/documents/wants-address.ts';

function wants(status: number, contentType: string, body: string): boolean {
  const url = 'https://autoconfig.example.com/';
  const bytes = Buffer.from(body);
  return wantsAddress({ kind: 'response', status, contentType, body: bytes, url, secure: true });
}

const page = (text: string) =>
  `<!doctype html><html><head><title>Error</title></head><body><h1>${text}</h1></body></html>`;

describe('a refusal for want of an address', () => {
  const texts = [
    // Virtualmin
    'Missing emailaddress parameter',
    'Missing parameter: emailaddress',
    'missing email',
    'Missing required parameter "email"',
    'email parameter is missing',
    'No email address specified',
    'No e-mail given',
    'E-mail address required',
    'The emailaddress parameter is required.',
    'Please provide an email address',
    'You must specify ?emailaddress=',
    'Invalid e-mail address',
    'email_address not set',
    '{"error":"emailaddress is missing"}',
    '<error>Missing emailaddress</error>',
  ];
  test.each(texts)('%s', (text) => {
    for (const status of [200, 403, 404]) {
      expect(wants(status, 'text/plain', text)).toBe(true);
      expect(wants(status, 'text/plain; charset=utf-8', `${text}\r\n`)).toBe(true);
      expect(wants(status, 'text/html', page(text))).toBe(true);
    }
  });

  test('400 and 422 are one, whatever is said: the request was correct', () => {
    expect(wants(400, 'text/html', '')).toBe(true);
    expect(wants(422, 'text/plain', 'no')).toBe(true);
  });
});

describe('no such refusal', () => {
  const newsletter = page(
    `Welcome! ${'Our shop has many fine things. '.repeat(30)} Please enter your email address: it is required.`,
  );
  const cases: [string, number, string, string][] = [
    ['nothing', 200, 'text/plain', ''],
    ['a plain 404', 404, 'text/plain', 'Not found'],
    ['a 404 page', 404, 'text/html', page('The page was not found')],
    ['a question about an address', 404, 'text/html', '<html>Is your e-mail address right?'],
    ['a page with a form', 200, 'text/html', newsletter],
    ['one that calls itself text', 200, 'text/plain', newsletter],
    ['a parameter in markup', 200, 'text/html', page('Hello <input name="emailaddress" required>')],
    ['a script', 200, 'text/html', page('Hi<script>alert("email address is missing")</script>')],
    ['no service', 200, 'text/plain', 'There is no e-mail service on this host.'],
    ['a long text', 200, 'text/plain', `${'x '.repeat(4000)}missing emailaddress`],
    ['a server in trouble', 500, 'text/plain', 'missing emailaddress'],
    [
      'a document',
      200,
      'text/xml',
      '<?xml version="1.0"?><clientConfig><!-- no email address here --></clientConfig>',
    ],
  ];
  test.each(cases)('%s', (_, status, contentType, body) => {
    expect(wants(status, contentType, body)).toBe(false);
  });
});
