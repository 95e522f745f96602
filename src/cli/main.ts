/** The process: its streams, signals and end. */
import type { Engine } from './io.ts';
import { run } from './run.ts';

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const interrupt = new AbortController();
let killedBy: number | undefined;

for (const [name, code] of Object.entries(SIGNALS)) {
  process.on(name, () => {
    // The second time there is no more patience.
    if (interrupt.signal.aborted) process.exit(code);
    killedBy = code;
    interrupt.abort(new Error('interrupted'));
  });
}

process.on('uncaughtException', (error) => {
  process.stderr.write(`smtp-find: internal error, please report it: ${error.message}\n`);
  if (process.env.SMTP_FIND_DEBUG) process.stderr.write(`${error.stack}\n`);
  process.exit(70);
});

async function loadEngine(): Promise<Engine> {
  const [{ createSession }, { errorReport }] = await Promise.all([
    import('../session.ts'),
    import('../report/build-report.ts'),
  ]);
  return { createSession, errorReport };
}

const code = await run(process.argv.slice(2), {
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  signal: interrupt.signal,
  loadEngine,
});
// Everything is written; whatever still lingers (a socket, a name being looked up) is let go.
process.exit(killedBy ?? code);
