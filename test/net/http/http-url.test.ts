import { describe, expect, it } from 'vitest';
import { followRedirect, type Place, parsePlace } from '../../../src/net/http/http-url.ts';

function place(url: string): Place {
  const parsed = parsePlace(url);
  if (parsed === null) throw new Error(`no place: ${url}`);
  return parsed;
}

describe('a web address', () => {
  it('is taken apart', () => {
    expect(
      place('HTTPS://user:secret@Autoconfig.Example.COM.:8443/mail/x.xml?a=b%40c#top'),
    ).toEqual({
      url: 'https://autoconfig.example.com:8443/mail/x.xml?a=b%40c',
      secure: true,
      host: 'autoconfig.example.com',
      port: 8443,
      authority: 'autoconfig.example.com:8443',
      target: '/mail/x.xml?a=b%40c',
    });
  });

  it.each([
    ['http://a.example', 'a.example', 80, 'a.example'],
    ['https://bücher.example/', 'xn--bcher-kva.example', 443, 'xn--bcher-kva.example'],
    ['http://[2001:DB8::1]:8080/', '2001:db8::1', 8080, '[2001:db8::1]:8080'],
    ['http://0x7f.1/', '127.0.0.1', 80, '127.0.0.1'],
    ['https://_mta-sts.a.example/', '_mta-sts.a.example', 443, '_mta-sts.a.example'],
  ])('%s is at %s, port %d', (url, host, port, authority) => {
    expect(place(url)).toMatchObject({ host, port, authority });
  });

  it.each([
    'ftp://a.example/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/plain,x',
    '//a.example/',
    'a.example',
    'https://',
    'https://-a-.example/',
    'https://a.example:25/',
    'http://a.example:6379/',
    'http://a.example:0/',
    'http://a.example:70000/',
    `https://a.example/${'x'.repeat(5000)}`,
  ])('is not %.40s', (url) => {
    expect(parsePlace(url)).toBeNull();
  });
});

describe('a redirect', () => {
  const from = place('https://autoconfig.a.example/mail/config.xml?emailaddress=x');
  const post = { method: 'POST', body: 'x' } as const;
  const get = { method: 'GET', body: null } as const;

  it.each([
    ['/other', 'https://autoconfig.a.example/other'],
    ['other', 'https://autoconfig.a.example/mail/other'],
    ['//b.example/x', 'https://b.example/x'],
    ['https://user:pass@b.example/', 'https://b.example/'],
  ])('to %s leads to %s', (location, url) => {
    expect(followRedirect(from, 302, location, get)).toMatchObject({ place: { url } });
  });

  it.each([
    ['http://autoconfig.a.example/', 'from HTTPS to plain HTTP (autoconfig.a.example)'],
    ['ftp://a.example/', 'to "ftp://a.example/", which is no web address'],
    ['https://a.example:25/?secret', 'to "https://a.example:25/", which is no web address'],
    ['http://\u001b[2J/', 'which is no web address'],
  ])('to %s is not followed', (location, detail) => {
    const redirect = followRedirect(from, 302, location, get);
    expect(redirect).toMatchObject({ kind: 'refuse', detail: expect.stringContaining(detail) });
    expect(JSON.stringify(redirect)).not.toMatch(/secret|u001b/);
  });

  it.each([
    [301, get],
    [302, get],
    [303, get],
    [307, post],
    [308, post],
  ])('with %d after a POST sends on what the standard says', (status, sending) => {
    expect(followRedirect(from, status, '/x', post)).toMatchObject({ kind: 'follow', sending });
    expect(followRedirect(from, status, 'https://b.a.example/', post)).toMatchObject({ sending });
  });

  it('hands no posted body to another domain', () => {
    expect(followRedirect(from, 307, 'https://b.example/', post)).toMatchObject({ kind: 'refuse' });
    expect(followRedirect(from, 302, 'https://b.example/', post)).toMatchObject({ sending: get });
    expect(followRedirect(from, 307, 'https://b.example/', get)).toMatchObject({ sending: get });
  });
});
