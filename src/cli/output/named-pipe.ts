/**
 * Results to a named pipe. Opening one waits for its reader, and so may writing: a thread that did so
 * could not be interrupted, and would keep the process from ending. So neither waits here.
 */
import { closeSync, constants, openSync, statSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Output } from './output.ts';

/** How often to look for a reader, and for room in the pipe, in ms. */
const LOOK_AGAIN = 20;

export function isNamedPipe(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFIFO() === true;
}

/**
 * @param failed makes what `failure()` tells of an error
 * @param signal ends waiting for a reader
 */
export function createPipeOutput(
  path: string,
  failed: (error: unknown) => Error,
  signal: AbortSignal,
): Output {
  const closed = new AbortController();
  let failure: Error | null = null;
  let descriptor: number | undefined;
  let written: Promise<void> = Promise.resolve();

  async function put(text: string): Promise<void> {
    if (closed.signal.aborted) return;
    try {
      descriptor ??= await retried('ENXIO', signal, () =>
        openSync(path, constants.O_WRONLY | constants.O_NONBLOCK),
      );
      for (let rest = Buffer.from(text); rest.length > 0 && descriptor !== undefined; ) {
        const pipe = descriptor;
        const count = await retried('EAGAIN', signal, () => writeSync(pipe, rest));
        if (count === undefined) return;
        rest = rest.subarray(count);
      }
    } catch (error) {
      // As for stdout: a reader that has had enough is no failure.
      if (codeOf(error) !== 'EPIPE') failure = failed(error);
      closed.abort();
    }
  }

  return {
    closed: closed.signal,
    failure: () => failure,
    write(text) {
      written = written.then(() => put(text));
      return written;
    },
    async flush() {
      await written;
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}

/** Until it fails with another code. @returns undefined once the signal aborts */
async function retried<T>(code: string, signal: AbortSignal, act: () => T): Promise<T | undefined> {
  while (!signal.aborted) {
    try {
      return act();
    } catch (error) {
      if (codeOf(error) !== code) throw error;
    }
    await pause(LOOK_AGAIN, undefined, { signal }).catch(() => {});
  }
  return undefined;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
