/** A format's name has several homes: none can be forgotten. CONTRIBUTING.md lists them. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { formatNames } from '../../../src/cli/options/table.ts';
import { type Format, formats } from '../../../src/render/formats/index.ts';
import { programs } from '../../real/formats/programs.ts';

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

/** Proven elsewhere than in test/real/formats/programs.ts. */
const proof: Readonly<Record<string, string>> = {
  postfix: 'test/real/formats/postfix.ts', // It relays, from a root of its own.
  env: 'test/render/formats/env.test.ts', // Shells, Node and dotenv's rules read it.
  autoconfig: 'test/render/formats/autoconfig.test.ts', // Our own source reads it.
};

it('each is given to the program that it is for', () => {
  const proven = [...programs.map(({ format }) => format), ...Object.keys(proof)];
  expect(new Set(proven)).toEqual(new Set(names));
  for (const [name, path] of Object.entries(proof)) expect(read(path)).toContain(name);
});
