/**
 * Results to a named pipe. Opening one waits for its reader, and so may writing: a thread that did so
 * could not be interrupted, and would keep the process from ending. So neither waits here.
 */
import { closeSync, constants, openSync, statSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Sink } from './output.ts';

/** How often to look for a reader, and for room in the pipe, in ms. */
const LOOK_AGAIN = 20;

export function isNamedPipe(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFIFO() === true;
}

/** @param signal ends waiting for a reader */
export function createPipeSink(path: string, signal: AbortSignal): Sink {
  let descriptor: number | undefined;
  return {
    async put(text) {
      descriptor ??= await retried('ENXIO', signal, () =>
        openSync(path, constants.O_WRONLY | constants.O_NONBLOCK),
      );
      for (let rest = Buffer.from(text); rest.length > 0 && descriptor !== undefined; ) {
        const pipe = descriptor;
        const count = await retried('EAGAIN', signal, () => writeSync(pipe, rest));
        if (count === undefined) return;
        rest = rest.subarray(count);
      }
    },
    async close() {
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
      if ((error as NodeJS.ErrnoException).code !== code) throw error;
    }
    await pause(LOOK_AGAIN, undefined, { signal }).catch(() => {});
  }
  return undefined;
}
