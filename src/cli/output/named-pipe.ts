/**
 * Results to a named pipe. Opening one waits for its reader, and so may writing: a thread that did so
 * could not be interrupted, and would keep the process from ending.
 */
import { constants, openSync, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createOutput, type Output } from './output.ts';

/** How often to look for a reader, in ms. */
const LOOK_AGAIN = 50;

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
  let opened: Promise<{ readonly pipe: Socket; readonly output: Output } | null> | undefined;

  async function open(): Promise<{ pipe: Socket; output: Output } | null> {
    try {
      const pipe = await openForReader(path, signal);
      if (pipe === null) return null;
      const output = createOutput(pipe, signal);
      output.closed.addEventListener('abort', () => {
        const error = output.failure();
        if (error) failure = failed(error);
        closed.abort();
      });
      return { pipe, output };
    } catch (error) {
      failure = failed(error);
      closed.abort();
      return null;
    }
  }

  return {
    closed: closed.signal,
    failure: () => failure,
    async write(text) {
      opened ??= open();
      await (await opened)?.output.write(text);
    },
    async flush() {
      const there = await opened;
      await there?.output.flush();
      there?.pipe.destroy();
    },
  };
}

/** @returns null when there was none before the signal aborted */
async function openForReader(path: string, signal: AbortSignal): Promise<Socket | null> {
  while (!signal.aborted) {
    try {
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      return new Socket({ fd, readable: false, writable: true });
    } catch (error) {
      // Nobody reads it yet.
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
    }
    await pause(LOOK_AGAIN, undefined, { signal }).catch(() => {});
  }
  return null;
}
