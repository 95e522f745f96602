/**
 * What people paste where one address is wanted: `Jane <j@x.example>`, links, quotes, a comma at
 * the end. Syntax only; whether an address is inside is another question.
 */

/** Longer text holds no address, and is left alone. */
export const MAX_INPUT = 1024; // characters

// White space, what nobody sees (no-break and zero-width space, direction marks), separators,
// brackets, and quotation marks beyond ASCII. No address begins or ends with one.
const AROUND =
  '\\s\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff,;<>«»‹›‘’‚‛“”„‟';
const EDGES = new RegExp(`^[${AROUND}]+|[${AROUND}]+$`, 'gu');
/** The end of a sentence, after what was around the address. */
const FULL_STOP = /(?<=[>"'`)\]»›’”])[.:!?]+$/u;

/** Outer marks that are taken off; ASCII's are legal in a local part, so only as a pair. */
const PAIRS = /^(?:'([^']*)'|`([^`]*)`|\(([^()]*)\)|\[([^[\]]*@[^[\]]*)\])$/;
/** With quotes inside doubled, as in CSV. */
const QUOTED = /^"((?:[^"]|"")*)"$/;
/** The old place for a name: `j@x.example (Jane)`. */
const COMMENT = /^(.*\S)\s*\(([^()]*)\)$/;
const ADDRESS_LIKE = /[^\s<>()[\]",;:'“”„‟«»]+@[^\s<>()[\]",;:'“”„‟«»@]+/g;
const QUOTED_STRINGS = /"(?:[^"\\]|\\.)*"/g;
const MAILTO = /^mailto:([^?#]*)(?:\?([^#]*))?/i;

/** The address inside what was pasted; text that has nothing around it stays as it is. */
export function unwrap(text: string): string {
  let inner = bare(text);
  if (inner.length > MAX_INPUT) return text.trim();
  for (let next = peel(inner); next !== inner; next = peel(inner)) inner = next;
  return inner;
}

function bare(text: string): string {
  if (text.length > MAX_INPUT) return text;
  return text.replace(EDGES, '').replace(FULL_STOP, '').replace(EDGES, '');
}

function peel(text: string): string {
  const [first] = recipients(text) ?? [];
  return bare(first ?? inBrackets(text) ?? inQuotes(text) ?? withoutComment(text) ?? text);
}

function withoutComment(text: string): string | undefined {
  const [, rest, comment = ''] = COMMENT.exec(text) ?? [];
  return rest === undefined || namesAnother(comment, rest) ? undefined : rest;
}

/**
 * Whether a name or a comment holds an address that the text does not: either may be the one that is
 * meant. In whatever width it is written, people read it the same.
 */
function namesAnother(name: string, text: string): boolean {
  const own = addressLike(text);
  return addressLike(name).some((other) => !own.includes(other));
}

function addressLike(text: string): readonly string[] {
  return (text.normalize('NFKC').match(ADDRESS_LIKE) ?? []).map((found) =>
    bare(found).toLowerCase(),
  );
}

function inQuotes(text: string): string | undefined {
  const quoted = QUOTED.exec(text)?.[1];
  if (quoted !== undefined) return quoted.replaceAll('""', '"');
  return PAIRS.exec(text)
    ?.slice(1)
    .find((inside) => inside !== undefined);
}

/** `Jane <j@x.example` (the closing one is an edge, or precedes words), unless it would drop an address. */
function inBrackets(text: string): string | undefined {
  for (let at = text.lastIndexOf('<'); at !== -1; at = text.lastIndexOf('<', at - 1)) {
    const rest = text.slice(at + 1);
    // Inside a quoted string it is a character like any other.
    if (rest.replace(/\\./g, '').split('"').length % 2 === 0) {
      if (at === 0) return undefined;
      continue;
    }
    const [inside = '', ...after] = rest.split('>');
    const name = text.slice(0, at);
    const before = name.normalize('NFKC').replace(QUOTED_STRINGS, '');
    const another = (/[<@]/.test(before) && bare(before) !== inside) || namesAnother(name, inside);
    const isAfter = after.some((part) => part.normalize('NFKC').includes('@'));
    return inside === '' || another || isAfter ? undefined : inside;
  }
  return undefined;
}

/** Of a `mailto:` link (RFC 6068), percent-decoded; null when it is none. */
export function recipients(text: string): readonly string[] | null {
  const link = MAILTO.exec(bare(text));
  if (!link) return null;
  const [, path = '', fields = ''] = link;
  const to = fields
    .split('&')
    .filter((field) => /^to=/i.test(field))
    .flatMap((field) => fieldsOf(decoded(field.slice('to='.length))));
  return [...fieldsOf(path).map(decoded), ...to].filter((one) => bare(one) !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What separates addresses on a line, and columns of a table. */
export const SEPARATORS = ',;\t';

/**
 * Text cut at separators; those inside quotes and angle brackets do not count.
 * @param separators some of `SEPARATORS`; the ends of lines count where they do
 */
export function fieldsOf(text: string, separators: string = `${SEPARATORS}\r\n`): string[] {
  const fields: string[] = [];
  const field = new RegExp(
    `(?:(?<=^|[\\s${separators}<])"(?:[^"\\\\]|\\\\.|"")*"|<[^<>]*>|["<]|[^${separators}"<]+)*`,
    'suy',
  );
  for (let at = 0; at <= text.length; at = field.lastIndex + 1) {
    field.lastIndex = at;
    fields.push(field.exec(text)?.[0] ?? '');
  }
  return fields;
}
