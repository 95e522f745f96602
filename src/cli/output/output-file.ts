/** Results to a file that is named: looked at early, emptied at the first result. */
import { statSync } from 'node:fs';
import { access, constants, type FileHandle, open, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { printable } from '../../model/printable.ts';
import { OutputError, reasonOf } from '../errors.ts';
import { createPipeSink, isNamedPipe } from './named-pipe.ts';
import type { Output, Sink } from './output.ts';

/**
 * Before anything is asked: what it took minutes to find has to have a place. Nothing is changed.
 * @throws OutputError
 */
export async function checkWritable(path: string): Promise<void> {
  try {
    const there = await stat(path).catch(ifMissing);
    if (there === null) await access(dirname(resolve(path)), constants.W_OK | constants.X_OK);
    // To open a pipe would wait for its reader.
    else if (there.isFile() || there.isDirectory()) {
      await (await open(path, constants.O_WRONLY)).close();
    } else await access(path, constants.W_OK);
  } catch (error) {
    throw unwritable(path, error);
  }
}

function ifMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

export function unwritable(path: string, error: unknown): OutputError {
  const { code } = error as NodeJS.ErrnoException;
  const reason = code === 'ENOENT' ? 'no such folder' : reasonOf(error);
  return new OutputError(`cannot write ${printable(path, 200)}: ${reason}`, { cause: error });
}

/** Under whatever names; a file that is not there yet is itself. */
export function isSameFile(a: string, b: string): boolean {
  if (resolve(a) === resolve(b)) return true;
  const [one, other] = [a, b].map((path) =>
    statSync(path, { bigint: true, throwIfNoEntry: false }),
  );
  return one !== undefined && one.ino === other?.ino && one.dev === other.dev;
}

/**
 * @param append go on at its end instead of emptying it
 * @param signal ends waiting for a disk or a reader that takes nothing more
 */
export function createFileOutput(path: string, append: boolean, signal: AbortSignal): Output {
  const sink = isNamedPipe(path) ? createPipeSink(path, signal) : createFileSink(path, append);
  const closed = new AbortController();
  let failure: Error | null = null;
  let written: Promise<void> = Promise.resolve();

  async function put(text: string): Promise<void> {
    if (closed.signal.aborted) return;
    try {
      await sink.put(text);
    } catch (error) {
      // As for stdout: a reader of a pipe that has had enough is no failure.
      if ((error as NodeJS.ErrnoException).code !== 'EPIPE') failure = unwritable(path, error);
      closed.abort();
    }
  }

  return {
    closed: closed.signal,
    failure: () => failure,
    async write(text) {
      written = written.then(() => put(text));
      await settledOrAborted(written, signal);
    },
    async flush() {
      await written;
      await sink.close();
    },
  };
}

function createFileSink(path: string, append: boolean): Sink {
  let handle: FileHandle | undefined;
  return {
    async put(text) {
      handle ??= await open(path, append ? 'a' : 'w');
      if (text !== '') await handle.writeFile(text);
    },
    async close() {
      await handle?.close().catch(() => {});
    },
  };
}

function settledOrAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    if (signal.aborted) resolve();
    signal.addEventListener('abort', done);
    void work.then(done);
  });
}
