/** A question on the terminal whose answer is not shown. */
import { writeFileSync } from 'node:fs';
import type { ReadStream } from 'node:tty';
import type { OutputStream } from '../terminal.ts';
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

/** The terminal that stdin is. */
export function terminalOf(stdin: ReadStream, stderr: OutputStream): Terminal {
  return {
    write(text) {
      if (stderr.isTTY !== true && writeToTerminal(text)) return;
      stderr.write(text);
    },
    readKeys(onKeys, onEnd) {
      // Where the terminal is gone, setting it reports an error as an event.
      stdin.on('error', onEnd);
      stdin.on('end', onEnd);
      stdin.on('data', onKeys);
      // A shell may set the terminal as it likes while we are stopped; Node sets only what it
      // believes to be a change.
      const hide = (): void => {
        stdin.setRawMode(false);
        stdin.setRawMode(true);
      };
      process.on('SIGCONT', hide);
      hide();
      return () => {
        process.removeListener('SIGCONT', hide);
        stdin.removeListener('data', onKeys);
        stdin.removeListener('end', onEnd);
        stdin.setRawMode(false);
        stdin.pause();
      };
    },
  };
}

/** With `2>file` the question would not be seen. Windows has no such file, and must not get one. */
function writeToTerminal(text: string): boolean {
  try {
    writeFileSync('/dev/tty', text, { flag: 'r+' });
    return true;
  } catch {
    return false;
  }
}
