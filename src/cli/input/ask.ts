/** Nothing is given, and somebody sits there: one question. */
import { unreadableFile } from '../errors.ts';
import type { Io } from '../io.ts';
import { MAX_LINE, readLines } from './lines.ts';

const HINT = 'smtp-find --help shows all that it can do.\n';
const QUESTION = 'Address or domain: ';

/**
 * @returns '' when nothing is typed
 * @throws SmtpFindError `unreadable-file`; the signal's reason
 */
export async function askQuery(io: Io): Promise<string> {
  const terminal = io.terminal();
  terminal.write(HINT + QUESTION);
  // A password may be asked for as well.
  const keys = io.stdin.iterator?.({ destroyOnReturn: false }) ?? io.stdin;
  const lines = readLines(keys, MAX_LINE);
  try {
    const line = await Promise.race([lines.next(), aborted(io.signal)]);
    // Ctrl-D leaves the cursor where it was.
    if (line.done === true || !line.value.ended) terminal.write('\n');
    return line.done === true ? '' : line.value.text.trim();
  } catch (error) {
    io.signal.throwIfAborted();
    throw unreadableFile('standard input', error);
  } finally {
    // Not awaited: a terminal on which nothing more is typed would hold us.
    lines.return(undefined).catch(() => {});
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  });
}
