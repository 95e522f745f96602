/** A format's name has several homes: none can be forgotten. CONTRIBUTING.md lists them. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { formatNames } from '../../../src/cli/options/table.ts';
import { type Format, formats } from '../../../src/render/formats/index.ts';
import { type Row, rows } from '../../real/formats/proofs.ts';

const names = formats.map(({ name }) => name);
const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

function isFormat(value: unknown): value is Format {
  return typeof value === 'object' && value !== null && 'summary' in value && 'render' in value;
}

it('src/render/formats/index.ts has every format of its folder', async () => {
  const folder = new URL('../../../src/render/formats/', import.meta.url);
  for (const file of readdirSync(folder).filter((name) => name !== 'index.ts')) {
    const exported = Object.values((await import(new URL(file, folder).href)) as object);
    for (const format of exported.filter(isFormat)) {
      expect(names, `${file} exports a format`).toContain(format.name);
    }
  }
});

it('each has a name of its own, and a summary of one line', () => {
  expect(new Set(names).size).toBe(names.length);
  for (const { summary } of formats) expect(summary).toMatch(/^[^\n]{10,72}$/);
});

it('src/cli/options/table.ts knows each by its name, in order', () => {
  expect(formatNames).toEqual(['text', 'json', 'tsv', ...names]);
});

it('README.md names each', () => {
  const row = read('README.md').match(/^\| `-f, --format` \|.*$/m)?.[0];
  for (const name of names) expect(row).toContain(`\`${name}\``);
});

it('docs/formats.md has a section for each, in order', () => {
  const headings = [...read('docs/formats.md').matchAll(/^## (.*)$/gm)];
  expect(headings.map(([, heading]) => heading)).toEqual(names);
});

it('docs/formats.md says which program shows of each that it is right', () => {
  const table = [...read('docs/formats.md').matchAll(/^\| `(.*)` \| (.*) \| (.*) \|$/gm)];
  const shown = table.map(([, format, program, how]) => ({ format, program, how }));
  const place = ({ format }: Row): number => names.indexOf(format);
  expect(shown).toEqual([...rows].sort((a, b) => place(a) - place(b)));
  expect(new Set(rows.map(({ format }) => format))).toEqual(new Set(names));
});
