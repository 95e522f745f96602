import { describe, expect, it } from 'vitest';
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

  it('has what an option does beside it, or below it where there is no room', () => {
    expect(helpAt(80)).toMatch(/^ {2}--offline {16}the bundled database only, no network at all$/m);
    expect(helpAt(40)).toMatch(
      /^ {2}--offline\n {6}the bundled database only, no\n {6}network at all$/m,
    );
  });
});
