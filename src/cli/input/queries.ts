/** What is asked for: the arguments, a file, and lines of stdin where they are wanted. */
import { createReadStream } from 'node:fs';
import { SmtpFindError } from '../../model/errors.ts';
import { unreadable } from '../errors.ts';
import type { InputStream } from '../io.ts';
import { firstColumn } from './csv.ts';
import { type Line, MAX_LINE, readLines } from './lines.ts';

export interface Input {
  /** Null for `--provider` alone, which needs no query. */
  readonly text: string | null;
  /** Too long to be anything, and cut. */
  readonly cut: boolean;
  /** What it took of the file or stream; 0 for an argument. */
  readonly bytes: number;
}

export interface Asked {
  readonly args: readonly string[];
  /** `--input`: `-` is stdin. */
  readonly file: string | null;
}

/** `-`, and nothing at all, stand for stdin. */
export function wantsStdin({ args, file }: Asked): boolean {
  return (args.length === 0 && file === null) || args.includes('-') || file === '-';
}

/** Whether the queries come from a stream, which always counts as several. */
export function isStream(asked: Asked): boolean {
  return asked.file !== null || wantsStdin(asked);
}

/** @throws SmtpFindError `unreadable-file` when a file or stdin fails, say because it is a directory */
export async function* readQueries(asked: Asked, stdin: InputStream): AsyncGenerator<Input> {
  const { args, file } = asked;
  for (const text of args.length === 0 && file === null ? ['-'] : args) {
    if (text === '-') yield* inputs(readLines(stdin), 'standard input');
    else yield { text, cut: false, bytes: 0 };
  }
  if (file === '-') yield* inputs(firstColumn(readLines(stdin)), 'standard input');
  else if (file !== null) yield* inputs(firstColumn(readLines(createReadStream(file))), file);
}

async function* inputs(lines: AsyncIterable<Line>, name: string): AsyncGenerator<Input> {
  try {
    for await (const { text, bytes } of lines) {
      const cut = text.length > MAX_LINE;
      yield { text: cut ? text.slice(0, MAX_LINE) : text, cut, bytes };
    }
  } catch (error) {
    throw error instanceof SmtpFindError ? error : unreadable(name, error);
  }
}
