/** What the command line touches of the world, so that tests can stand in for it. */
import type { Session, SessionOptions } from '../api/session.ts';
import { printable } from '../model/printable.ts';
import { hanging } from '../render/text/layout.ts';
import type { Report } from '../report/report.ts';
import type { OutputStream, Terminal } from './terminal.ts';

export interface InputStream extends AsyncIterable<Uint8Array | string> {
  readonly isTTY?: boolean;
  /** As Node's streams have it: what is left stays to be read. */
  iterator?(options: { readonly destroyOnReturn: false }): AsyncIterable<Uint8Array | string>;
}

export interface Io {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  /** Bytes on stdin, where it is a file; else null. */
  stdinSize(): number | null;
  /** The terminal that stdin is. */
  terminal(): Terminal;
  /** Whether stdout is this very file, so that output is appended to it. */
  isStdout(file: string): boolean;
  /** Whether stdin reads this very file. */
  isStdin(file: string): boolean;
  /** Called once the options are known to be good, since it takes a while. */
  loadEngine(): Promise<Engine>;
}

export interface Engine {
  /** @throws SmtpFindError */
  createSession(options: SessionOptions): Promise<Session>;
  errorReport(input: string, error: unknown): Report;
}

const NAME = 'smtp-find: ';

/** One line on stderr, whatever the message holds; on a terminal as many as it takes, cut between words. */
export function say({ stderr }: Io, message: string): void {
  const line = printable(message.replace(/\s*[\r\n]+\s*/g, ' '));
  const width = stderr.isTTY === true ? (stderr.columns ?? 0) : 0;
  const lines = width > 2 * NAME.length ? hanging(NAME, line, width) : [NAME + line];
  stderr.write(`${lines.join('\n')}\n`);
}
