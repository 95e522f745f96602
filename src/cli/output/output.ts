/** Results to stdout, no faster than the reader takes them, until it goes away. */
import type { OutputStream } from '../terminal.ts';

export interface Output {
  /** Aborted when nothing more can be written. */
  readonly closed: AbortSignal;
  /** Why, unless the reader just had enough (`| head -1`). */
  failure(): Error | null;
  write(text: string): Promise<void>;
  /** All that was written has left, or never will. */
  flush(): Promise<void>;
}

/** A file that results go to, opened at the first text. */
export interface Sink {
  put(text: string): Promise<void>;
  close(): Promise<void>;
}

/** @param signal ends waiting for a reader that has stopped reading */
export function createOutput(stream: OutputStream, signal: AbortSignal): Output {
  const closed = new AbortController();
  let failure: Error | null = null;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') failure ??= error;
    closed.abort();
  });

  /** Resolves when `ready` is called, or when waiting is of no more use. */
  function until(subscribe: (ready: () => void) => () => void): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        unsubscribe();
        closed.signal.removeEventListener('abort', done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const unsubscribe = subscribe(() => done());
      closed.signal.addEventListener('abort', done);
      signal.addEventListener('abort', done);
    });
  }

  return {
    closed: closed.signal,
    failure: () => failure,
    async write(text) {
      if (closed.signal.aborted || stream.write(text) || signal.aborted) return;
      await until((ready) => {
        stream.once('drain', ready);
        return () => stream.removeListener('drain', ready);
      });
    },
    async flush() {
      if (closed.signal.aborted) return;
      await until((ready) => {
        // Called back later, never at once; an error arrives as an event as well.
        stream.write('', () => setImmediate(ready));
        return () => {};
      });
    },
  };
}
