/** Runs the CLI like `run-cli.ts`, with the real engine, but in this process: many times as fast. */
import { createSession } from '../../src/api/session.ts';
import { run } from '../../src/cli/run.ts';
import { errorReport } from '../../src/report/build-report.ts';
import { Sink, textInput } from '../cli/fake-io.ts';
import { type CliOptions, type CliResult, environment, resultOf } from './run-cli.ts';

export async function runInProcess(
  args: readonly string[],
  { lab, stdin = '', env, timeoutMs = 30_000 }: CliOptions = {},
): Promise<CliResult> {
  const started = performance.now();
  const stdout = new Sink();
  const stderr = new Sink();
  const code = await run([...(lab?.args ?? []), ...args], {
    stdin: textInput(stdin),
    stdout,
    stderr,
    env: environment(env),
    signal: AbortSignal.timeout(timeoutMs),
    stdinSize: () => null,
    terminal() {
      throw new Error('there is no terminal');
    },
    isStdout: () => false,
    isStdin: () => false,
    loadEngine: async () => ({ createSession, errorReport }),
  });
  const durationMs = performance.now() - started;
  return resultOf({ code, signal: null, stdout: stdout.text, stderr: stderr.text, durationMs });
}
