/** The pictures in the README are what the program prints today. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hasPseudoTerminals, runOnTerminal } from '../../scripts/picture/pseudo-terminal.ts';
import { screenOf } from '../../scripts/picture/screen.ts';
import { drawScreen, themes } from '../../scripts/picture/svg.ts';
import { pictures, picturesFolder } from '../../scripts/picture.ts';

const SIZE = { columns: 20, rows: 5 };

const hasTerminals = hasPseudoTerminals();
if (!hasTerminals) {
  console.warn('SKIPPED: whether the pictures are up to date. python3 with its pty is missing.');
  it.runIf(process.env.CI)('has a pseudo-terminal in CI', () => expect.fail('there is no python3'));
}

describe.skipIf(!hasTerminals)('the pictures', () => {
  it('show what the program prints: else run `npm run picture`', async () => {
    for (const [name, svg] of await pictures()) {
      expect(readFileSync(new URL(name, picturesFolder), 'utf8'), name).toBe(svg);
    }
  }, 60_000);

  it('come from a terminal as wide as was asked, in the locale that was asked', async () => {
    const command = ['sh', '-c', 'stty size; echo "$LANG$LC_ALL$LC_CTYPE"; exit 3'];
    const shown = await runOnTerminal(command, SIZE, { PATH: process.env.PATH, LANG: 'C' });
    expect(shown).toBe('5 20\r\nC\r\n');
  });
});

it('the README shows pictures that are there', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const shown = [...readme.matchAll(/(?:src|srcset)="([^"]+)"/g)].map(([, path = '']) => path);
  expect(shown.length).toBeGreaterThan(0);
  for (const path of shown) {
    expect(existsSync(fileURLToPath(new URL(`../../${path}`, import.meta.url))), path).toBe(true);
  }
});

describe('a screen', () => {
  const plain = { color: null, bold: false };

  it('is what is left when all was written', async () => {
    const written =
      'asking…\u001b[2K\u001b[G\u001b[32m✔\u001b[39m \u001b[1mok\u001b[22m fine\r\n\r\n';
    expect(await screenOf(written, SIZE)).toEqual([
      [
        { column: 0, width: 1, text: '✔', ink: { ...plain, color: 2 } },
        { column: 1, width: 1, text: ' ', ink: plain },
        { column: 2, width: 2, text: 'ok', ink: { ...plain, bold: true } },
        { column: 4, width: 5, text: ' fine', ink: plain },
      ].filter(({ text }) => text !== ' '),
    ]);
  });

  it('has wide characters apart, so that columns stay in line', async () => {
    const [line = []] = await screenOf('a例子b', SIZE);
    expect(line.map(({ column, width, text }) => [column, width, text])).toEqual([
      [0, 1, 'a'],
      [1, 4, '例子'],
      [5, 1, 'b'],
    ]);
  });

  it('is drawn as text in its place, and nothing is taken for markup', async () => {
    const screen = await screenOf('Port      465\r\n<b> & "c"', SIZE);
    const svg = drawScreen(screen, SIZE.columns, themes.light, 'a <title>');
    expect(svg).toContain('<title>a &lt;title&gt;</title>');
    expect(svg).toContain('<text x="20" y="35" textLength="33.6">Port</text>');
    expect(svg).toContain('<text x="104" y="35" textLength="25.2">465</text>');
    expect(svg).toContain('>&lt;b&gt; &amp; "c"</text>');
  });
});
