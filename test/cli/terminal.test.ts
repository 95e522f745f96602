import { describe, expect, it } from 'vitest';
import { capabilitiesOf } from '../../src/cli/terminal.ts';
import { runFake, Sink } from './fake-io.ts';

const terminal = new Sink(true);
const pipe = new Sink(false);

describe('capabilitiesOf', () => {
  it.each([
    ['a terminal', terminal, {}, true],
    ['a pipe', pipe, {}, false],
    ['NO_COLOR into a pipe', pipe, { NO_COLOR: '1' }, false],
    ['FORCE_COLOR=0 into a pipe', pipe, { FORCE_COLOR: '0' }, false],
    ['NO_COLOR', terminal, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR', terminal, { NO_COLOR: '' }, true],
    ['FORCE_COLOR', pipe, { FORCE_COLOR: '1' }, true],
    ['an empty FORCE_COLOR', pipe, { FORCE_COLOR: '' }, true],
    ['FORCE_COLOR over NO_COLOR', pipe, { FORCE_COLOR: '3', NO_COLOR: '1' }, true],
    ['FORCE_COLOR=0', terminal, { FORCE_COLOR: '0' }, false],
    ['a dumb terminal', terminal, { TERM: 'dumb' }, false],
  ])('with %s decides about colour', (_, stream, env, expected) => {
    expect(capabilitiesOf(stream, env).color).toBe(expected);
    expect(capabilitiesOf(stream, env, false).color).toBe(false);
  });

  it.each([
    [{ LANG: 'en_US.UTF-8' }, true],
    [{ LANG: 'de_DE.utf8' }, true],
    [{ LANG: 'C' }, false],
    [{}, false],
    [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, false],
    [{ LC_ALL: '', LC_CTYPE: 'C.UTF-8' }, true],
    [{ LANG: 'en_US.UTF-8', TERM: 'linux' }, false],
    [{ LANG: 'en_US.UTF-8', TERM: 'dumb' }, false],
    [{ WT_SESSION: 'x' }, true],
  ])('with %j decides about Unicode', (env, expected) => {
    expect(capabilitiesOf(terminal, env).unicode).toBe(expected);
  });

  it('takes the width of a terminal, and a usual one elsewhere', () => {
    const narrow = Object.assign(new Sink(true), { columns: 40 });
    expect(capabilitiesOf(narrow, {}).width).toBe(40);
    expect(capabilitiesOf(Object.assign(new Sink(true), { columns: 0 }), {}).width).toBe(80);
    expect(capabilitiesOf(Object.assign(new Sink(false), { columns: 40 }), {}).width).toBe(80);
  });
});

describe('the answer in JSON', () => {
  const json = (argv: readonly string[], isTTY: boolean, env: NodeJS.ProcessEnv = {}) =>
    runFake(['--json', ...argv], { stdout: new Sink(isTTY), env });

  it('is coloured on a terminal, unless the user wants no colours', async () => {
    expect((await json(['a@example.com'], true)).stdout).toContain('\u001b[');
    expect(
      (await json(['a@example.com'], true, { NO_COLOR: '1', FORCE_COLOR: '1' })).stdout,
    ).toContain('\u001b[');
    expect((await json(['a@example.com'], true, { NO_COLOR: '1' })).stdout).not.toContain('\u001b');
    expect((await json(['a@example.com', '--no-color'], true)).stdout).not.toContain('\u001b');
  });

  it('is never coloured for a pipe or a file, nor where there is a line an answer', async () => {
    const piped = await json(['a@example.com'], false, { FORCE_COLOR: '1' });
    expect(piped.stdout).not.toContain('\u001b');
    const several = await json(['a@example.com', 'b@example.com'], true);
    expect(several.stdout).not.toContain('\u001b');
    expect(several.stdout.trimEnd().split('\n')).toHaveLength(2);
  });
});

describe('the answer in text', () => {
  it('is coloured on a terminal only, and never with --no-color', async () => {
    const colored = await runFake(['a@example.com'], { stdout: new Sink(true) });
    expect(colored.stdout).toContain('\u001b[');
    const plain = await runFake(['a@example.com', '--no-color'], { stdout: new Sink(true) });
    expect(plain.stdout).not.toContain('\u001b');
    expect((await runFake(['a@example.com'])).stdout).not.toContain('\u001b');
  });

  it('is ASCII without a UTF-8 locale', async () => {
    const { stdout } = await runFake(['a@example.com', 'nowhere.example'], { env: {} });
    expect(stdout).toMatch(/^[\n -~]*$/);
  });
});
