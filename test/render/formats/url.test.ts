import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../../../src/model/printable.ts';
import { hostileText, render, reportWith } from './reports.ts';

describe('url', () => {
  it('says with the scheme, or else in words, that TLS is required', () => {
    expect(render('url', reportWith())).toBe('smtps://you%40example.com@smtp.example.com:465\n');
    expect(render('url', reportWith({ port: 587, encryption: 'starttls' }))).toBe(
      'smtp://you%40example.com@smtp.example.com:587/?requireTLS=true&require_tls=true\n',
    );
  });

  it('has brackets around an IPv6 address', () => {
    expect(render('url', reportWith({ host: '2001:db8::1' }))).toContain('@[2001:db8::1]:465');
  });

  it('keeps any user name, and nothing of it leaks into the rest', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const username = printable(text) || 'x';
        const line = render('url', reportWith({ username }));
        expect(line).toMatch(/^smtps:\/\/[A-Za-z0-9%._~-]+@smtp\.example\.com:465\n$/);
        const url = new URL(line.trim());
        expect(decodeURIComponent(url.username)).toBe(username);
        expect(url.password).toBe('');
      }),
    );
  });
});
