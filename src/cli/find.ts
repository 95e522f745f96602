/** From good options to an exit code: a session, its queries, and what is said at the end. */
import { setMaxListeners } from 'node:events';
import type { Session } from '../api/session.ts';
import { parseQuery, type Query } from '../model/query.ts';
import { timeLimits } from '../model/time-limits.ts';
import { type BatchResult, runBatch } from './batch.ts';
import { Interrupted, nothingToLookFor, reportError, reportOutputFailure } from './errors.ts';
import { exitCodes, worse } from './exit-codes.ts';
import { withOptionMeant } from './input/otherwise-meant.ts';
import {
  inputSize,
  isSeveral,
  isStream,
  noQuery,
  type QueryArguments,
  readQueries,
  wantsStdin,
} from './input/queries.ts';
import { type Earlier, mendEnd, readEarlier, unanswered } from './input/resume.ts';
import { type Io, say } from './io.ts';
import type { Credentials } from './login/secret.ts';
import type { Monitors } from './monitors/monitors.ts';
import { onlyQuery } from './options/login-options.ts';
import { isNamedAlone } from './options/named-options.ts';
import type { CliOptions } from './options/options.ts';
import { openDestination } from './output/destination.ts';
import type { Output } from './output/output.ts';
import { createRenderer } from './output/renderer.ts';
import { createSummary } from './output/summary.ts';
import { createTranscripts } from './output/transcripts.ts';
import { noProgress, progressFor } from './progress/progress.ts';

/** @throws SmtpFindError for what no query could be answered with */
export async function find(
  given: QueryArguments,
  options: CliOptions,
  stdout: Output,
  io: Io,
): Promise<number> {
  const alone = isNamedAlone(options.named, given);
  const query = options.login ? onlyQuery(given, alone) : undefined;
  // Reported before a password is read.
  const parsed = query === undefined ? null : await parsedQuery(query);
  const stream = !alone && isStream(given);
  const several = (!alone && isSeveral(given)) || options.resume !== null;
  const destination = await openDestination(given, options, stdout, io);
  const { output, appends } = destination;
  const [engine, render, earlier] = await Promise.all([
    io.loadEngine(),
    createRenderer(options, { ...destination, several }),
    options.resume === null ? null : readEarlier(options.resume, options, destination.mayBegin),
  ]);
  const monitors = await monitorsOf(options, io.signal);
  const summary = createSummary(options.probing, () => performance.now());
  const transcripts = options.verbose
    ? createTranscripts((text) => void io.stderr.write(text))
    : null;
  const session = await engine.createSession({
    ...options.session,
    ...(transcripts && { trace: transcripts.trace }),
  });
  const signal = anyOf(io.signal, output.closed);
  let progress = noProgress;
  try {
    // Now that all the rest is known to be good.
    const login = await credentials(options, parsed, io, async () => {
      await transcripts?.settled();
      progress.stop();
    });
    if (alone || !isTyped(given, io)) {
      progress = progressFor(options, several ? inputSize(given, io) : undefined, io);
    }
    const missing = options.resume !== null && appends ? await mendEnd(options.resume) : '';
    if (missing !== '') await output.write(missing);
    const all = alone ? noQuery() : readQueries(given, io.stdin);
    const inputs = earlier ? unanswered(all, earlier, ({ bytes }) => progress.skipped(bytes)) : all;
    const result = await runBatch(inputs, {
      session,
      engine,
      options: login ? { ...options, find: { ...options.find, login: login.request } } : options,
      secret: () => login?.secret(),
      output,
      progress,
      signal,
      render,
      // Before the answer of a single query stands all that led to it.
      async ready() {
        if (!several) await transcripts?.settled();
      },
      heard(judged) {
        monitors?.heard(judged);
        summary.heard(judged);
      },
      // A line of a stream has its line even when it is the only one: however a list is
      // split among processes, the same lines come out.
      mayBeAlone: !(stream && isLineByLine(options.format)) && options.resume === null,
      say: (message) => say(io, message),
    });
    progress.stop();
    // With nothing left to ask, a file of its own is emptied all the same.
    if (earlier && result.kind === 'done') await output.write('');
    await output.flush();
    if (io.signal.aborted && progress.shown && several && result.kind === 'done') {
      sayHowToGoOn(result.answered, options, io);
    }
    const exitCode = conclude(await explained(result), earlier, output, io);
    if (io.signal.aborted || output.closed.aborted) return exitCode;
    const line = several && !options.quiet ? summary.line() : null;
    if (line !== null) say(io, line);
    // They tell of all that was asked, or nothing.
    await monitors?.write();
    return io.signal.aborted ? exitCodes.interrupted : exitCode;
  } catch (error) {
    if (error instanceof Interrupted) return exitCodes.interrupted;
    throw error;
  } finally {
    progress.stop();
    await closeSoon(session);
    transcripts?.flush();
  }
}

async function parsedQuery(text: string): Promise<Query> {
  try {
    return parseQuery(text);
  } catch (error) {
    throw await withOptionMeant(error, text);
  }
}

/** A query that was bad may name what an option asks about. */
async function explained(result: BatchResult): Promise<BatchResult> {
  if (result.kind !== 'failed') return result;
  return { ...result, error: await withOptionMeant(result.error, result.text) };
}

async function monitorsOf(options: CliOptions, signal: AbortSignal): Promise<Monitors | null> {
  if (options.junit === null && options.prometheus === null) return null;
  const { openMonitors } = await import('./monitors/monitors.ts');
  return openMonitors(options, signal);
}

/** A live line would write into what a person types. */
function isTyped(given: QueryArguments, { stdin }: Io): boolean {
  return wantsStdin(given) && stdin.isTTY === true;
}

function isLineByLine(format: string): boolean {
  return format === 'json' || format === 'tsv';
}

async function credentials(
  { login, named }: CliOptions,
  query: Query | null,
  io: Io,
  clear: () => Promise<void>,
): Promise<Credentials | null> {
  if (!login) return null;
  const { readCredentials } = await import('./login/secret.ts');
  const who =
    query?.email ??
    query?.domain ??
    (named && 'provider' in named ? named.provider : 'the account');
  return readCredentials(login, who, io, clear);
}

function conclude(result: BatchResult, earlier: Earlier | null, output: Output, io: Io): number {
  if (io.signal.aborted) return exitCodes.interrupted;
  if (result.kind === 'done' && result.defect !== null) reportError(result.defect, io);
  const failure = output.failure();
  if (failure) return reportOutputFailure(failure, io);
  if (result.kind === 'failed') return reportError(result.error, io);
  if (result.answered === 0 && !earlier?.answered && !output.closed.aborted) {
    return reportError(nothingToLookFor(), io);
  }
  return worse(result.exitCode, earlier?.exitCode ?? exitCodes.verified);
}

function sayHowToGoOn(answered: number, { format }: CliOptions, io: Io): void {
  const hint = format === 'json' ? '; --resume with the output so far goes on from here' : '';
  say(io, `interrupted after ${answered} answers${hint}`);
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
    timer = setTimeout(resolve, timeLimits.goodbye.command);
  });
  await Promise.race([session.close().catch(() => {}), deadline]);
  clearTimeout(timer);
}
