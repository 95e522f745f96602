/** A line that is typed unseen: from the bytes of a raw terminal to a text. */

export type Typed =
  /** Not ended yet. */
  | 'more'
  | { readonly line: string }
  /** Ctrl-C. */
  | 'interrupted'
  /** Ctrl-D with nothing typed. */
  | 'nothing';

const ESCAPE = '\u001b';
/** Keys that send more than a character (ECMA-48 §5.4; xterm's F1 to F4), and the marks of a paste. */
const SEQUENCE = /^(?:\[[0-?]*[ -/]*[@-~]|O[ -~])/;
const CONTROL = /\p{Control}/u;

export class HiddenLine {
  // Characters may be cut between chunks.
  readonly #decoder = new TextDecoder();
  readonly #graphemes = new Intl.Segmenter();
  readonly #limit: number;
  #line = '';

  /** @param limit characters kept; one more is, so that a longer line can be told */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What follows the end of the line is lost: nobody but us may read the rest of a paste. */
  feed(bytes: Uint8Array): Typed {
    let rest = this.#decoder.decode(bytes, { stream: true });
    while (rest !== '') {
      const [key = ''] = rest;
      rest = rest.slice(key.length);
      switch (key) {
        case '\r':
        case '\n':
          return { line: this.#line };
        case '\u0003': // Ctrl-C
        case '\u001c': // Ctrl-\
          return 'interrupted';
        case '\u0004': // Ctrl-D
          if (this.#line === '') return 'nothing';
          break;
        case '\u007f':
        case '\b':
          this.#eraseCharacter();
          break;
        case '\u0015': // Ctrl-U
          this.#line = '';
          break;
        case '\u0017': // Ctrl-W
          this.#line = this.#line.replace(/\S*\s*$/, '');
          break;
        case ESCAPE:
          rest = rest.replace(SEQUENCE, '');
          break;
        default:
          if (!CONTROL.test(key) && this.#line.length <= this.#limit) this.#line += key;
      }
    }
    return 'more';
  }

  /** As it was seen on the key: an accent goes with its letter. */
  #eraseCharacter(): void {
    const last = [...this.#graphemes.segment(this.#line)].at(-1);
    this.#line = this.#line.slice(0, last?.index ?? 0);
  }
}
