/** The process: its streams, signals and end. */
import { type BigIntStats, fstatSync, statSync } from 'node:fs';
import { printable } from '../model/printable.ts';
import { exitCodes } from './exit-codes.ts';
import type { Engine } from './io.ts';
import { run } from './run.ts';
import { terminalOf } from './terminal.ts';

const SIGNALS = {
  SIGINT: exitCodes.interrupted,
  SIGTERM: exitCodes.terminated,
  SIGHUP: exitCodes.hungUp,
} as const;

// The system's own look-up, our last resort, can't be cancelled and would outlive the answer by
// seconds: glibc asks a silent resolver twice for five seconds each.
process.env.RES_OPTIONS ??= 'timeout:1 attempts:1';

const interrupt = new AbortController();
let killedBy: number | undefined;

for (const [name, code] of Object.entries(SIGNALS)) {
  process.on(name, () => {
    // A second signal ends it at once.
    if (interrupt.signal.aborted) process.exit(code);
    killedBy = code;
    interrupt.abort(new Error('interrupted'));
  });
}

process.on('uncaughtException', (error) => {
  process.stderr.write(
    `smtp-find: internal error, please report it: ${printable(error.message)}\n`,
  );
  if (process.env.SMTP_FIND_DEBUG) process.stderr.write(`${error.stack}\n`);
  process.exit(exitCodes.internal);
});

async function loadEngine(): Promise<Engine> {
  const [{ createSession }, { errorReport }] = await Promise.all([
    import('../api/session.ts'),
    import('../report/build-report.ts'),
  ]);
  return { createSession, errorReport };
}

/** Of a descriptor that may be closed, or of a file that may be missing. */
function statOf(what: number | string): BigIntStats | null {
  try {
    return typeof what === 'number'
      ? fstatSync(what, { bigint: true })
      : statSync(what, { bigint: true });
  } catch {
    return null;
  }
}

function isOpenAs(descriptor: number, file: string): boolean {
  const [opened, other] = [statOf(descriptor), statOf(file)];
  return opened?.isFile() === true && opened.ino === other?.ino && opened.dev === other.dev;
}

// Should there be nothing left to wait for and still no answer, that is a mistake of ours.
process.exitCode = exitCodes.internal;
void run(process.argv.slice(2), {
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  signal: interrupt.signal,
  stdinSize() {
    const stat = statOf(0);
    return stat?.isFile() ? Number(stat.size) : null;
  },
  terminal: () => terminalOf(process.stdin, process.stderr),
  isStdout: (file) => isOpenAs(1, file),
  isStdin: (file) => isOpenAs(0, file),
  loadEngine,
}).then((code) => {
  // Everything is written; whatever still lingers (a socket, a name being looked up) is let go.
  process.exit(killedBy ?? code);
});
