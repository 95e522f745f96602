import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { formats } from '../../../src/render/formats/index.ts';
import { school } from './reports.ts';

const text = readFileSync(new URL('../../../docs/formats.md', import.meta.url), 'utf8');
const sections = new Map(
  text
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.split('\n')[0], section]),
);

it.each(formats.map(({ name, render }) => [name, render] as const))(
  'docs/formats.md shows what %s really writes',
  (name, render) => {
    const [, shown] = /^```\w+\n([\s\S]*?)^```$/m.exec(sections.get(name) ?? '') ?? [];
    expect(shown).toBe(render(school));
  },
);
