import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { configPlace } from '../../../src/cli/config/config-file.ts';
import { placeOfError } from '../../../src/cli/config/json-place.ts';
import { settings } from '../../../src/cli/config/settings.ts';
import { optionTable } from '../../../src/cli/options/table.ts';
import { runFake } from '../fake-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'smtp-find-'));
afterAll(() => rmSync(folder, { recursive: true }));
let homes = 0;

/** @returns an environment whose home has this configuration */
function home(config: unknown): { HOME: string; LANG: string; path: string } {
  const HOME = join(folder, String(++homes));
  const path = join(HOME, '.config', 'smtp-find', 'config.json');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof config === 'string' ? config : JSON.stringify(config));
  return { HOME, LANG: 'C.UTF-8', path };
}

async function effects(args: readonly string[], env: NodeJS.ProcessEnv) {
  const { session, finds, code, stderr } = await runFake([...args, 'a@b.example'], { env });
  expect([code, stderr]).toEqual([0, '']);
  const { env: _, ...others } = session ?? {};
  return { ...others, timeoutMs: finds[0]?.options.timeoutMs };
}

describe('defaults', () => {
  const config = {
    resolver: ['192.0.2.1', '192.0.2.2'],
    proxy: 'socks5://file.example',
    timeout: 5,
    cacert: 'ca.pem',
    'public-only': true,
    ispdb: 'https://ispdb.example/',
    concurrency: 3,
    color: false,
    progress: false,
  };
  const variables = {
    SMTP_FIND_RESOLVER: '198.51.100.1, 198.51.100.2',
    SMTP_FIND_PROXY: 'socks5://variable.example',
    SMTP_FIND_TIMEOUT: '6',
    SMTP_FIND_CACERT: '/etc/a, b.pem',
  };

  it('come from the file', async () => {
    const { path, ...env } = home(config);
    expect(await effects([], env)).toEqual({
      resolver: ['192.0.2.1', '192.0.2.2'],
      proxy: 'socks5://file.example',
      cacert: [join(dirname(path), 'ca.pem')],
      publicOnly: true,
      ispdbUrl: 'https://ispdb.example/',
      timeoutMs: 5000,
    });
  });

  it('come from the environment before the file', async () => {
    const { path: _, ...env } = home(config);
    expect(await effects([], { ...env, ...variables })).toMatchObject({
      resolver: ['198.51.100.1', '198.51.100.2'],
      proxy: 'socks5://variable.example',
      cacert: ['/etc/a, b.pem'],
      publicOnly: true,
      timeoutMs: 6000,
    });
  });

  it('give way to options', async () => {
    const { path: _, ...env } = home(config);
    const options = ['--resolver', '203.0.113.1', '-x', '', '-t', '7', '--cacert', 'c.pem'];
    expect(await effects(options, { ...env, ...variables })).toMatchObject({
      resolver: ['203.0.113.1'],
      proxy: '',
      cacert: ['c.pem'],
      timeoutMs: 7000,
    });
  });

  it('count as not set where a variable is empty; an empty proxy is none', async () => {
    const { path: _, ...env } = home(config);
    const empty = Object.fromEntries(Object.keys(variables).map((name) => [name, '']));
    expect(await effects([], { ...env, ...empty })).toMatchObject({
      resolver: ['192.0.2.1', '192.0.2.2'],
      proxy: '',
      timeoutMs: 5000,
    });
  });

  it.each(['none', ''])('come from no file with SMTP_FIND_CONFIG="%s"', async (named) => {
    const { path: _, ...env } = home('not even JSON');
    expect(await effects([], { ...env, SMTP_FIND_CONFIG: named })).toEqual({
      timeoutMs: undefined,
    });
  });

  it('come from the file that SMTP_FIND_CONFIG names, which has to be there', async () => {
    const { path } = home({ timeout: 2 });
    expect(await effects([], { SMTP_FIND_CONFIG: path })).toEqual({ timeoutMs: 2000 });
    const missing = join(folder, 'missing.json');
    const { code, stderr } = await runFake(['a@b.example'], { env: { SMTP_FIND_CONFIG: missing } });
    expect([code, stderr]).toEqual([2, `smtp-find: cannot read ${missing}: no such file\n`]);
  });

  it('are options, under their own names', () => {
    const known = optionTable().map(({ long }) => long);
    for (const { key } of settings) {
      expect(known.includes(`--${key}`) || known.includes(`--no-${key}`), key).toBe(true);
    }
  });

  it('are not looked at for help, the version, and completions', async () => {
    const { path: _, ...env } = home('{');
    for (const argv of [['--help'], ['--version'], ['--completion', 'bash']]) {
      expect((await runFake(argv, { env })).code).toBe(0);
    }
  });
});

