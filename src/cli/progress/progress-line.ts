/** The words of the progress line: what is being asked, what has answered, how far a batch is. */

import type { ProgressEvent } from '../../engine/discover.ts';
import { inLargeUnits } from '../../model/duration.ts';
import type { Throughput } from './throughput.ts';

export interface ProgressLine {
  begin(): QueryListener;
  text(): string;
}

/** Listens to one query. */
export interface QueryListener {
  event(event: ProgressEvent): void;
  /** Nothing of it is open any more: what was cancelled is never heard of again. */
  end(): void;
}

/**
 * @param throughput of a batch; null for a single query, whose places are counted instead
 * @param then what goes on when all that was asked has answered
 */
export function createProgressLine(
  throughput: Throughput | null,
  unicode: boolean,
  then: string = 'looking',
): ProgressLine {
  // What is still open, oldest first: the one that keeps us waiting is named. Queries of a batch
  // may ask the same place.
  const open = new Map<string, number>();
  let asked = 0;
  let heard = 0;

  const shut = (what: string): void => {
    const count = open.get(what) ?? 0;
    if (count > 1) open.set(what, count - 1);
    else open.delete(what);
  };

  return {
    begin() {
      const own = new Set<string>();
      const opened = (what: string): void => {
        asked++;
        if (!own.has(what)) open.set(what, (open.get(what) ?? 0) + 1);
        own.add(what);
      };
      const closed = (what: string): void => {
        if (!own.delete(what)) return;
        heard++;
        shut(what);
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
        end() {
          for (const what of own) shut(what);
          own.clear();
        },
      };
    },
    text() {
      const [first = asked === 0 ? 'looking' : then] = open.keys();
      const count = throughput
        ? throughputWords(throughput, unicode)
        : `${heard} of ${asked} answered`;
      return `${count}, ${first}`;
    },
  };
}

const BAR_WIDTH = 12;

function throughputWords(throughput: Throughput, unicode: boolean): string {
  const fraction = throughput.fraction();
  const rate = throughput.rate();
  const left = throughput.left();
  const words = [`${throughput.done} done`];
  if (rate) words.push(`${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`);
  if (left !== null) words.push(`${inLargeUnits(left * 1000)} left`);
  const text = words.join(', ');
  return fraction === null ? text : `${bar(fraction, unicode)} ${text}`;
}

function bar(fraction: number, unicode: boolean): string {
  const [full, empty] = unicode ? ['█', '░'] : ['#', '-'];
  const filled = Math.floor(fraction * BAR_WIDTH);
  const drawn = full.repeat(filled) + empty.repeat(BAR_WIDTH - filled);
  return `${drawn} ${Math.floor(fraction * 100)}%`;
}
