/** Laying out text in columns: how wide it shows, where it breaks. */
import { stripVTControlCharacters } from 'node:util';

// East Asian Wide and Fullwidth blocks (UAX #11), as far as names and messages hold them.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const MARK = /\p{Mn}|\p{Me}/u;

/** Columns that a text takes on a terminal; colours take none. */
export function displayWidth(styled: string): number {
  const text = stripVTControlCharacters(styled);
  if (/^[\x00-\x7f]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) {
    if (!MARK.test(character)) width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}

export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

/**
 * Lines of at most `width` columns, broken at spaces. A longer word (a host, a URL) stays whole,
 * so that it can be copied.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/)) {
    if (line === '') line = word;
    else if (displayWidth(line) + 1 + displayWidth(word) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  lines.push(line);
  return lines;
}

/**
 * A paragraph that begins with `first` and hangs below it.
 * @param first may hold colours
 * @param text may hold coloured words, but no coloured spaces
 * @param style applied line by line to the text
 */
export function hanging(
  first: string,
  text: string,
  width: number,
  style: (line: string) => string = (line) => line,
): string[] {
  const indent = displayWidth(first);
  const lines = wrap(text, Math.max(width - indent, MIN_TEXT));
  return lines.map((line, i) => (i === 0 ? first : ' '.repeat(indent)) + style(line));
}

/** Narrower than this, text overflows rather than become a column of single words. */
const MIN_TEXT = 16;
