/** What the documents show of the command line is what it takes. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { conditionTable } from '../../src/cli/conditions.ts';
import { checkOptions } from '../../src/cli/options.ts';
import { parseArguments } from '../../src/cli/program.ts';

const documents = [
  'README.md',
  'docs/batch.md',
  'docs/ci.md',
  'docs/sources.md',
  'docs/privacy.md',
  'docs/login.md',
];

function read(document: string): string {
  return readFileSync(new URL(`../../${document}`, import.meta.url), 'utf8');
}

/** Every command in a block of code, up to what the shell takes for itself. */
function commands(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^ *```(?:sh|console|yaml)\n(.*?)^ *```/gms)];
  return blocks.flatMap(([, block = '']) =>
    [
      ...block
        .replaceAll(/>\n\s+node/g, 'node')
        .matchAll(/smtp-find(?:\.js)? ((?:[^|<>;&#\n]|\n {10}-)+)/g),
    ]
      .map(([, args = '']) => args.trim())
      .filter((args) => args !== '' && !/^(cd|smtp-find)\b/.test(args)),
  );
}

describe.each(documents)('%s', (document) => {
  it('shows only commands that are understood', () => {
    for (const command of commands(read(document))) {
      const argv = command.split(/\s+/).filter((word) => word !== '…');
      const parsed = parseArguments(argv, 80);
      expect(parsed.kind, command).not.toBe('wrong');
      if (parsed.kind === 'run') checkOptions(parsed.options, {});
    }
  });
});

describe('docs/ci.md', () => {
  it('has every condition, in the same words', () => {
    const text = read('docs/ci.md');
    for (const [name, meaning] of conditionTable) {
      expect(text).toContain(`| \`${name}\` | ${meaning} |`);
    }
  });
});
