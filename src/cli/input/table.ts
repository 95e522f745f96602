/** CSV (RFC 4180), with commas, semicolons or tabs: rows over lines, and the column of addresses. */
import { fieldsOf, SEPARATORS } from '../../model/pasted.ts';
import { isQuery } from '../../model/query.ts';
import { type Line, MAX_LINE } from './lines.ts';

/** A quoted field may go on over this many lines; then it is no CSV. */
const MOST_LINES = 100;

/** What a header says. */
export interface Table {
  readonly separator: string;
  /** Null where no name is known: the column is found by what it holds. */
  readonly column: number | null;
}

/** Names of the column, the best one first: beside `email` an `address` is a street. */
const COLUMN_NAMES: readonly string[] = [
  'email',
  'emailaddress',
  'mail',
  'mailaddress',
  'query',
  'address',
  'domain',
];

export type Header = 'none' | 'alone' | Table;

/**
 * @param isFile where a first row of words is a header whatever they are; else one has to be known,
 * since a line of stdin may be a query that is no good
 * @returns `alone` for one that names the only column
 */
export function readHeader(line: string, isFile: boolean): Header {
  const separator = separatorOf(line);
  const names = cells(line, separator).map((name) => name.trim().toLowerCase());
  if (names.every((name) => name === '') || line.includes('@')) return 'none';
  const column = columnNamed(names);
  const words = isFile && names[0] !== '' && !names.some((name) => isQuery(name));
  if (column === null && !(words && !names[0]?.includes('.'))) return 'none';
  return names.length === 1 ? 'alone' : { separator, column };
}

/** Which of several names is that of the address: `E-Mail`, `email_address`, `emailAddress`. */
export function columnNamed(names: readonly string[]): number | null {
  const plain = names.map((name) => name.toLowerCase().replace(/[\s_-]/g, ''));
  const known = COLUMN_NAMES.find((name) => plain.includes(name));
  return known === undefined ? null : plain.indexOf(known);
}

function separatorOf(line: string): string {
  const counts = [...SEPARATORS].map((separator) => fieldsOf(line, separator).length);
  return SEPARATORS.charAt(counts.indexOf(Math.max(...counts)));
}

/** The fields of a row, without the quotes around them. */
export function cells(row: string, separators: string = SEPARATORS): string[] {
  return fieldsOf(row, separators).map(unquoted);
}

export function unquoted(field: string): string {
  const inside = /^\s*"((?:[^"]|"")*)"\s*$/.exec(field)?.[1];
  return inside === undefined ? field : inside.replaceAll('""', '"');
}

/** The first field, where it can be asked about; else the first address, else the first domain. */
export function addressOf(fields: readonly string[]): string {
  const [first = ''] = fields;
  if (isQuery(first)) return first;
  const others = fields.filter(isQuery);
  return others.find((field) => field.includes('@')) ?? others[0] ?? first;
}

/** Reads lines as rows: a quoted field may go on in the lines that follow. */
export function rowReader(lines: AsyncIterable<Line>): {
  next(): Promise<Line | undefined>;
  /** The row that begins in a line. Text beyond what a line may have is cut. */
  complete(line: Line, table: Table | null): Promise<Line>;
  close(): Promise<void>;
} {
  // A line may be looked at for each row that could go on in it.
  const seen = new WeakMap<Line, Continuation>();
  const continuation = (line: Line, table: Table | null): Continuation => {
    const known = seen.get(line) ?? continuationOf(line.text, table);
    seen.set(line, known);
    return known;
  };
  const iterator = lines[Symbol.asyncIterator]();
  // Lines that turned out not to belong to the row before them.
  let again: Line[] = [];
  const next = async (): Promise<Line | undefined> => {
    const line = again.shift();
    if (line) return line;
    const { done, value } = await iterator.next();
    return done === true ? undefined : value;
  };
  return {
    next,
    async complete(line, table) {
      const rest: Line[] = [];
      const separators = table?.separator ?? SEPARATORS;
      // Without a header it may be a plain list, in which a quote that begins a line means nothing.
      const from = table ? 0 : (fieldsOf(line.text, separators)[0]?.length ?? 0) + 1;
      // Of a line that was cut nobody knows how it ends.
      let open = line.text.length <= MAX_LINE && endsOpen(line.text, from, false, separators);
      while (open) {
        const more = rest.length < MOST_LINES ? await next() : undefined;
        if (more) rest.push(more);
        const what = more ? continuation(more, table) : 'none';
        if (what === 'none') again = [...rest.splice(0), ...again];
        open = what === 'open';
      }
      if (rest.length === 0) return line;
      const all = [line, ...rest];
      return {
        ...line,
        text: all
          .map(({ text }) => text)
          .join('\n')
          .slice(0, MAX_LINE + 1),
        bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
        valid: all.every(({ valid }) => valid),
      };
    },
    async close() {
      await iterator.return?.();
    },
  };
}

/** What a line is to a quoted field that is open before it: no part of it, one that closes it, or not. */
type Continuation = 'none' | 'closing' | 'open';

function continuationOf(line: string, table: Table | null): Continuation {
  if (isRow(line, table)) return 'none';
  return endsOpen(line, 0, true, table?.separator ?? SEPARATORS) ? 'open' : 'closing';
}

/**
 * Whether a line has its own address where a row has it: then the quote before it is one that nobody
 * has closed. A quoted field of several addresses has nothing else beside them.
 */
function isRow(line: string, table: Table | null): boolean {
  if (!line.includes('@')) return false;
  const fields = cells(line, table?.separator);
  const address = fields[table?.column ?? 0] ?? '';
  if (!address.includes('@') || !isQuery(address)) return false;
  return !table || fields.some((field) => field.trim() !== '' && !isQuery(field));
}

/**
 * Whether a line ends inside a quoted field.
 * @param from where a field begins
 * @param inside whether that field is a quoted one, begun in an earlier line
 */
function endsOpen(line: string, from: number, inside: boolean, separators: string): boolean {
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
    fresh = !quoted && (separators.includes(character) || (fresh && character === ' '));
  }
  return quoted;
}
