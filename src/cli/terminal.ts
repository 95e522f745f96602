/** Terminals: what an output stream can show, and keys that are read without being shown. */
import { writeFileSync } from 'node:fs';
import type { ReadStream } from 'node:tty';

export interface OutputStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What a stream can show. */
export interface Capabilities {
  readonly color: boolean;
  readonly unicode: boolean;
  readonly width: number;
}

const USUAL_WIDTH = 80;
const MIN_WIDTH = 20;

/** @param wanted false when the user said `--no-color` */
export function capabilitiesOf(
  stream: OutputStream,
  env: NodeJS.ProcessEnv,
  wanted = true,
): Capabilities {
  const columns = stream.isTTY === true ? stream.columns : undefined;
  return {
    color: wanted && (colorDecided(env)?.value ?? stream.isTTY === true),
    unicode: showsUnicode(env),
    width: Math.max(MIN_WIDTH, columns || USUAL_WIDTH),
  };
}

/** What a file can show: never colours, whatever FORCE_COLOR says of the terminal. */
export function capabilitiesOfFile(env: NodeJS.ProcessEnv): Capabilities {
  return { color: false, unicode: showsUnicode(env), width: USUAL_WIDTH };
}

/** A variable that decides, whatever the stream is. */
export interface Decided {
  readonly value: boolean;
  readonly from: string;
}

/** As Node itself decides: FORCE_COLOR counts before NO_COLOR, and NO_COLOR counts when not empty. */
export function colorDecided(env: NodeJS.ProcessEnv): Decided | null {
  if (env.FORCE_COLOR !== undefined) {
    return { value: !/^(0|false)$/i.test(env.FORCE_COLOR), from: 'FORCE_COLOR' };
  }
  if (env.NO_COLOR) return { value: false, from: 'NO_COLOR' };
  return isDumb(env);
}

/** Only a person looks at progress. */
export function progressDecided(env: NodeJS.ProcessEnv): Decided | null {
  const inCi = env.CI !== undefined && !/^(|0|false)$/i.test(env.CI);
  return inCi ? { value: false, from: 'CI' } : isDumb(env);
}

function isDumb({ TERM }: NodeJS.ProcessEnv): Decided | null {
  return TERM === 'dumb' ? { value: false, from: 'TERM' } : null;
}

function showsUnicode(env: NodeJS.ProcessEnv): boolean {
  // The Linux console's font has few of the signs.
  if (env.TERM === 'linux' || env.TERM === 'dumb') return false;
  if (env.WT_SESSION || env.TERM_PROGRAM === 'vscode') return true;
  // POSIX: the first of these that is set and not empty counts.
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return /utf-?8/i.test(locale);
}

/** What a prompt needs of a terminal. */
export interface Terminal {
  /** For the person who sits there, wherever our own output goes. */
  write(text: string): void;
  /**
   * From now on keys come as they are pressed, and are not shown.
   * @param onEnd nothing more can come, or it could not be hidden
   * @returns what makes the terminal as it was
   */
  readKeys(onKeys: (bytes: Uint8Array) => void, onEnd: () => void): () => void;
}

/** The terminal that stdin is. */
export function terminalOf(stdin: ReadStream, stderr: OutputStream): Terminal {
  return {
    write(text) {
      if (stderr.isTTY !== true && writeToTerminal(text)) return;
      stderr.write(text);
    },
    readKeys(onKeys, onEnd) {
      // Where the terminal is gone, setting it reports an error as an event.
      stdin.on('error', onEnd);
      stdin.on('end', onEnd);
      stdin.on('data', onKeys);
      // A shell may set the terminal as it likes while we are stopped; Node sets only what it
      // believes to be a change.
      const hide = (): void => {
        stdin.setRawMode(false);
        stdin.setRawMode(true);
      };
      process.on('SIGCONT', hide);
      hide();
      return () => {
        process.removeListener('SIGCONT', hide);
        stdin.removeListener('data', onKeys);
        stdin.removeListener('end', onEnd);
        stdin.setRawMode(false);
        stdin.pause();
      };
    },
  };
}

/** With `2>file` the question would not be seen. Windows has no such file, and must not get one. */
function writeToTerminal(text: string): boolean {
  try {
    writeFileSync('/dev/tty', text, { flag: 'r+' });
    return true;
  } catch {
    return false;
  }
}
