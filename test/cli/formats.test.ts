import { describe, expect, it } from 'vitest';
import { formats } from '../../src/render/formats/index.ts';
import { unverified, verified } from '../render/samples.ts';
import { runFake } from './fake-io.ts';

describe('--format', () => {
  it.each(formats)('$name writes to stdout what the format makes of the report', async (format) => {
    const { code, stdout, stderr } = await runFake(['-f', format.name, 'you@example.com']);
    expect(stdout).toBe(format.render(verified));
    expect([code, stderr]).toEqual([0, '']);
  });

  it('says on stderr what may not show in a file', async () => {
    const doubtful = await runFake(['-f', 'url', 'unverified.example']);
    expect(doubtful.stdout).toMatch(/^smtp:\/\/\S+\n$/);
    expect(doubtful.stderr).toBe(
      `smtp-find: unverified.example: not verified. ${unverified.warnings[0]?.message}\n`,
    );
    expect(doubtful.code).toBe(3);
    const missing = await runFake(['-f', 'url', 'nowhere.example']);
    expect([missing.code, missing.stdout, missing.stderr]).toEqual([
      ...[1, '', 'smtp-find: nowhere.example: no settings found\n'],
    ]);
  });

  it.each([[['--no-probe', 'unverified.example']], [['-q', 'unverified.example']]])(
    'says nothing there for %j',
    async (argv) => {
      expect((await runFake(['-f', 'url', ...argv])).stderr).toBe('');
    },
  );

  it('gives a line for each of several where a line is all there is, else a blank between', async () => {
    const urls = await runFake(['-f', 'url', 'a@example.com', 'bad one', 'b@example.com']);
    expect(urls.stdout.trimEnd().split('\n')).toHaveLength(2);
    expect(urls.stderr).toContain('smtp-find: bad one: "bad one" is not an address');
    expect(urls.code).toBe(2);
    const files = await runFake(['-f', 'env', 'a@example.com', 'b@example.com']);
    expect(files.stdout.split('\n\n')).toHaveLength(2);
  });
});

describe('--proxy', () => {
  it('reaches the session', async () => {
    const { session } = await runFake(['-x', 'socks5://127.0.0.1:1080', 'a@example.com']);
    expect(session).toMatchObject({ proxy: 'socks5://127.0.0.1:1080' });
  });
});
