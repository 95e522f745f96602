/**
 * Keeps what is secret out of what is shown. A server may repeat what we sent, in whole, cut off
 * or in another alphabet; then its text is not shown at all, since a gap in it would tell where
 * the secret fits.
 */
import { printable } from '../model/printable.ts';

/** Matches of fewer characters may be coincidence. */
const RUN_OF_SECRET = 6;
const RUN_OF_ENCODED = 8;

export class Confidential {
  readonly #runs = new Map<number, Set<string>>();

  constructor(secret: string) {
    for (const form of [secret, secret.normalize('NFKC'), JSON.stringify(secret).slice(1, -1)]) {
      this.#add(form, RUN_OF_SECRET);
    }
    const bytes = Buffer.from(secret);
    this.#add(encodeURIComponent(bytes.toString()), RUN_OF_ENCODED);
    this.#encoded(bytes);
  }

  /** Makes a message secret too, as bytes, base64 or hexadecimal digits. */
  sent(message: Uint8Array, proofs: readonly string[] = []): void {
    this.#encoded(Buffer.from(message));
    for (const proof of proofs) this.#add(proof, RUN_OF_ENCODED);
  }

  /** Whether the text holds a part of anything secret. */
  isIn(text: string): boolean {
    const folded = fold(text);
    for (const [length, runs] of this.#runs) {
      for (let i = 0; i + length <= folded.length; i++) {
        if (runs.has(folded.slice(i, i + length))) return true;
      }
    }
    return false;
  }

  /** Text from the server, safe to show, or null when it has to stay unseen. */
  quote(text: string, limit: number): string | null {
    // Invisible characters go first: the secret could be split by them.
    const visible = printable(text);
    return this.isIn(visible) ? null : printable(visible, limit);
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
      if (certain.length > 2) this.#add(certain, RUN_OF_ENCODED);
    }
  }

  #add(form: string, runLength: number): void {
    const folded = fold(form);
    if (folded.length === 0) return;
    const length = Math.min(runLength, folded.length);
    const runs = this.#runs.get(length) ?? new Set();
    for (let i = 0; i + length <= folded.length; i++) runs.add(folded.slice(i, i + length));
    this.#runs.set(length, runs);
  }
}

/** Ignores case: some servers repeat commands in capitals. */
function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
