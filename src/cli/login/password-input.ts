/** A question on the terminal whose answer is not shown. */
import type { Terminal } from '../terminal.ts';

export type Typed =
  /** Not ended yet. */
  | 'more'
  | { readonly line: string }
  /** Ctrl-C. */
  | 'interrupted'
  /** Ctrl-D with nothing typed. */
  | 'nothing';

/**
 * @param limit characters of the answer; a longer one comes with one more
 * @throws the signal's reason, when the terminal is as it was
 */
export function askPassword(
  question: string,
  terminal: Terminal,
  limit: number,
  signal: AbortSignal,
): Promise<Exclude<Typed, 'more'>> {
  return new Promise((resolve, reject) => {
    const input = new PasswordInput(limit);
    let release: (() => void) | undefined;
    let ended = false;
    const end = (settle: () => void): void => {
      if (ended) return;
      ended = true;
      signal.removeEventListener('abort', onAbort);
      release?.();
      // Enter was not shown either.
      terminal.write('\n');
      settle();
    };
    const onAbort = (): void => end(() => reject(signal.reason));
    const onKeys = (bytes: Uint8Array): void => {
      const typed = ended ? 'more' : input.feed(bytes);
      if (typed !== 'more') end(() => resolve(typed));
    };

    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    signal.addEventListener('abort', onAbort);
    // Before the question, lest a quick answer is seen.
    release = terminal.readKeys(onKeys, () => end(() => resolve('nothing')));
    if (ended) release();
    else terminal.write(question);
  });
}

const ESCAPE = '\u001b';
/** Keys that send more than a character (ECMA-48 §5.4; xterm's F1 to F4), and the marks of a paste. */
const SEQUENCE = /^(?:\[[0-?]*[ -/]*[@-~]|O[ -~])/;
const CONTROL = /\p{Control}/u;

/** A line that is typed unseen: from the bytes of a raw terminal to a text. */
export class PasswordInput {
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
