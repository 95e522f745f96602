/**
 * Keeps what is secret out of what is shown. A server may repeat what we sent, in whole, cut off,
 * in pieces or in another alphabet; then its text is not shown at all, since a gap in it would tell
 * where the secret fits.
 */
import { printable } from '../model/printable.ts';

/** Stands in for what is not shown. */
export const WITHHELD = '(text withheld: it may repeat the secret)';

/** Matches of fewer characters may be coincidence: a year, "pass", "auth". */
const RUN_OF_SECRET = 5;
const RUN_OF_ENCODED = 8;
/** With fewer letters and digits than this, a secret is looked for with its signs alone. */
const FEWEST_LETTERS = 4;

/** Of a reply's line: its code and its enhanced code, which stand between the pieces of a text. */
const CODES = /^\s*(?:[2-5]\d\d(?:[ -]|$))?\s*(?:\d\.\d{1,3}\.\d{1,3}(?=\s|$))?\s*/;

type Fold = (text: string) => string;
const folds: readonly Fold[] = [withSigns, lettersOnly];

export class Confidential {
  /** For each fold: the runs by their length. */
  readonly #runs = new Map(folds.map((fold) => [fold, new Map<number, Set<string>>()]));

  constructor(secret: string) {
    for (const form of [secret, JSON.stringify(secret).slice(1, -1)]) {
      this.#add(form, RUN_OF_SECRET);
      this.#add([...form].reverse().join(''), RUN_OF_SECRET);
    }
    const bytes = Buffer.from(secret);
    this.#add([...secret].map((char) => char.codePointAt(0)).join(' '), RUN_OF_ENCODED);
    this.#encoded(bytes);
  }

  /** Makes a message secret too, as bytes, base64 or hexadecimal digits. */
  sent(message: Uint8Array, proofs: readonly string[] = []): void {
    this.#encoded(Buffer.from(message));
    for (const proof of proofs) this.#add(proof, RUN_OF_ENCODED);
  }

  /** Whether a text holds a part of anything secret. @param lines of one text */
  isIn(...lines: readonly string[]): boolean {
    const texts = new Set([lines.join(' '), lines.map((line) => line.replace(CODES, '')).join('')]);
    for (const text of [...texts]) texts.add(decoded(text));
    return [...texts].some((text) =>
      [...this.#runs].some(([fold, runs]) => hasRun(fold(text), runs)),
    );
  }

  /**
   * Text from the server, safe to show, or null when it has to stay unseen.
   * @param lines of one text
   */
  quote(lines: readonly string[], limit: number): string | null {
    return this.isIn(...lines) ? null : printable(lines.join(' '), limit);
  }

  #encoded(bytes: Buffer): void {
    this.#add(bytes.toString('hex'), RUN_OF_ENCODED);
    // Within a longer message base64 depends on where the secret begins.
    for (const offset of [0, 1, 2]) {
      const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
      const before = offset === 0 ? 0 : offset + 1;
      const after = /.?=+$/.exec(text)?.index;
      const certain = text.slice(before, after);
      // What is left of a single byte would match too much.
      if (lettersOnly(certain).length > 2) this.#add(certain, RUN_OF_ENCODED);
    }
  }

  #add(form: string, runLength: number): void {
    for (const [fold, byLength] of this.#runs) {
      const folded = fold(form);
      const fewest = fold === lettersOnly && runLength === RUN_OF_SECRET ? FEWEST_LETTERS : 1;
      if (folded.length < fewest) continue;
      const length = Math.min(runLength, folded.length);
      const runs = byLength.get(length) ?? new Set();
      for (let i = 0; i + length <= folded.length; i++) runs.add(folded.slice(i, i + length));
      byLength.set(length, runs);
    }
  }
}

function hasRun(text: string, byLength: ReadonlyMap<number, ReadonlySet<string>>): boolean {
  for (const [length, runs] of byLength) {
    for (let i = 0; i + length <= text.length; i++) {
      if (runs.has(text.slice(i, i + length))) return true;
    }
  }
  return false;
}

/** Case, white space and what is invisible tell nothing: some servers repeat commands in capitals. */
function withSigns(text: string): string {
  return printable(text).normalize('NFKC').toLowerCase().replace(/\s+/g, '');
}

/** Whatever stands between them. Hexadecimal digits in any notation come to the same. */
function lettersOnly(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, '');
}

/** `%68`, `=68` and `+68`, as in URLs, quoted-printable and xtext (RFC 3461 §4); `\x68` and `0x68`. */
const HEX_BYTES = /(?:(?:[%=+]|\\x|0x)[\da-f]{2}[\s,]*)+/gi;
const HEX_CHAR = /\\u\{?([\da-f]{2,6})\}?|&#x([\da-f]{1,6});?/gi;
const DECIMAL_CHAR = /&#(\d{1,7});?/g;
const NAMED_SIGN = /&(?:amp|lt|gt|quot|apos);/gi;

/** Characters that are written in another way, each for itself. */
function decoded(text: string): string {
  return text
    .replace(HEX_BYTES, (bytes) => {
      return Buffer.from(bytes.replace(/(?:\\|0)x|[%=+\s,]/gi, ''), 'hex').toString();
    })
    .replace(HEX_CHAR, (_, a?: string, b?: string) => charOf(Number.parseInt(a ?? b ?? '', 16)))
    .replace(DECIMAL_CHAR, (_, digits: string) => charOf(Number(digits)))
    .replace(NAMED_SIGN, '');
}

function charOf(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}
