/** A screen drawn as an SVG: text stays text, and nothing is fetched to show it. */
import type { Ink, Run, Screen } from './screen.ts';

export interface Theme {
  readonly background: string;
  readonly border: string;
  readonly ink: string;
  /** By the number that terminals give them: red 1, green 2, yellow 3. No other is used. */
  readonly palette: Readonly<Record<number, string>>;
}

/** Colours as GitHub shows them, so that the picture belongs to the page. */
export const themes = {
  dark: {
    background: '#0d1117',
    border: '#30363d',
    ink: '#e6edf3',
    palette: { 1: '#ff7b72', 2: '#3fb950', 3: '#d29922' },
  },
  light: {
    background: '#ffffff',
    border: '#d1d9e0',
    ink: '#1f2328',
    palette: { 1: '#cf222e', 2: '#116329', 3: '#7d4e00' },
  },
} as const satisfies Readonly<Record<string, Theme>>;

const FONT_SIZE = 14;
/** Monospaced fonts differ a little in width: `textLength` fits each text into this grid. */
const CELL = 8.4;
const LINE = 20;
const PADDING = 20;

const FONTS =
  "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace";

/** @param title read out to those who do not see the picture */
export function drawScreen(screen: Screen, columns: number, theme: Theme, title: string): string {
  const width = round(columns * CELL + 2 * PADDING);
  const height = screen.length * LINE + 2 * PADDING;
  const lines = screen.flatMap((runs, y) => runs.flatMap((run) => textsOf(run, y, theme)));
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8" fill="${theme.background}" stroke="${theme.border}"/>`,
    `<g fill="${theme.ink}" font-family="${FONTS}" font-size="${FONT_SIZE}">`,
    ...lines,
    '</g>',
    '</svg>',
  ].join('\n')}\n`;
}

/** A text for each piece between gaps, since SVG makes one space of several. */
function textsOf({ column, width, text, ink }: Run, line: number, theme: Theme): string[] {
  const perCharacter = width / [...text].length;
  const y = PADDING + line * LINE + 15;
  return Array.from(text.matchAll(/\S+(?: \S+)*/g), ({ 0: piece, index }) => {
    const x = round(PADDING + (column + [...text.slice(0, index)].length * perCharacter) * CELL);
    const length = round([...piece].length * perCharacter * CELL);
    return `<text x="${x}" y="${y}" textLength="${length}"${attributes(ink, theme)}>${escaped(piece)}</text>`;
  });
}

function attributes({ color, bold }: Ink, { palette }: Theme): string {
  const fill = color === null ? undefined : palette[color % 8];
  return (fill === undefined ? '' : ` fill="${fill}"`) + (bold ? ' font-weight="bold"' : '');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function round(length: number): number {
  return Math.round(length * 100) / 100;
}
