import { describe, expect, test } from 'vitest';
import { mxSubjects } from '../../src/sources/mx-subjects.ts';

describe('the domains that a mail exchanger leads to', () => {
  const cases: [string, string, string[]][] = [
    ['mx.example.net', 'example.com', ['example.net']],
    ['mx1.mail.example.co.uk', 'example.com', ['mail.example.co.uk', 'example.co.uk']],
    ['mx.premium.europe.example.net', 'example.com', ['premium.europe.example.net', 'example.net']],
    ['mx.example.co.uk', 'example.com', ['example.co.uk']],
    ['example.net', 'example.com', ['example.net']],
    ['mx.example.com', 'example.com', []],
    ['mx.mail.example.com', 'example.com', ['mail.example.com']],
    ['mx.mail.example.com', 'mail.example.com', ['example.com']],
    ['mx.shop.uk.com', 'example.com', ['shop.uk.com']],
    ['192.0.2.1', 'example.com', []],
    ['2001:db8::1', 'example.com', []],
    ['com', 'example.com', []],
    ['localhost', 'example.com', []],
  ];
  test.each(cases)('%s, asked for %s', (host, query, expected) => {
    expect(mxSubjects(host, query)).toEqual(expected);
  });
});
