/** One live line on stderr: what is being asked, and how much has answered. Gone when done. */
import type { Ora } from 'ora';
import { printable } from '../../model/printable.ts';
import { truncate } from '../../render/text/layout.ts';
import type { InputSize } from '../input/queries.ts';
import type { Io } from '../io.ts';
import type { CliOptions } from '../options/options.ts';
import {
  type Capabilities,
  capabilitiesOf,
  type OutputStream,
  progressDecided,
} from '../terminal.ts';
import { createProgressLine, type QueryListener } from './progress-line.ts';
import { createThroughput, type Throughput } from './throughput.ts';

export interface Progress {
  /** Whether somebody sees it. */
  readonly shown: boolean;
  /** Listens to a query from its start. */
  begin(): QueryListener;
  /** A query has its answer. @param bytes what it took of the input */
  answered(bytes: number): void;
  /** A query needs none. */
  skipped(bytes: number): void;
  stop(): void;
}

/** Quick answers come without a flicker, and without loading the spinner. */
const SHOW_AFTER_MS = 120;
const REFRESH_MS = 100;

export const noProgress: Progress = {
  shown: false,
  begin: () => ({ event() {}, end() {} }),
  answered() {},
  skipped() {},
  stop() {},
};

function showsProgress(stream: OutputStream, env: NodeJS.ProcessEnv): boolean {
  return progressDecided(env)?.value ?? stream.isTTY === true;
}

/** @param size of the input; undefined for a single query, null where it is not known */
export function progressFor(
  { progress, color, login }: CliOptions,
  size: InputSize | null | undefined,
  { stderr, env }: Io,
): Progress {
  if (!progress || !showsProgress(stderr, env)) return noProgress;
  const throughput = size === undefined ? null : createThroughput(size, () => performance.now());
  const then = login ? 'logging in' : 'looking';
  return createProgress(stderr, capabilitiesOf(stderr, env, color), throughput, then);
}

/**
 * @param throughput of a batch; null for a single query
 * @param then what goes on when all that was asked has answered
 */
function createProgress(
  stream: OutputStream,
  { color, unicode, width }: Capabilities,
  throughput: Throughput | null,
  then: string,
): Progress {
  const line = createProgressLine(throughput, unicode, then);
  const ellipsis = unicode ? '…' : '...';
  let spinner: Ora | undefined;
  let refresh: NodeJS.Timeout | undefined;
  let stopped = false;

  const update = (): void => {
    // The spinner takes two columns, and the last one stays free lest the terminal wraps.
    if (spinner) spinner.text = truncate(printable(line.text()), width - 3, ellipsis);
  };
  const start = setTimeout(async () => {
    const { default: ora } = await import('ora');
    if (stopped) return;
    spinner = ora({
      stream,
      isEnabled: true,
      // stdin is ours: it may hold the queries.
      discardStdin: false,
      color: color ? 'cyan' : false,
      spinner: unicode ? 'dots' : 'line',
    } as Parameters<typeof ora>[0]);
    update();
    spinner.start();
    // Not at every event: a batch has thousands a second.
    refresh = setInterval(update, REFRESH_MS);
    refresh.unref();
  }, SHOW_AFTER_MS);
  start.unref();

  return {
    shown: true,
    begin: () => line.begin(),
    answered: (bytes) => throughput?.answered(bytes),
    skipped: (bytes) => throughput?.skipped(bytes),
    stop() {
      stopped = true;
      clearTimeout(start);
      clearInterval(refresh);
      spinner?.stop();
      spinner = undefined;
    },
  };
}
