/**
 * Waiting that ends: signals that follow others, deadlines, promises that settle once, timers.
 * `AbortSignal.any` would do some of it, but keeps what it follows alive on early Node 20.
 */

import { inMilliseconds } from '../model/duration.ts';

/** The reason of a signal whose time ran out. */
export class DeadlinePassed extends Error {
  override readonly name: string = 'DeadlinePassed';
  readonly ms: number;

  constructor(ms: number) {
    super(`not within ${inMilliseconds(ms)}`);
    this.ms = ms;
  }
}

/**
 * Calls back once when the signal aborts, at once when it already has.
 * @returns ends the listening
 */
export function onAbort(signal: AbortSignal, action: () => void): () => void {
  if (signal.aborted) {
    action();
    return () => {};
  }
  signal.addEventListener('abort', action, { once: true });
  return () => signal.removeEventListener('abort', action);
}

/** A signal that aborts with a caller's own, by a deadline, or by `abort`. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #unfollow: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param ms starts the clock at once */
  constructor(outer: AbortSignal, ms?: number) {
    this.#unfollow = onAbort(outer, () => this.abort(outer.reason));
    if (ms !== undefined) this.start(ms);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Starts the clock, once: later calls change nothing. */
  start(ms: number): void {
    this.#timer ??= setTimeout(() => this.abort(new DeadlinePassed(ms)), ms);
  }

  abort(reason: unknown): void {
    this.clear();
    this.#controller.abort(reason);
  }

  /** Leaves no timer and no listener behind. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#unfollow?.();
  }
}

/**
 * A promise of what arrives by callbacks or events. It settles once; the first call counts, or the
 * signal.
 * @param begin starts the work, unless the signal has aborted already; what it returns ends the work,
 *   and is called once, however the promise settles
 * @throws the signal's reason, and what `begin` throws or rejects with
 */
export function settleOnce<T>(
  signal: AbortSignal,
  begin: (resolve: (value: T) => void, reject: (error: unknown) => void) => () => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    let settled = false;
    let end: (() => void) | undefined;
    const settle = (act: () => void): void => {
      if (settled) return;
      settled = true;
      unfollow();
      end?.();
      act();
    };
    const fail = (error: unknown): void => settle(() => reject(error));
    const unfollow = onAbort(signal, () => fail(signal.reason));
    try {
      end = begin((value) => settle(() => resolve(value)), fail);
    } catch (error) {
      fail(error);
    }
    // It may have settled before there was anything to end it with.
    if (settled) end?.();
  });
}

/**
 * What the promise brings, unless the signal aborts first; the promise's work goes on.
 * @throws the signal's reason
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  promise.catch(() => {}); // It may fail when nobody waits for it any more.
  return settleOnce(signal, (resolve, reject) => {
    promise.then(resolve, reject);
    return () => {};
  });
}

/** @throws the signal's reason */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await abortable(over, signal);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Runs a task whose signal aborts with the caller's, and when time is up; the task itself has to
 * end then.
 * @throws DeadlinePassed, the signal's reason, or what the task throws
 */
export async function withDeadline<T>(
  ms: number,
  signal: AbortSignal,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const deadline = new Deadline(signal, ms);
  try {
    return await task(deadline.signal);
  } finally {
    deadline.clear();
  }
}

/**
 * A time limit on part of a question, so that one silent peer does not cost the rest its time.
 * @param ms none left is as good as passed
 * @returns what the task comes to; null when it takes longer, and then its signal aborts
 * @throws the signal's reason, and what the task throws in time
 */
export async function withinBudget<T>(
  ms: number,
  signal: AbortSignal,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T | null> {
  signal.throwIfAborted();
  if (ms <= 0) return null;
  const deadline = new Deadline(signal, ms);
  try {
    return await abortable(task(deadline.signal), deadline.signal);
  } catch (error) {
    if (error instanceof DeadlinePassed && error === deadline.signal.reason) return null;
    throw error;
  } finally {
    deadline.clear();
  }
}

/** Timers that end together. */
export class Timers {
  readonly #running = new Set<NodeJS.Timeout>();

  /** @returns for `clear` */
  after(ms: number, action: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#running.delete(timer);
      action();
    }, ms);
    this.#running.add(timer);
    return timer;
  }

  clear(timer: NodeJS.Timeout | undefined): void {
    if (timer === undefined) return;
    clearTimeout(timer);
    this.#running.delete(timer);
  }

  clearAll(): void {
    for (const timer of this.#running) clearTimeout(timer);
    this.#running.clear();
  }
}
