/**
 * Text from the network, made safe to show: without control characters, terminal escapes,
 * bidirectional overrides, or other invisible formatting that could disguise what is read.
 */

// C0, DEL and C1; line and paragraph separators; what has no shape of its own: soft hyphen, joiners,
// bidirectional marks, byte order mark, fillers, variation selectors, tag characters; lone surrogates.
const UNPRINTABLE =
  /[\p{Control}\p{Format}\u2028\u2029\p{Default_Ignorable_Code_Point}]|\p{Surrogate}/gu;

/** A whole ANSI escape sequence goes at once, so that its letters do not stay behind as litter. */
const ESCAPE_SEQUENCE =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/**
 * @param text anything
 * @param limit longest result in UTF-16 units; longer text is cut and ends in `…`
 */
export function printable(text: string, limit: number = Number.POSITIVE_INFINITY): string {
  const clean = text
    .replace(ESCAPE_SEQUENCE, '')
    .replace(/[\t\r\n]+/g, ' ')
    .replace(UNPRINTABLE, '')
    .trim();
  return clean.length > limit ? `${clean.slice(0, Math.max(0, limit - 1))}…` : clean;
}

/** The same between quotation marks, unless it has its own. What would show as nothing is escaped. */
export function quoted(text: string, limit?: number): string {
  const shown = visible(text, limit);
  return /^".+"$/.test(shown) ? shown : `"${shown}"`;
}

/** Text of which nothing can be shown as it is, like `\x07`. */
export function visible(text: string, limit?: number): string {
  const shown = printable(text, limit);
  if (shown !== '' || text.trim() === '') return shown;
  return printable(text.replace(/[\s\S]/g, escaped), limit);
}

function escaped(unit: string): string {
  const code = unit.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
}

/** Every string inside a JSON-like value made printable; keys and everything else stay. */
export function printableDeep<T>(value: T): T {
  if (typeof value === 'string') return printable(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => printableDeep(item)) as T;
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]: [string, unknown]) => [key, printableDeep(item)]),
    ) as T;
  }
  return value;
}
