/**
 * Lets queries begin one after another, and only while the process keeps up. Deadlines measure the
 * network; when many queries begin at once, a process too busy to hear the answers would take its
 * own slowness for silence.
 */
import { timeLimits } from '../model/time-limits.ts';

const { late, check } = timeLimits.admission;

export class Admission {
  readonly #lateness: () => Promise<number>;
  #turn: Promise<void> = Promise.resolve();
  #inside = 0;

  /** @param lateness how many ms timers are late just now */
  constructor(lateness: () => Promise<number> = timerLateness) {
    this.#lateness = lateness;
  }

  /** @throws the signal's reason, when it aborts before the turn has come */
  async run<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    const before = this.#turn;
    let pass = (): void => {};
    this.#turn = new Promise((resolve) => {
      pass = resolve;
    });
    try {
      await before;
      while (this.#inside > 0 && !signal.aborted && (await this.#lateness()) > late);
    } finally {
      pass();
    }
    signal.throwIfAborted();
    this.#inside++;
    try {
      return await task();
    } finally {
      this.#inside--;
    }
  }
}

/** How many ms a timer is late just now. */
export function timerLateness(): Promise<number> {
  const due = performance.now() + check;
  return new Promise((resolve) => {
    setTimeout(() => resolve(performance.now() - due), check);
  });
}
