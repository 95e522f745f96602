/** From good options to an exit code: a session, its queries, and what is said at the end. */
import { setMaxListeners } from 'node:events';
import { statSync } from 'node:fs';
import type { LoginRequest, Session } from '../api/session.ts';
import { parseQuery } from '../model/query.ts';
import { timeLimits } from '../model/time-limits.ts';
import { type BatchResult, runBatch } from './batch.ts';
import { Interrupted, reportError, reportUsageError, say } from './errors.ts';
import { exitCodes, worse } from './exit-codes.ts';
import { type Asked, type Input, isStream, readQueries, wantsStdin } from './input/queries.ts';
import { type Earlier, mendEnd, readEarlier } from './input/resume.ts';
import type { Io } from './io.ts';
import { type LoginOptions, onlyQuery } from './options/login-options.ts';
import type { CliOptions } from './options/options.ts';
import type { Output } from './output.ts';
import { createProgress, noProgress, type Progress, showsProgress } from './progress/progress.ts';
import { createPace, type Total } from './progress/throughput.ts';
import { createRenderer } from './renderer.ts';
import { lookOf } from './terminal.ts';

/** @throws SmtpFindError for what no query could be answered with */
export async function find(
  asked: Asked,
  options: CliOptions,
  output: Output,
  io: Io,
): Promise<number> {
  const { args, file } = asked;
  const query = options.login ? onlyQuery(asked) : null;
  // Told before a password is read.
  if (query !== null) parseQuery(query);
  const alone = args.length === 0 && file === null && options.provider !== null;
  const stream = !alone && isStream(asked);
  const several = stream || args.length > 1 || options.resume !== null;
  const look = lookOf(io.stdout, io.env, options.color);
  const [engine, render, earlier] = await Promise.all([
    io.loadEngine(),
    createRenderer(options, { look, several, onTerminal: io.stdout.isTTY === true }),
    options.resume === null ? null : readEarlier(options.resume, options.probing, options.checks),
  ]);
  const session = await engine.createSession(options.session);
  const signal = anyOf(io.signal, output.closed);
  let progress = noProgress;
  try {
    // Now that all the rest is known to be good.
    const login =
      options.login && (await credentials(options.login, query ?? '', io, () => progress.stop()));
    progress = progressOf(options, several ? totalOf(asked, io) : undefined, io);
    if (options.resume !== null && io.isStdout(options.resume)) {
      await output.write(await mendEnd(options.resume));
    }
    const inputs = alone ? unnamed() : readQueries(asked, io.stdin);
    const result = await runBatch(earlier ? rest(inputs, earlier, progress) : inputs, {
      session,
      engine,
      options: login ? { ...options, find: { ...options.find, login: login.request } } : options,
      secret: () => login?.secret(),
      output,
      progress,
      signal,
      render,
      // A line of a stream has its line of JSON even when it is the only one: however a list is
      // split among processes, the same lines come out.
      mayBeAlone: !(stream && options.format === 'json') && options.resume === null,
      say: (message) => say(io, message),
    });
    progress.stop();
    await output.flush();
    if (io.signal.aborted && progress.shown && several && result.kind === 'done') {
      sayHowToGoOn(result.answered, options, io);
    }
    return conclude(result, earlier, output, io);
  } catch (error) {
    if (error instanceof Interrupted) return exitCodes.interrupted;
    throw error;
  } finally {
    progress.stop();
    await closeSoon(session);
  }
}

interface Credentials {
  readonly request: LoginRequest;
  /** What is known of it so far. */
  secret(): string | undefined;
}

/**
 * @param clear called before a question, which a live line would cover
 * @throws SmtpFindError `bad-option`; the signal's reason
 */
async function credentials(
  { username, acceptHosts }: LoginOptions,
  query: string,
  io: Io,
  clear: () => void,
): Promise<Credentials> {
  const { secretOf } = await import('./login/secret.ts');
  const secret = await secretOf(username ?? query, io);
  let known = typeof secret === 'function' ? undefined : secret.value;
  const later: LoginRequest['secret'] =
    typeof secret === 'function'
      ? async (server, signal) => {
          clear();
          const typed = await secret(server, signal);
          known = typed.value;
          return typed;
        }
      : secret;
  return {
    request: { secret: later, acceptHosts, ...(username !== null && { username }) },
    secret: () => known,
  };
}

function conclude(result: BatchResult, earlier: Earlier | null, output: Output, io: Io): number {
  if (io.signal.aborted) return exitCodes.interrupted;
  if (result.kind === 'done' && result.defect !== null) reportError(result.defect, io);
  const failure = output.failure();
  if (failure) {
    reportUsageError(io, `cannot write the output: ${failure.message}`);
    return exitCodes.outputFailed;
  }
  if (result.kind === 'failed') return reportError(result.error, io);
  if (result.answered === 0 && !earlier?.answered && !output.closed.aborted) {
    return reportUsageError(
      io,
      'nothing to look for: expected an address or a domain, like you@example.com',
    );
  }
  return worse(result.exitCode, earlier?.exitCode ?? exitCodes.verified);
}

function sayHowToGoOn(answered: number, { format }: CliOptions, io: Io): void {
  const hint = format === 'json' ? '; --resume with the output so far goes on from here' : '';
  say(io, `interrupted after ${answered} answers${hint}`);
}

async function* unnamed(): AsyncGenerator<Input> {
  yield { text: null, cut: false, bytes: 0 };
}

async function* rest(
  inputs: AsyncIterable<Input>,
  earlier: Earlier,
  progress: Progress,
): AsyncGenerator<Input> {
  for await (const input of inputs) {
    if (earlier.take(input)) progress.skipped(input.bytes);
    else yield input;
  }
}

/** @param total undefined for a single query, null for an unknown number of them */
function progressOf(
  { progress, color, login }: CliOptions,
  total: Total | null | undefined,
  { stderr, env }: Io,
): Progress {
  if (!progress || !showsProgress(stderr, env)) return noProgress;
  const pace = total === undefined ? null : createPace(total, () => performance.now());
  return createProgress(stderr, lookOf(stderr, env, color), pace, login ? 'logging in' : 'looking');
}

function totalOf(asked: Asked, io: Io): Total | null {
  const { args, file } = asked;
  const stdin = wantsStdin(asked);
  if (file === null && !stdin) return { unit: 'queries', size: args.length };
  // Arguments beside a file count for nothing against it.
  const size = stdin ? io.stdinSize() : fileSize(file ?? '');
  return size === null || (stdin && file !== null && file !== '-') ? null : { unit: 'bytes', size };
}

function fileSize(file: string): number | null {
  try {
    const stat = statSync(file);
    return stat.isFile() ? stat.size : null;
  } catch {
    // Reading it will tell.
    return null;
  }
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
