import { describe, expect, it } from 'vitest';
import { settings } from '../../src/cli/config/settings.ts';
import { parseArguments } from '../../src/cli/options/parse.ts';
import { displayWidth } from '../../src/render/text/layout.ts';

function helpAt(width: number): string {
  const parsed = parseArguments(['--help'], width);
  return parsed.kind === 'text' ? parsed.text : '';
}

/** What somebody types has to stay on its line. */
const COMMAND = /^(?:Usage:| {2}smtp-find )/;

describe('the help', () => {
  it.each([40, 60, 80, 120])('breaks no word at %i columns', (width) => {
    const lines = helpAt(width).split('\n');
    const long = lines.filter((line) => displayWidth(line) > width && !COMMAND.test(line));
    expect(long).toEqual([]);
  });

  it('names every variable of ours, and where the configuration is', () => {
    const text = helpAt(80);
    const variables = settings.flatMap(({ variable }) => (variable === null ? [] : [variable]));
    for (const name of [
      ...variables,
      'SMTP_FIND_PASSWORD',
      'SMTP_FIND_TOKEN',
      'SMTP_FIND_CONFIG',
    ]) {
      expect(text).toContain(name);
    }
    expect(text).toContain('~/.config/smtp-find/config.json');
    expect(text).toContain('%APPDATA%\\smtp-find\\config.json');
  });

  it('tells what a terminal has otherwise, and when a batch ends with a summary', () => {
    const text = helpAt(80).replace(/\s+/g, ' ');
    expect(text).toMatch(/--json JSON: .*indented on a terminal/);
    expect(text).toMatch(/--quiet .*summary/);
  });

  it('has what an option does beside it, or below it where there is no room', () => {
    expect(helpAt(80)).toMatch(/^ {2}--offline {16}the bundled database only, no network at all$/m);
    expect(helpAt(40)).toMatch(
      /^ {2}--offline\n {6}the bundled database only, no\n {6}network at all$/m,
    );
  });
});
