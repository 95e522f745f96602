/** Nothing is given, and somebody sits there: one question. */
import type { Io } from '../io.ts';
import { MAX_LINE, readFirstLine } from './lines.ts';

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
  const line = await readFirstLine(keys, MAX_LINE, io.signal);
  // Ctrl-D leaves the cursor where it was.
  if (line === null || !line.ended) terminal.write('\n');
  return line === null ? '' : line.text.trim();
}
