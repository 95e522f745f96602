/** What is asked for: the arguments, and lines of stdin where they are wanted. */
import { SmtpFindError } from '../errors.ts';
import type { InputStream } from './io.ts';
import { MAX_LINE, readLines } from './lines.ts';

export interface Input {
  /** Null for `--provider` alone, which needs no query. */
  readonly text: string | null;
  /** Too long to be anything, and cut. */
  readonly cut: boolean;
}

/** `-`, and no argument at all, stand for stdin. */
export function wantsStdin(args: readonly string[]): boolean {
  return args.length === 0 || args.includes('-');
}

/** @throws SmtpFindError `unreadable-file` when stdin fails, say because it is a directory */
export async function* readQueries(
  args: readonly string[],
  stdin: InputStream,
): AsyncGenerator<Input> {
  for (const text of args.length === 0 ? ['-'] : args) {
    if (text === '-') yield* fromStdin(stdin);
    else yield { text, cut: false };
  }
}

async function* fromStdin(stdin: InputStream): AsyncGenerator<Input> {
  try {
    for await (const line of readLines(stdin)) {
      const cut = line.length > MAX_LINE;
      yield { text: cut ? line.slice(0, MAX_LINE) : line, cut };
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SmtpFindError('unreadable-file', `cannot read standard input: ${reason}`, {
      cause: error,
    });
  }
}
