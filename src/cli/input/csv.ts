/**
 * The first column of CSV (RFC 4180), which for a plain list is the whole line. Fields end at a
 * comma, a semicolon or a tab: no address holds one of these outside quotes.
 */
import { type Line, MAX_LINE } from './lines.ts';

/** A quoted field in a later column may go on over this many lines; then it is no CSV. */
const MOST_LINES = 100;

export async function* firstColumn(lines: AsyncIterable<Line>): AsyncGenerator<Line> {
  const iterator = lines[Symbol.asyncIterator]();
  // Lines that turned out not to belong to the record before them.
  let again: Line[] = [];
  const next = async (): Promise<Line | undefined> => {
    const line = again.shift();
    if (line) return line;
    const { done, value } = await iterator.next();
    return done === true ? undefined : value;
  };
  try {
    let first = true;
    for (let line = await next(); line; line = await next()) {
      // Above the header, too: it need not be the first line of the file.
      if (line.text.trim() === '') continue;
      const { field, open } = readStart(line.text);
      const rest: Line[] = [];
      // Of a line that was cut nobody knows how it ends.
      for (let isOpen = open && line.text.length <= MAX_LINE; isOpen; ) {
        const more = rest.length < MOST_LINES ? await next() : undefined;
        if (more) rest.push(more);
        isOpen = more !== undefined && endsOpen(more.text, 0, true);
        if (!more) again = [...rest.splice(0), ...again];
      }
      const bytes = rest.reduce((sum, more) => sum + more.bytes, line.bytes);
      const isHeader = first && looksLikeHeader(field);
      first = false;
      if (!isHeader) yield { ...line, text: field, bytes };
    }
  } finally {
    await iterator.return?.();
  }
}

/** A name for the column: a word or two, where an address or a domain has a dot or an @. */
function looksLikeHeader(field: string): boolean {
  return field.trim() !== '' && !/[@.]/.test(field);
}

const SEPARATOR = /[,;\t]/;

/** @returns the first field, and whether a later one goes on in the next line */
function readStart(line: string): { field: string; open: boolean } {
  const quoted = /^"((?:[^"]|"")*)"[ ]*(?:[,;\t]|$)/.exec(line);
  if (quoted) {
    const field = (quoted[1] ?? '').replaceAll('""', '"');
    return { field, open: endsOpen(line, quoted[0].length, false) };
  }
  const end = fieldEnd(line);
  const open = end < line.length && endsOpen(line, end + 1, false);
  return { field: line.slice(0, end), open };
}

/** Separators inside quotes do not count: `"a,b"@example.com` is an address. */
function fieldEnd(line: string): number {
  const quotedPart = /^"(?:[^"\\]|\\.)*"/.exec(line)?.[0].length ?? 0;
  const at = line.slice(quotedPart).search(SEPARATOR);
  return at === -1 ? line.length : quotedPart + at;
}

/**
 * Whether a line ends inside a quoted field.
 * @param from where a field begins
 * @param inside whether that field is a quoted one, begun in an earlier line
 */
function endsOpen(line: string, from: number, inside: boolean): boolean {
  let quoted = inside;
  let fresh = !inside;
  for (let i = from; i < line.length; i++) {
    const character = line.charAt(i);
    if (quoted) {
      // A doubled quote closes and opens at once, which comes to the same.
      if (character === '"') quoted = false;
    } else if (character === '"') {
      if (fresh || line.charAt(i - 1) === '"') quoted = true;
    }
    fresh = !quoted && SEPARATOR.test(character);
  }
  return quoted;
}
