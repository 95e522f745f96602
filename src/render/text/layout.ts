/** Laying out text in columns: how wide it shows, where it breaks. */
import { stripVTControlCharacters } from 'node:util';

// East Asian Wide and Fullwidth blocks (UAX #11), as far as names and messages hold them; and
// what is shown as a picture.
const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
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

/** Cut to so many columns, with a sign that something is missing. */
export function truncate(text: string, width: number, ellipsis: string): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  let left = width - displayWidth(ellipsis);
  for (const character of text) {
    left -= displayWidth(character);
    if (left < 0) break;
    kept += character;
  }
  return kept + ellipsis;
}

/**
 * A paragraph that begins with `first` and hangs below it, broken at spaces. A word that is too
 * long for its column (a host, a URL) has a line to itself, further left, so that it stays whole
 * and can be copied.
 * @param first may hold colours
 * @param text may hold coloured words, but no coloured spaces
 * @param style applied line by line to the text
 * @param indent of all lines but the first
 */
export function hanging(
  first: string,
  text: string,
  width: number,
  style: (line: string) => string = (line) => line,
  indent: number = displayWidth(first),
): string[] {
  const room = Math.max(width - indent, MIN_TEXT);
  const isLong = (word: string): boolean => indent > OUTDENT && displayWidth(word) > room;
  const lines: string[] = [];
  let start = first;
  let line = '';
  const end = (): void => {
    const shown = line === '' ? start.trimEnd() : start + style(line);
    if (shown !== '') lines.push(shown);
    start = ' '.repeat(indent);
    line = '';
  };
  for (const word of text.split(/ +/)) {
    if (isLong(word)) {
      end();
      start = displayWidth(word) > width - OUTDENT ? '' : ' '.repeat(OUTDENT);
      line = word;
      end();
    } else if (line === '') line = word;
    else if (displayWidth(start) + displayWidth(line) + 1 + displayWidth(word) <= indent + room) {
      line += ` ${word}`;
    } else {
      end();
      line = word;
    }
  }
  if (line !== '' || lines.length === 0) end();
  return lines;
}

/** Where a word goes that is too long for its column. */
const OUTDENT = 2;

/** Narrower than this, text overflows rather than become a column of single words. */
const MIN_TEXT = 16;
