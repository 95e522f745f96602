/** What is asked for: the arguments, files, and a list on stdin where that is wanted. */
import { createReadStream, statSync } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { SmtpFindError } from '../../model/errors.ts';
import { splitQueries } from '../../model/query.ts';
import { unreadableFile, usageError } from '../errors.ts';
import type { InputStream, Io } from '../io.ts';
import { readListLines } from './lines.ts';
import { readList } from './list.ts';
import { sayOnce, understood } from './understood.ts';

export interface Input {
  /** Null for `--provider` or `--server` alone, which need no query. */
  readonly text: string | null;
  /** Why it is no query, whatever its text: goes on after the text itself. */
  readonly problem: string | null;
  /** What is said of it on stderr: as what it was understood, where that is not what was typed. */
  readonly note: string | null;
  /** What it took of the file or stream; 0 for an argument. */
  readonly bytes: number;
}

export interface QueryArguments {
  readonly args: readonly string[];
  /** `--input`: `-` is stdin. */
  readonly files: readonly string[];
}

/** `-`, and nothing at all, stand for stdin. */
export function wantsStdin({ args, files }: QueryArguments): boolean {
  return (args.length === 0 && files.length === 0) || args.includes('-') || files.includes('-');
}

/** Whether the queries come from a stream, which always counts as several. */
export function isStream(given: QueryArguments): boolean {
  return given.files.length > 0 || wantsStdin(given);
}

/** Whether more than one answer may come. */
export function isSeveral(given: QueryArguments): boolean {
  return isStream(given) || given.args.flatMap(splitQueries).length > 1;
}

/**
 * @throws SmtpFindError `unreadable-file` when a file or stdin fails, say because it is a directory;
 * `bad-option` when stdin is to be read twice
 */
export async function* readQueries(
  given: QueryArguments,
  stdin: InputStream,
): AsyncGenerator<Input> {
  const { args, files } = given;
  if ([...args, ...files].filter((name) => name === '-').length > 1) {
    throw usageError('- is given twice: standard input can be read once');
  }
  // Told before anything is asked, not after the answers of the files before it.
  for (const file of files) if (file !== '-') await checkReadable(file);
  for (const text of args.length === 0 && files.length === 0 ? ['-'] : args) {
    if (text === '-') yield* listed(stdin, 'standard input', false);
    else yield* argument(text);
  }
  for (const file of files) {
    if (file === '-') yield* listed(stdin, 'standard input', true);
    else yield* listed(createReadStream(file), file, true);
  }
}

function* argument(text: string): Generator<Input> {
  const parts = splitQueries(text);
  let note = understood(text, parts);
  for (const part of parts) {
    yield { text: part, problem: null, note, bytes: 0 };
    note = null;
  }
}

/** For `--provider` or `--server` alone. */
export async function* noQuery(): AsyncGenerator<Input> {
  yield { text: null, problem: null, note: null, bytes: 0 };
}

async function* listed(
  chunks: AsyncIterable<Uint8Array | string>,
  name: string,
  isFile: boolean,
): AsyncGenerator<Input> {
  const note = sayOnce();
  try {
    for await (const { text, bytes, problem, line } of readList(readListLines(chunks), isFile)) {
      yield { text, bytes, problem, note: problem === null ? note(line ?? text) : null };
    }
  } catch (error) {
    throw error instanceof SmtpFindError ? error : unreadableFile(name, error);
  }
}

async function checkReadable(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK);
    if ((await stat(file)).isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
  } catch (error) {
    throw unreadableFile(file, error);
  }
}

export interface InputSize {
  readonly unit: 'queries' | 'bytes';
  readonly size: number;
}

/** @returns null where it is not known */
export function inputSize(given: QueryArguments, io: Pick<Io, 'stdinSize'>): InputSize | null {
  if (!isStream(given)) return { unit: 'queries', size: given.args.flatMap(splitQueries).length };
  // Arguments beside a file count for nothing against it.
  const files =
    wantsStdin(given) && !given.files.includes('-') ? ['-', ...given.files] : given.files;
  let size = 0;
  for (const file of files) {
    const one = file === '-' ? io.stdinSize() : fileSize(file);
    if (one === null) return null;
    size += one;
  }
  return { unit: 'bytes', size };
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
