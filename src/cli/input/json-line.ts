/** A line of JSON in a list: an object with an address, or an array of such. */
import { columnNamed } from './table.ts';

/** As `{` begins nothing that people write for an address, but this. */
const OBJECT = /^\s*\{\s*(?:["}]|$)/;
/** An address may stand in brackets; what begins so does not. */
const ARRAY = /^\s*\[\s*(?:\{|"(?:[^"\\]|\\.)*"\s*[,\]])/;

export function isJson(line: string): boolean {
  return OBJECT.test(line) || ARRAY.test(line);
}

/** @returns the text of each query, null for an element without; null for what is not JSON */
export function readJson(line: string): readonly (string | null)[] | null {
  let value: unknown;
  try {
    // A line of an array that goes on in the next.
    value = JSON.parse(line.replace(/,\s*$/, ''));
  } catch {
    return null;
  }
  return Array.isArray(value) ? value.map(queryIn) : [queryIn(value)];
}

function queryIn(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return null;
  const texts = Object.entries(value).filter(
    (member): member is [string, string] => typeof member[1] === 'string',
  );
  // Of our own results the query, as it was typed.
  const own = texts.find(([name]) => name === 'query');
  const column = columnNamed(texts.map(([name]) => name));
  return own?.[1] ?? (column === null ? null : (texts[column]?.[1] ?? null));
}
