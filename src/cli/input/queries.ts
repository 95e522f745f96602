/** What is asked for: the arguments, a file, and lines of stdin where they are wanted. */
import { createReadStream, statSync } from 'node:fs';
import { SmtpFindError } from '../../model/errors.ts';
import { unreadableFile } from '../errors.ts';
import type { InputStream, Io } from '../io.ts';
import { firstColumn } from './csv.ts';
import { type Line, MAX_LINE, readLines } from './lines.ts';

export interface Input {
  /** Null for `--provider` or `--server` alone, which need no query. */
  readonly text: string | null;
  /** Too long to be anything, and cut. */
  readonly cut: boolean;
  /** What it took of the file or stream; 0 for an argument. */
  readonly bytes: number;
}

export interface QueryArguments {
  readonly args: readonly string[];
  /** `--input`: `-` is stdin. */
  readonly file: string | null;
}

/** `-`, and nothing at all, stand for stdin. */
export function wantsStdin({ args, file }: QueryArguments): boolean {
  return (args.length === 0 && file === null) || args.includes('-') || file === '-';
}

/** Whether the queries come from a stream, which always counts as several. */
export function isStream(given: QueryArguments): boolean {
  return given.file !== null || wantsStdin(given);
}

/** @throws SmtpFindError `unreadable-file` when a file or stdin fails, say because it is a directory */
export async function* readQueries(
  given: QueryArguments,
  stdin: InputStream,
): AsyncGenerator<Input> {
  const { args, file } = given;
  for (const text of args.length === 0 && file === null ? ['-'] : args) {
    if (text === '-') yield* inputs(readLines(stdin), 'standard input');
    else yield { text, cut: false, bytes: 0 };
  }
  if (file === '-') yield* inputs(firstColumn(readLines(stdin)), 'standard input');
  else if (file !== null) yield* inputs(firstColumn(readLines(createReadStream(file))), file);
}

/** For `--provider` or `--server` alone. */
export async function* noQuery(): AsyncGenerator<Input> {
  yield { text: null, cut: false, bytes: 0 };
}

export interface InputSize {
  readonly unit: 'queries' | 'bytes';
  readonly size: number;
}

/** @returns null where it is not known */
export function inputSize(given: QueryArguments, io: Pick<Io, 'stdinSize'>): InputSize | null {
  const { args, file } = given;
  const stdin = wantsStdin(given);
  if (file === null && !stdin) return { unit: 'queries', size: args.length };
  // Arguments beside a file count for nothing against it.
  const size = stdin ? io.stdinSize() : fileSize(file ?? '');
  return size === null || (stdin && file !== null && file !== '-') ? null : { unit: 'bytes', size };
}

function fileSize(file: string): number | null {
  try {
    const stat = statSync(file);
    return stat.isFile() ? stat.size : null;
  } catch {
    // Reading it will tell.
    return null;
  }
}

async function* inputs(lines: AsyncIterable<Line>, name: string): AsyncGenerator<Input> {
  try {
    for await (const { text, bytes } of lines) {
      const cut = text.length > MAX_LINE;
      yield { text: cut ? text.slice(0, MAX_LINE) : text, cut, bytes };
    }
  } catch (error) {
    throw error instanceof SmtpFindError ? error : unreadableFile(name, error);
  }
}
