import { describe, expect, it } from 'vitest';
import { SmtpFindError } from '../../../src/model/errors.ts';
import { parseProxy, proxyLabel } from '../../../src/net/proxy/proxy-url.ts';

describe('a proxy', () => {
  it.each([
    ['http://proxy.example:3128', 'http', 'proxy.example', 3128],
    ['proxy.example:3128', 'http', 'proxy.example', 3128],
    ['proxy.example', 'http', 'proxy.example', 1080],
    ['HTTP://Proxy.Example./', 'http', 'proxy.example', 1080],
    ['https://proxy.example', 'https', 'proxy.example', 443],
    ['socks5://127.0.0.1:9050', 'socks5', '127.0.0.1', 9050],
    ['socks5h://[::1]:9050/', 'socks5', '::1', 9050],
    ['socks://localhost', 'socks5', 'localhost', 1080],
    ['socks4a://10.0.0.1', 'socks4a', '10.0.0.1', 1080],
  ])('is read from %j', (text, kind, host, port) => {
    expect(parseProxy(text, '--proxy')).toEqual({ kind, host, port, credentials: null });
  });

  it.each([
    ['http://joe:secret@proxy.example', 'joe', 'secret'],
    ['socks5://joe@proxy.example', 'joe', ''],
    ['socks5://joe:a%40b%3A%2F@proxy.example', 'joe', 'a@b:/'],
    ['socks5://joe:a@b:c/d#?@proxy.example', 'joe', 'a@b:c/d#?'],
  ])('has its login from %j', (text, user, password) => {
    const proxy = parseProxy(text, '--proxy');
    expect(proxy).toMatchObject({ host: 'proxy.example', credentials: { user, password } });
    expect(proxyLabel(proxy)).toBe(`proxy.example:${proxy.port}`);
  });

  it.each([
    'ftp://joe:secret@proxy.example',
    'socks4://joe:secret@proxy.example',
    'http://joe:secret@',
    'http://joe:secret@proxy.example:0',
    'http://joe:secret@proxy.example:65536',
    'http://joe:secret@bad host',
    'http://joe:secret@proxy.example/path',
    'http://joe:secret%zz@proxy.example',
    'http://joe:secret%00@proxy.example',
    `socks5://joe:${'secret'.repeat(50)}@proxy.example`,
    'http://joe:secret',
    'http://:secret',
    'joe:secret',
    'http://[::1',
  ])('is not read from %j, and the password is not shown', (text) => {
    let message = '';
    try {
      parseProxy(text, 'ALL_PROXY');
    } catch (error) {
      if (!(error instanceof SmtpFindError)) throw error;
      expect(error.code).toBe('bad-option');
      message = error.message;
    }
    expect(message).toMatch(/^ALL_PROXY .*expected http:\/\/, .*socks5:\/\/[ -~]*$/);
    expect(message).not.toMatch(/joe|secret/);
  });
});
