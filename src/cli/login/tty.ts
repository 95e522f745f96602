/** The terminal that stdin is. */
import { writeFileSync } from 'node:fs';
import type { ReadStream } from 'node:tty';
import type { OutputStream } from '../terminal.ts';
import type { Terminal } from './prompt.ts';

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
