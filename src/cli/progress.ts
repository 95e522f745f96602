/** One live line on stderr: what is being asked, and how much has answered. Gone when done. */
import type { Ora } from 'ora';
import type { ProgressEvent } from '../discover.ts';
import { printable } from '../printable.ts';
import type { Look, OutputStream } from './terminal.ts';

export interface Progress {
  event(event: ProgressEvent): void;
  /** A query has its answer. */
  answered(): void;
  stop(): void;
}

/** Quick answers come without a flicker, and without loading the spinner. */
const SHOW_AFTER_MS = 120;

export const noProgress: Progress = { event() {}, answered() {}, stop() {} };

/** Only a person looks at it. */
export function showsProgress(stream: OutputStream, env: NodeJS.ProcessEnv): boolean {
  const inCi = env.CI !== undefined && !/^(|0|false)$/i.test(env.CI);
  return stream.isTTY === true && env.TERM !== 'dumb' && !inCi;
}

/** @param several say how many queries are done */
export function createProgress(stream: OutputStream, look: Look, several: boolean): Progress {
  const tally = createTally(several);
  let spinner: Ora | undefined;
  let stopped = false;

  const update = (): void => {
    // The spinner takes two columns, and the last one stays free lest the terminal wraps.
    if (spinner) spinner.text = printable(tally.line(), look.width - 3);
  };
  const timer = setTimeout(async () => {
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
  }, SHOW_AFTER_MS);
  timer.unref();

  return {
    event(event) {
      tally.event(event);
      update();
    },
    answered() {
      tally.answered();
      update();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      spinner?.stop();
      spinner = undefined;
    },
  };
}

export interface Tally {
  event(event: ProgressEvent): void;
  answered(): void;
  line(): string;
}

export function createTally(several: boolean): Tally {
  // What is still open, oldest first: the one that keeps us waiting is named. Queries of a batch
  // may ask the same place.
  const open = new Map<string, number>();
  let asked = 0;
  let heard = 0;
  let done = 0;

  const opened = (what: string): void => {
    asked++;
    open.set(what, (open.get(what) ?? 0) + 1);
  };
  const closed = (what: string): void => {
    const count = open.get(what);
    if (count === undefined) return;
    heard++;
    if (count > 1) open.set(what, count - 1);
    else open.delete(what);
  };

  return {
    event(event) {
      switch (event.kind) {
        case 'ask':
          return opened(`asking ${event.from}`);
        case 'answer':
          return closed(`asking ${event.from}`);
        case 'probe':
          return opened(`trying ${event.host}:${event.port}`);
        case 'probed':
          return closed(`trying ${event.host}:${event.port}`);
      }
    },
    answered() {
      done++;
    },
    line() {
      const [first = 'looking'] = open.keys();
      const count = several ? `${done} done` : `${heard} of ${asked} answered`;
      return `${count}, ${first}`;
    },
  };
}
