/** The documents' tables say what the program does. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { conditionTable } from '../../src/cli/checks/conditions.ts';
import { readConfigFile } from '../../src/cli/config/config-file.ts';
import { settings } from '../../src/cli/config/settings.ts';
import { exitCodes, exitCodeTable } from '../../src/cli/exit-codes.ts';
import { helpText } from '../../src/cli/options/parse.ts';
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

describe('exit codes', () => {
  it('are all explained', () => {
    expect(exitCodeTable.map(([code]) => code)).toEqual(Object.values(exitCodes));
  });

  it('are those of README.md, in the same words', () => {
    const [, table = ''] = read('README.md').split('\n| code | meaning |\n');
    const [rows = ''] = table.replaceAll('`', '').split('\n\n');
    const shown = [...rows.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(([, code, meaning]) => [
      Number(code),
      meaning,
    ]);
    expect(shown).toEqual(exitCodeTable);
  });

  it('are those of --help and the manual, in the same words', () => {
    const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').toLowerCase();
    const help = oneLine(helpText(80));
    const manual = oneLine(read('man/smtp-find.1').replaceAll('\\-', '-'));
    for (const [code, meaning] of exitCodeTable) {
      expect(help).toContain(` ${code} ${meaning.toLowerCase()}`);
      expect(manual).toContain(`.tp .b ${code} ${meaning.toLowerCase()}`);
    }
  });
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

it('docs/configuration.md has every key, with its variable and option, and an example that is taken', async () => {
  const text = read('docs/configuration.md');
  const rows = [
    ...text.matchAll(/^\| `([\w-]+)` \|(?: `(\w+)` )?\|? ?\| `--(?:no-)?([\w-]+)` \|/gm),
  ];
  expect(rows.map(([, key, variable, option]) => [key, variable ?? null, option])).toEqual(
    settings.map(({ key, variable }) => [key, variable, key]),
  );
  const [, example = ''] = /```json\n(.*?)```/s.exec(text) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'smtp-find-'));
  const path = join(folder, 'config.json');
  writeFileSync(path, example);
  const config = readConfigFile({ SMTP_FIND_CONFIG: path });
  expect([...(config?.values.keys() ?? [])]).toEqual(['resolver', 'timeout', 'cacert']);
  rmSync(folder, { recursive: true });
});

it('the manual has every variable', () => {
  const manual = read('man/smtp-find.1');
  for (const { variable } of settings) if (variable) expect(manual).toContain(variable);
});