describe('a value that is wrong names where it can be changed', () => {
  it.each([
    ['SMTP_FIND_TIMEOUT cannot be "abc": expected a number', { SMTP_FIND_TIMEOUT: 'abc' }, {}],
    ['config file PATH: timeout cannot be "0": expected a number', {}, { timeout: 0 }],
    ['config file PATH: concurrency cannot be "1.5": expected', {}, { concurrency: 1.5 }],
    ['config file PATH: ispdb cannot be "ftp://x": expected a URL', {}, { ispdb: 'ftp://x' }],
    ['config file PATH: unknown key "resolvr" (did you mean resolver?)', {}, { resolvr: 'x' }],
    [
      'config file PATH: unknown key "publicOnly" (did you mean public-only?)',
      {},
      { publicOnly: 1 },
    ],
    ['config file PATH: unknown key "format" (expected some of resolver,', {}, { format: 'json' }],
    ['config file PATH: unknown key "__proto__" (expected', {}, '{"__proto__":1}'],
    ['config file PATH: "timeout" has to be a number', {}, { timeout: '5' }],
    ['config file PATH: "color" has to be true or false', {}, { color: 'never' }],
    ['config file PATH: "resolver" has to be a text or a list of texts', {}, { resolver: [1] }],
    ['config file PATH: expected an object', {}, []],
    ['config file PATH: not JSON at line 3, column 1', {}, '{\n  "timeout": 5,\n}'],
    ['config file PATH: not JSON at line 1, column 1', {}, ''],
    ['config file PATH: it is too long', {}, ' '.repeat(100_000)],
  ])('%s', async (message, variables, config) => {
    const { path, ...env } = home(config);
    const { code, stdout, stderr } = await runFake(['a@b.example'], {
      env: { ...env, ...variables },
    });
    expect(stderr.replace(path, 'PATH')).toContain(`smtp-find: ${message}`);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('and the option, where that was given', async () => {
    const { path: _, ...env } = home({ timeout: 5 });
    const { stderr } = await runFake(['-t', 'abc', 'a@b.example'], { env });
    expect(stderr).toContain('smtp-find: --timeout cannot be "abc"');
  });
});

describe('the place of the file', () => {
  it.each([
    [{ HOME: '/home/you' }, 'linux', '/home/you/.config/smtp-find/config.json'],
    [{ HOME: '/Users/you' }, 'darwin', '/Users/you/.config/smtp-find/config.json'],
    [{ HOME: '/home/you', XDG_CONFIG_HOME: '/etc/me' }, 'linux', '/etc/me/smtp-find/config.json'],
    [{ HOME: '/h', XDG_CONFIG_HOME: 'relative' }, 'linux', '/h/.config/smtp-find/config.json'],
    [{ APPDATA: '/c/AppData', HOME: '/h' }, 'win32', '/c/AppData/smtp-find/config.json'],
    [{}, 'linux', undefined],
    [{ HOME: '/h' }, 'win32', undefined],
  ] as const)('%j on %s is %s', (env, platform, path) => {
    expect(configPlace(env, platform)?.path).toBe(path);
  });
});

describe('the place of an error', () => {
  it.each([
    ['{"a": 1,}', 'line 1, column 9'],
    ['{"a" 1}', 'line 1, column 6'],
    ["{'a': 1}", 'line 1, column 2'],
    ['{"a": tru}', 'line 1, column 7'],
    ['{"a": 1}\n{', 'line 2, column 1'],
    ['{"a": [1, 2', 'line 1, column 12'],
    ['{\n  // remark\n}', 'line 2, column 3'],
    ['[1, 02]', 'line 1, column 6'],
    [`${'['.repeat(50_000)}`, 'line 1, column 102'],
  ])('%j', (text, place) => {
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect(placeOfError(text)).toBe(place);
  });
});

describe.skipIf(process.platform === 'win32')('what is no regular file', () => {
  it.each(['pipe', '/dev/zero', '/dev/null', folder])('is not read: %s', async (name) => {
    const SMTP_FIND_CONFIG = name === 'pipe' ? join(folder, 'pipe') : name;
    if (name === 'pipe') execFileSync('mkfifo', [SMTP_FIND_CONFIG]);
    const { code, stderr } = await runFake(['a@b.example'], { env: { SMTP_FIND_CONFIG } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^smtp-find: cannot read .*: it is (not a regular file|a directory)\n$/);
  });

  it('is not read to its end, where it is long', async () => {
    const SMTP_FIND_CONFIG = join(folder, 'sparse.json');
    writeFileSync(SMTP_FIND_CONFIG, '');
    truncateSync(SMTP_FIND_CONFIG, 2 ** 40);
    const { code, stderr } = await runFake(['a@b.example'], { env: { SMTP_FIND_CONFIG } });
    expect([code, stderr]).toEqual([2, expect.stringContaining('too long')]);
  });
});

describe('--show-config', () => {
  it('tells each value and where it comes from', async () => {
    const { path, ...env } = home({ timeout: 5, resolver: '192.0.2.1', color: false });
    const { code, stdout, stderr, finds } = await runFake(
      ['--show-config', '-j', '4', '-x', 'socks5://me:secret@proxy.example'],
      { env: { ...env, SMTP_FIND_CACERT: '/etc/ca.pem' }, stdinIsTTY: true },
    );
    expect([code, stderr, finds]).toEqual([0, '', []]);
    expect(stdout.replaceAll(path, 'PATH')).toMatchInlineSnapshot(`
      "resolver     192.0.2.1                   PATH
      proxy        socks5://***@proxy.example  --proxy
      timeout      5                           PATH
      cacert       /etc/ca.pem                 SMTP_FIND_CACERT
      public-only  no                          built in
      ispdb        Thunderbird's               built in
      concurrency  4                           --concurrency
      color        no                          PATH
      progress     yes                         built in

      Config file: PATH
      "
    `);
  });

  it('tells the same in JSON', async () => {
    const { path, ...env } = home({ timeout: 5 });
    const { stdout } = await runFake(['--show-config', '--json'], { env });
    expect(JSON.parse(stdout)).toMatchObject({
      file: { path, found: true },
      options: {
        timeout: { value: 5, from: path },
        resolver: { value: null, from: 'built in' },
        concurrency: { value: 8, from: 'built in' },
      },
    });
  });

  it.each([
    [{ NO_COLOR: '1' }, [], 'color', false, 'NO_COLOR'],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, [], 'color', true, 'FORCE_COLOR'],
    [{ FORCE_COLOR: '1' }, ['--no-color'], 'color', false, '--no-color'],
    [{ TERM: 'dumb' }, [], 'color', false, 'TERM'],
    [{ NO_COLOR: '' }, [], 'color', true, 'built in'],
    [{ CI: 'true' }, [], 'progress', false, 'CI'],
    [{ CI: 'true' }, ['--no-progress'], 'progress', false, '--no-progress'],
    [{ CI: 'false' }, [], 'progress', true, 'built in'],
  ] as const)('tells what %j makes of %j', async (env, options, key, value, from) => {
    const { stdout } = await runFake(['--show-config', '--json', ...options], { env });
    expect(JSON.parse(stdout)).toMatchObject({ options: { [key]: { value, from } } });
  });

  it.each([
    'user:hunter22@proxy.example:3128',
    'http://user:hunter22@proxy.example:3128',
    'http:user:hunter22@proxy.example',
    'http:/user:hunter22@proxy.example',
    'http:///user:hunter22@proxy.example',
    'user:hunt\ner22@proxy.example',
    'user:hunter22@evil@proxy.example',
    'user:hunter22\uff20proxy.example',
  ])('shows nothing of the password in a proxy written as %j', async (proxy) => {
    for (const env of [{ SMTP_FIND_PROXY: proxy }, { ALL_PROXY: proxy }]) {
      for (const args of [['--show-config'], ['--show-config', '--json']]) {
        const { code, stdout } = await runFake(args, { env });
        expect(code).toBe(0);
        expect(stdout).toContain('***@proxy.example');
        expect(stdout).not.toMatch(/hunt|er22|user/);
      }
    }
  });

  it('shows nothing of what stands before the @ of a resolver', async () => {
    for (const resolver of ['https://user:hunter22@dns.example/q', 'user:hunter22@192.0.2.1']) {
      for (const args of [['--show-config'], ['--show-config', '--json']]) {
        const { stdout } = await runFake([...args, '--resolver', resolver]);
        expect(stdout).toMatch(/\*\*\*@(dns\.example|192\.0\.2\.1)/);
        expect(stdout).not.toContain('hunter22');
      }
    }
  });

  it('names the usual variable that a proxy comes from', async () => {
    const env = { HTTPS_PROXY: 'http://u:p@proxy.example:3128' };
    const { stdout } = await runFake(['--show-config', '--json'], { env });
    expect(JSON.parse(stdout)).toMatchObject({
      file: null,
      options: { proxy: { value: 'http://***@proxy.example:3128', from: 'HTTPS_PROXY' } },
    });
  });
});
