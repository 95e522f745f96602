/** A question on the terminal whose answer is not shown. */
import { HiddenLine, type Typed } from './password-input.ts';

/** What a prompt needs of a terminal. */
export interface Terminal {
  /** For the person who sits there, wherever our own output goes. */
  write(text: string): void;
  /**
   * From now on keys come as they are pressed, and are not shown.
   * @param onEnd nothing more can come, or it could not be hidden
   * @returns what makes the terminal as it was
   */
  readKeys(onKeys: (bytes: Uint8Array) => void, onEnd: () => void): () => void;
}

export type Answer = Exclude<Typed, 'more'>;

/**
 * @param limit characters of the answer; a longer one comes with one more
 * @throws the signal's reason, when the terminal is as it was
 */
export function promptHidden(
  question: string,
  terminal: Terminal,
  limit: number,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const line = new HiddenLine(limit);
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
      const typed = ended ? 'more' : line.feed(bytes);
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
