/** The command line from arguments to exit code, apart from the process it runs in. */
import { setMaxListeners } from 'node:events';
import { SmtpFindError } from '../errors.ts';
import type { Report } from '../report/report.ts';
import type { Session } from '../session.ts';
import { type BatchResult, runBatch } from './batch.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { type CliOptions, checkOptions } from './options.ts';
import { createOutput, type Output } from './output.ts';
import { helpText, parseArguments } from './program.ts';
import { createProgress, noProgress, showsProgress } from './progress.ts';
import { type Input, readQueries, wantsStdin } from './queries.ts';
import { type Look, lookOf } from './terminal.ts';

/** Long enough to say QUIT; the answer has been printed by then. */
const GOODBYE_MS = 300;

/** @returns the exit code. Never throws for anything the user or the network did. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const { stdout, stderr, env } = io;
  const output = createOutput(stdout, io.signal);
  stderr.on('error', () => {});
  const helpWidth = Math.min(100, lookOf(stdout, env).width);

  const parsed = parseArguments(argv, helpWidth);
  if (parsed.kind === 'wrong') return complain(io, parsed.message);
  if (parsed.kind === 'text') {
    await output.write(parsed.text);
    await output.flush();
    return output.failure() ? exitCodes.outputFailed : exitCodes.verified;
  }
  const fromStdin = wantsStdin(parsed.queries) && parsed.options.provider === undefined;
  if (parsed.queries.length === 0 && fromStdin && io.stdin.isTTY === true) {
    stderr.write(helpText(Math.min(100, lookOf(stderr, env).width)));
    return exitCodes.badInput;
  }
  try {
    const options = checkOptions(parsed.options, env);
    return await find(parsed.queries, options, output, io);
  } catch (error) {
    if (io.signal.aborted) return exitCodes.interrupted;
    return complainOf(error, io);
  }
}

async function find(
  queries: readonly string[],
  options: CliOptions,
  output: Output,
  io: Io,
): Promise<number> {
  const alone = queries.length === 0 && options.provider !== null;
  const several = !alone && (queries.length > 1 || wantsStdin(queries));
  const look = lookOf(io.stdout, io.env, options.color);
  const [engine, render] = await Promise.all([
    io.loadEngine(),
    createRenderer(options, look, several, io.stdout.isTTY === true),
  ]);
  const session = await engine.createSession(options.session);
  const signal = anyOf(io.signal, output.closed);
  const progress =
    options.progress && showsProgress(io.stderr, io.env)
      ? createProgress(io.stderr, lookOf(io.stderr, io.env, options.color), several)
      : noProgress;
  try {
    const inputs = alone ? unnamed() : readQueries(queries, io.stdin);
    const result = await runBatch(inputs, {
      session,
      engine,
      options,
      output,
      progress,
      signal,
      render,
    });
    progress.stop();
    await output.flush();
    return conclude(result, output, io);
  } finally {
    progress.stop();
    await closeSoon(session);
  }
}

function conclude(result: BatchResult, output: Output, io: Io): number {
  if (io.signal.aborted) return exitCodes.interrupted;
  if (result.kind === 'done' && result.defect !== null) complainOf(result.defect, io);
  const failure = output.failure();
  if (failure) {
    complain(io, `cannot write the output: ${failure.message}`);
    return exitCodes.outputFailed;
  }
  if (result.kind === 'failed') return complainOf(result.error, io);
  if (result.answered === 0 && !output.closed.aborted) {
    return complain(
      io,
      'nothing to look for: expected an address or a domain, like you@example.com',
    );
  }
  return result.exitCode;
}

async function* unnamed(): AsyncGenerator<Input> {
  yield { text: null, cut: false };
}

async function createRenderer(
  options: CliOptions,
  look: Look,
  several: boolean,
  onTerminal: boolean,
): Promise<(report: Report) => string> {
  if (options.format === 'json') {
    const { renderJson } = await import('../render/json.ts');
    const pretty = !several && onTerminal;
    return (report) => renderJson(report, { pretty });
  }
  const { renderText } = await import('../render/text.ts');
  const { quiet, all, explain } = options;
  let between = '';
  return (report) => {
    const text = renderText(report, { ...look, quiet, all, explain, heading: several });
    const separated = text === '' ? '' : between + text;
    if (text !== '') between = '\n';
    return separated;
  };
}

function anyOf(...signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController();
  // Every query of a batch listens.
  setMaxListeners(0, controller.signal);
  for (const signal of signals) {
    const abort = (): void => controller.abort(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  }
  return controller.signal;
}

async function closeSoon(session: Session): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, GOODBYE_MS);
  });
  await Promise.race([session.close().catch(() => {}), deadline]);
  clearTimeout(timer);
}

function complainOf(error: unknown, io: Io): number {
  if (error instanceof SmtpFindError && error.code !== 'internal')
    return complain(io, error.message);
  const message = error instanceof Error ? error.message : String(error);
  complain(io, `internal error, please report it: ${message}`);
  if (io.env.SMTP_FIND_DEBUG && error instanceof Error) io.stderr.write(`${error.stack}\n`);
  return exitCodes.internal;
}

/** One line, whatever the message holds. */
function complain({ stderr }: Io, message: string): number {
  stderr.write(`smtp-find: ${message.replace(/\s*[\r\n]+\s*/g, ' ')}\n`);
  return exitCodes.badInput;
}
