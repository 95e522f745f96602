/** What the user typed or pasted, parsed: an address or a bare domain. */
import { type Address, isAddressOrDomain, readAddress, type Trouble } from './address.ts';
import { SmtpFindError } from './errors.ts';
import { isUrl, meantBy } from './meant.ts';
import { fieldsOf, MAX_INPUT, recipients, unwrap } from './pasted.ts';
import { printable, quoted } from './printable.ts';

export { unwrap } from './pasted.ts';

export interface Query extends Address {
  /** As typed, without surrounding white space. */
  readonly input: string;
}

/**
 * Takes what people paste, too: `Jane <j@x.example>`, a `mailto:` link, quotes, a comma at the end.
 * @throws SmtpFindError `bad-input`, with a message of one line that says what is expected, and
 * suggestions where the text holds what may have been meant
 */
export function parseQuery(text: string): Query {
  const input = text.trim();
  if (input === '') throw bad('empty input: expected an address or a domain, like you@example.com');
  if (input.length > MAX_INPUT) {
    throw bad(`${quoted(input, 40)} is too long for an address (${input.length} characters)`);
  }
  if (!isText(input)) throw bad(`${quoted(input, 80)} is not in UTF-8`);
  const several = splitQueries(input);
  if (several.length > 1) {
    throw bad(
      `${quoted(input, 80)} holds ${several.length} addresses: expected one`,
      several.map(unwrap),
    );
  }
  const inner = unwrap(input);
  const read = readAddress(inner);
  if ('domain' in read) return { input, ...read };
  const meant = meantBy(inner);
  throw bad(sentence(input, isUrl(inner) ? { ...read, what: 'is a URL' } : read, meant), meant);
}

/** Whether `parseQuery` takes it. */
export function isQuery(text: string): boolean {
  return (
    text.length <= MAX_INPUT &&
    isText(text) &&
    isAddressOrDomain(unwrap(text)) &&
    !holdsSeveral(text)
  );
}

/** Bytes that are no text are decoded to U+FFFD, which is in nobody's address (RFC 3629, Unicode §3.9). */
function isText(text: string): boolean {
  return !text.includes('\ufffd');
}

function holdsSeveral(text: string): boolean {
  return splitQueries(text).length > 1;
}

const SEVERAL = /[,;\t\r\n]|mailto:/i;

/**
 * The queries of `a@x.example, b@y.example; c.example`, each as typed, or the recipients of a
 * `mailto:` link. Text of which any part is neither address nor domain is one query.
 */
export function splitQueries(text: string): readonly string[] {
  if (!SEVERAL.test(text)) return [text];
  const parts = (recipients(text) ?? fieldsOf(text))
    .map((part) => part.trim())
    .filter((part) => unwrap(part) !== '');
  const areQueries = parts.length > 1 && parts.every((part) => isAddressOrDomain(unwrap(part)));
  return areQueries ? parts : [text];
}

function sentence(
  input: string,
  { what, expected = 'you@example.com or example.com', asQuoted }: Trouble,
  meant: readonly string[],
): string {
  const hint = asQuoted === undefined ? '' : `if it is meant so, quote it: ${asQuoted}@…`;
  const advice = [
    meant.length > 0 ? `did you mean ${meant.join(' or ')}?` : '',
    hint || (meant.length > 0 || expected === '' ? '' : `expected ${expected}`),
  ].filter((part) => part !== '');
  return printable([`${quoted(input, 80)} ${what}`, advice.join(' ')].filter(Boolean).join(': '));
}

function bad(message: string, suggestions: readonly string[] = []): SmtpFindError {
  return new SmtpFindError('bad-input', message, { suggestions });
}
