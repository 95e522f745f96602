/** The documents' tables say what the program does. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { conditionTable } from '../../src/cli/checks/conditions.ts';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { optionTable } from '../../src/cli/options/table.ts';
import { examplesOfManual, lessonsOfHelp } from './blocks.ts';

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The code in the first column of the tables whose first heading is this. */
function firstColumn(text: string, heading: string): string[] {
  const [, table = ''] = text.split(`\n| ${heading} |`);
  const [rows = ''] = table.split('\n\n');
  return [...rows.matchAll(/^\| (.*?) \|/gm)].map(([, cell = '']) => cell).slice(1);
}

it('README.md names options that there are', () => {
  const known = optionTable().flatMap(({ short, long }) => [short, long]);
  const shown = firstColumn(read('README.md'), 'option')
    .join(' ')
    .match(/(?<=`|\s)--?\w[\w-]*/g);
  expect(shown?.length).toBeGreaterThan(15);
  expect(shown?.filter((option) => !known.includes(option))).toEqual([]);
});

it('README.md has every exit code', () => {
  const shown = firstColumn(read('README.md'), 'code').map(Number);
  expect(shown).toEqual(Object.values(exitCodes));
});

it('docs/ci.md has every condition, in the same words', () => {
  const text = read('docs/ci.md');
  for (const [name, meaning] of conditionTable) {
    expect(text).toContain(`| \`${name}\` | ${meaning} |`);
  }
});

it('the manual has the examples of --help', () => {
  const ofHelp = lessonsOfHelp().flatMap(({ steps }) => steps.map(({ command }) => command));
  expect(examplesOfManual()).toEqual(ofHelp);
});
