import { describe, expect, it } from 'vitest';
import { parseNoProxy } from '../../../src/net/proxy/no-proxy.ts';
import { type ProxyUse, readProxySettings } from '../../../src/net/proxy/proxy-settings.ts';

const uses: readonly ProxyUse[] = ['https', 'http', 'any'];

/** The hosts of the proxies for HTTPS, HTTP and the rest. */
function chosen(
  env: Readonly<Record<string, string>>,
  option?: string,
  host = 'smtp.example',
): readonly (string | null)[] {
  const settings = readProxySettings(option, env);
  return uses.map((use) => settings.find(use, [host], 465)?.host ?? null);
}

describe('the proxy', () => {
  it.each([
    ['is none when nobody says otherwise', {}, [null, null, null]],
    ['of HTTPS serves HTTPS alone', { HTTPS_PROXY: 'a' }, ['a', null, null]],
    ['of HTTP serves HTTP alone', { http_proxy: 'a' }, [null, 'a', null]],
    ['of HTTP must be in lower case', { HTTP_PROXY: 'a' }, [null, null, null]],
    ['of all serves mail too', { ALL_PROXY: 'a' }, ['a', 'a', 'a']],
    ['of one protocol goes before', { all_proxy: 'a', https_proxy: 'b' }, ['b', 'a', 'a']],
    ['in lower case goes before', { ALL_PROXY: 'a', all_proxy: 'b' }, ['b', 'b', 'b']],
    ['that is empty is none', { ALL_PROXY: 'a', https_proxy: '' }, [null, 'a', 'a']],
  ])('%s', (_, env: Readonly<Record<string, string>>, proxies) => {
    expect(chosen(env)).toEqual(proxies);
  });

  it('is the option rather than the environment, whose mistakes then do not matter', () => {
    expect(chosen({ ALL_PROXY: 'ftp://x', https_proxy: 'b' }, 'c')).toEqual(['c', 'c', 'c']);
    expect(chosen({ ALL_PROXY: 'a' }, '')).toEqual([null, null, null]);
  });

  it('is passed by for what NO_PROXY names, whoever chose it', () => {
    const env = { NO_PROXY: 'example' };
    expect(chosen({ ...env, ALL_PROXY: 'a' })).toEqual([null, null, null]);
    expect(chosen(env, 'c')).toEqual([null, null, null]);
    expect(chosen(env, 'c', 'smtp.test')).toEqual(['c', 'c', 'c']);
    const settings = readProxySettings('c', { no_proxy: '127.0.0.1' });
    expect(settings.find('any', ['smtp.example', '127.0.0.1'], 25)).toBeNull();
  });

  it('that cannot be read is named by its variable', () => {
    expect(() => readProxySettings(undefined, { ALL_PROXY: 'ftp://x' })).toThrow(/^ALL_PROXY /);
    expect(() => readProxySettings('ftp://x', {})).toThrow(/^--proxy /);
  });
});

describe('NO_PROXY', () => {
  it.each([
    ['example.com', 'example.com', true],
    ['example.com', 'smtp.example.com', true],
    ['example.com', 'notexample.com', false],
    ['.example.com', 'smtp.example.com', true],
    ['.example.com', 'example.com', true],
    ['*.example.com', 'smtp.example.com', true],
    ['Example.COM.', 'smtp.example.com', true],
    ['a.test, ,b.test  c.test', 'b.test', true],
    ['a.test, ,b.test  c.test', 'c.test', true],
    ['*', 'anything.example', true],
    ['', 'anything.example', false],
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.0/8', '11.1.2.3', false],
    ['10.0.0.0/33', '10.1.2.3', false],
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '127.0.0.2', false],
    ['fd00::/8', 'fd12::1', true],
    ['[::1]', '::1', true],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['2.3', '10.1.2.3', false],
    ['smtp.example:465', 'smtp.example', true],
    ['smtp.example:587', 'smtp.example', false],
    ['[::1]:465', '::1', true],
    ['[::1]:587', '::1', false],
    ['bad_/:x,%%', 'bad.example', false],
  ])('%j for %s: %s', (text, host, exempt) => {
    expect(parseNoProxy(text)(host, 465)).toBe(exempt);
  });

  it('with a port says nothing where no port is known', () => {
    expect(parseNoProxy('a.test:465')('a.test', null)).toBe(false);
    expect(parseNoProxy('a.test')('a.test', null)).toBe(true);
  });
});
