/** One live line on stderr: what is being asked, and how much has answered. Gone when done. */
import type { Ora } from 'ora';
import { printable } from '../../model/printable.ts';
import { truncate } from '../../render/text/layout.ts';
import type { Look, OutputStream } from '../terminal.ts';
import { createTally, type Follower } from './progress-line.ts';
import type { Pace } from './throughput.ts';

export interface Progress {
  /** Whether somebody sees it. */
  readonly shown: boolean;
  /** Follows a query from its start. */
  begin(): Follower;
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

/** Only a person looks at it. */
export function showsProgress(stream: OutputStream, env: NodeJS.ProcessEnv): boolean {
  const inCi = env.CI !== undefined && !/^(|0|false)$/i.test(env.CI);
  return stream.isTTY === true && env.TERM !== 'dumb' && !inCi;
}

/**
 * @param pace of a batch; null for a single query
 * @param then what goes on when all that was asked has answered
 */
export function createProgress(
  stream: OutputStream,
  look: Look,
  pace: Pace | null,
  then: string = 'looking',
): Progress {
  const tally = createTally(pace, look.unicode, then);
  const ellipsis = look.unicode ? '…' : '...';
  let spinner: Ora | undefined;
  let refresh: NodeJS.Timeout | undefined;
  let stopped = false;

  const update = (): void => {
    // The spinner takes two columns, and the last one stays free lest the terminal wraps.
    if (spinner) spinner.text = truncate(printable(tally.line()), look.width - 3, ellipsis);
  };
  const start = setTimeout(async () => {
    const { default: ora } = await import('ora');
    if (stopped) return;
    spinner = ora({
      stream,
      isEnabled: true,
      // stdin is ours: it may hold the queries.
      discardStdin: false,
      color: look.color ? 'cyan' : false,
      spinner: look.unicode ? 'dots' : 'line',
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
    begin: () => tally.begin(),
    answered: (bytes) => pace?.answered(bytes),
    skipped: (bytes) => pace?.skipped(bytes),
    stop() {
      stopped = true;
      clearTimeout(start);
      clearInterval(refresh);
      spinner?.stop();
      spinner = undefined;
    },
  };
}
