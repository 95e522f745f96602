/** Queries in, rendered reports out, several at a time. */
import type { Session } from '../api/session.ts';
import type { ProgressEvent } from '../engine/discover.ts';
import { SmtpFindError } from '../model/errors.ts';
import { printableDeep, quoted } from '../model/printable.ts';
import type { Report } from '../report/report.ts';
import { judge } from './checks/checks.ts';
import { mapConcurrently } from './concurrency.ts';
import { Interrupted, withoutSecret } from './errors.ts';
import { exitCodes, worse } from './exit-codes.ts';
import type { Input } from './input/queries.ts';
import type { Engine } from './io.ts';
import type { CliOptions } from './options/options.ts';
import type { Output } from './output/output.ts';
import type { Renderer } from './output/renderer.ts';
import type { Progress } from './progress/progress.ts';

/** An answer, and what it is worth to whoever asked. */
export interface Judged {
  readonly report: Report;
  /** What this query alone would exit with. */
  readonly exitCode: number;
  /** The same without its checks. */
  readonly answerCode: number;
  /** Checks that failed, a line each. */
  readonly failed: readonly string[];
}

export interface Batch {
  readonly session: Session;
  readonly engine: Engine;
  readonly options: CliOptions;
  readonly output: Output;
  readonly progress: Progress;
  /** Aborted when the user interrupts or the reader is gone. */
  readonly signal: AbortSignal;
  /** Bad input that turns out to be alone belongs on stderr, not among the results. */
  readonly mayBeAlone: boolean;
  readonly render: Renderer;
  /** The secret of a login, once it is known: no error may quote it. */
  secret(): string | undefined;
  /** Called before an answer is written. */
  ready(): Promise<void>;
  /** Hears of every answer, once it is written. */
  heard(judged: Judged): void;
  /** A line on stderr. */
  say(message: string): void;
}

export type BatchResult =
  | {
      readonly kind: 'done';
      readonly answered: number;
      readonly exitCode: number;
      /** An error that is no fault of the input, the first one. */
      readonly defect: unknown;
    }
  /** The only query was bad: it belongs on stderr. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly text: string };

interface Answer {
  readonly input: Input;
  readonly report: Report;
  readonly error: unknown;
}

/**
 * @throws SmtpFindError for what no query could be answered with: the provider's name, the input;
 * Interrupted
 */
export async function runBatch(inputs: AsyncIterable<Input>, batch: Batch): Promise<BatchResult> {
  const { options, output, progress, signal } = batch;
  let answered = 0;
  let exitCode: number = exitCodes.verified;
  let defect: unknown = null;
  // A bad first query waits until it is known whether it is the only one.
  let held: Answer | null = null;

  const judged = ({ report, error }: Answer): Judged => {
    const isDefect = error !== null && !isBadInput(error);
    if (isDefect) defect ??= error;
    const verdict = judge(report, options, new Date());
    return {
      report: { ...report, checks: printableDeep(verdict.checks) },
      exitCode: isDefect ? exitCodes.internal : verdict.exitCode,
      answerCode: isDefect ? exitCodes.internal : verdict.answerCode,
      failed: verdict.failed,
    };
  };
  const write = async (answer: Answer): Promise<void> => {
    const result = judged(answer);
    exitCode = worse(exitCode, result.exitCode);
    const { text, note } = batch.render(result.report);
    await batch.ready();
    await output.write(text);
    for (const message of result.failed) batch.say(message);
    if (note !== null) batch.say(note);
    batch.heard(result);
  };
  const answers = mapConcurrently(inputs, (input) => answer(input, batch), {
    concurrency: options.concurrency,
    ordered: options.ordered,
    signal,
  });
  for await (const result of answers) {
    answered++;
    progress.answered(result.input.bytes);
    if (answered === 1 && result.error !== null && batch.mayBeAlone) {
      held = result;
      continue;
    }
    if (held) await write(held);
    held = null;
    await write(result);
  }
  if (!held) return { kind: 'done', answered, exitCode, defect };
  batch.heard(judged(held));
  return { kind: 'failed', error: held.error, text: held.input.text ?? '' };
}

async function answer(input: Input, batch: Batch): Promise<Answer> {
  const text = input.text ?? '';
  if (input.note !== null && !batch.options.quiet) batch.say(input.note);
  try {
    if (input.problem !== null) throw noQuery(text, input.problem);
    return { input, report: await ask(input.text, batch), error: null };
  } catch (error) {
    if (batch.signal.aborted || isAboutAll(error)) throw error;
    const safe = withoutSecret(error, batch.secret());
    return { input, report: batch.engine.errorReport(text, safe), error: safe };
  }
}

async function ask(text: string | null, batch: Batch): Promise<Report> {
  const { session, options, progress, signal } = batch;
  const { named, find } = options;
  const listener = progress.begin();
  const watched = { signal, onProgress: (event: ProgressEvent) => listener.event(event) };
  try {
    if (named === null) return await session.find(text ?? '', { ...find, ...watched });
    const { only, skip, sendAddress, ...examining } = find;
    return await session.examine(named, text ?? undefined, { ...examining, ...watched });
  } finally {
    listener.end();
  }
}

function isBadInput(error: unknown): boolean {
  return error instanceof SmtpFindError && error.code === 'bad-input';
}

/** An option that suits no query ends it all; a defect met on one line costs only that line. */
function isAboutAll(error: unknown): boolean {
  if (error instanceof Interrupted) return true;
  return error instanceof SmtpFindError && error.code !== 'bad-input' && error.code !== 'internal';
}

function noQuery(text: string, problem: string): SmtpFindError {
  return new SmtpFindError(
    'bad-input',
    `${quoted(text, 40)} ${problem}: expected an address or a domain`,
  );
}
