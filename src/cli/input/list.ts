/** The queries of a list: plain lines, addresses separated by commas, CSV, TSV, or NDJSON. */
import { splitQueries } from '../../model/query.ts';
import { isJson, readJson } from './json-line.ts';
import { type Line, MAX_LINE } from './lines.ts';
import { addressOf, cells, readHeader, rowReader, type Table, unquoted } from './table.ts';

export interface Listed {
  readonly text: string;
  /** Of the stream; a line with several queries counts for the first. */
  readonly bytes: number;
  /** Why the line holds no query, whatever its text; else null. */
  readonly problem: string | null;
  /** The line, where it holds several. */
  readonly line: string | null;
}

/** Nothing longer can be an address. */
export const MAX_QUERY = 4096;

const COMMENT_OR_BLANK = /^\s*(?:#|$)/;
/** Of a row that was cut, what may be half of an address. */
const LAST_FIELD = /[,;\t][^,;\t]*$/;
const TO_CUT = /[,;\t"]|mailto:/i;

/** @param isFile see `readHeader` */
export async function* readList(
  lines: AsyncIterable<Line>,
  isFile: boolean,
): AsyncGenerator<Listed> {
  const rows = rowReader(lines);
  let table: Table | null = null;
  let first = true;
  try {
    for (let line = await rows.next(); line; line = await rows.next()) {
      if (COMMENT_OR_BLANK.test(line.text)) continue;
      const json = isJson(line.text);
      const header = first && line.valid && !json ? readHeader(line.text, isFile) : 'none';
      first = false;
      // A word of that length is no name of a column.
      const most = header === 'alone' ? MAX_QUERY : MAX_LINE;
      if (header !== 'none' && line.text.length > most) {
        yield bad(line, TOO_LONG);
        continue;
      }
      if (typeof header === 'object') table = header;
      if (header !== 'none') continue;
      if (!line.valid) yield bad(line, NOT_UTF8);
      else if (json) yield* ofJson(line);
      else yield* ofRow(await rows.complete(line, table), table);
    }
  } finally {
    await rows.close();
  }
}

const NOT_UTF8 = 'is not UTF-8';
const TOO_LONG = 'is too long';
const NO_ADDRESS = 'is JSON without "email" or "query"';
const NOT_JSON = 'is not JSON with "email" or "query", an object a line';

function* ofRow(row: Line, table: Table | null): Generator<Listed> {
  const isCut = row.text.length > MAX_LINE;
  if (!row.valid) yield bad(row, NOT_UTF8);
  else if (table) yield* ofCell(cellOf(row.text, table), row);
  else if (!TO_CUT.test(row.text)) yield one(row.text, row);
  else {
    const several = splitQueries(isCut ? row.text.replace(LAST_FIELD, '') : row.text);
    if (several.length === 1) yield* ofCell(cellOf(row.text, null), row);
    else if (isCut) yield bad(row, TOO_LONG);
    else yield* each(several.map(unquoted), row);
  }
}

/** @returns null for a row of empty fields */
function cellOf(row: string, table: Table | null): string | null {
  const fields = cells(row, table?.separator);
  if (fields.every((field) => field.trim() === '')) return null;
  const column = table?.column ?? null;
  return (column === null ? addressOf(fields) : (fields[column] ?? '')).trim();
}

function* ofCell(cell: string | null, line: Line): Generator<Listed> {
  if (cell !== null) yield* each(splitQueries(cell), line);
}

function* ofJson(line: Line): Generator<Listed> {
  if (line.text.length > MAX_LINE) {
    yield bad(line, TOO_LONG);
    return;
  }
  const texts = readJson(line.text);
  if (texts === null) yield bad(line, NOT_JSON);
  else if (texts.every((text) => text === null)) yield bad(line, NO_ADDRESS);
  else yield* ofElements(texts, line);
}

/** What a line took of the stream counts for the first. */
function* ofElements(texts: readonly (string | null)[], line: Line): Generator<Listed> {
  let bytes = line.bytes;
  for (const text of texts) {
    if (text === null) yield bad({ ...line, bytes }, NO_ADDRESS);
    else yield* each(splitQueries(text), { ...line, bytes });
    bytes = 0;
  }
}

function* each(texts: readonly string[], line: Line): Generator<Listed> {
  const [first = '', ...others] = texts;
  const whole = others.length > 0 ? line.text : null;
  yield { ...one(first, line), line: whole };
  for (const text of others) yield { ...one(text, { ...line, bytes: 0 }), line: whole };
}

function one(text: string, { bytes }: Line): Listed {
  if (text.length <= MAX_QUERY) return { text, bytes, problem: null, line: null };
  return { text: text.slice(0, MAX_QUERY), bytes, problem: TOO_LONG, line: null };
}

function bad({ text, bytes }: Line, problem: string): Listed {
  return { text: text.slice(0, MAX_QUERY), bytes, problem, line: null };
}
