/**
 * Answers worth keeping, and questions worth asking once: equal questions under way share one
 * task, which is cancelled only when everybody who waits for it has left.
 */
import { abortable } from './time.ts';

interface Kept<V> {
  readonly value: V;
  /** On the cache's clock. */
  readonly until: number;
  readonly weight: number;
}

interface Running<V> {
  readonly promise: Promise<V>;
  readonly controller: AbortController;
  waiting: number;
}

export class SharedCache<V> {
  /** The one longest unused first. */
  readonly #kept = new Map<string, Kept<V>>();
  readonly #running = new Map<string, Running<V>>();
  readonly #limit: number;
  readonly #now: () => number;
  readonly #weigh: (value: V) => number;
  #weight = 0;

  /**
   * @param limit most that the kept answers may weigh together; the one longest unused goes first
   * @param now milliseconds, any origin
   * @param weigh default: each weighs 1, so that they are counted
   */
  constructor(
    limit: number,
    now: () => number = () => performance.now(),
    weigh: (value: V) => number = () => 1,
  ) {
    this.#limit = limit;
    this.#now = now;
    this.#weigh = weigh;
  }

  /**
   * @param task asks the question; its signal aborts when no one waits any more
   * @param keepMs how long an answer holds, in ms; 0 does not keep it
   * @throws the signal's reason when the caller leaves, or whatever the task throws
   */
  async get(
    key: string,
    signal: AbortSignal,
    task: (signal: AbortSignal) => Promise<V>,
    keepMs: (value: V) => number,
  ): Promise<V> {
    signal.throwIfAborted();
    const kept = this.#kept.get(key);
    if (kept) {
      this.#drop(key, kept);
      if (kept.until > this.#now()) {
        this.#put(key, kept);
        return kept.value;
      }
    }
    const running = this.#running.get(key) ?? this.#start(key, task, keepMs);
    return this.#wait(key, running, signal);
  }

  #start(
    key: string,
    task: (signal: AbortSignal) => Promise<V>,
    keepMs: (value: V) => number,
  ): Running<V> {
    const controller = new AbortController();
    const promise = task(controller.signal).then(
      (value) => {
        this.#forget(key, running);
        const ms = keepMs(value);
        if (ms > 0) this.#keep(key, value, ms);
        return value;
      },
      (error: unknown) => {
        this.#forget(key, running);
        throw error;
      },
    );
    // Everybody may have left when it fails.
    promise.catch(() => {});
    const running: Running<V> = { promise, controller, waiting: 0 };
    this.#running.set(key, running);
    return running;
  }

  async #wait(key: string, running: Running<V>, signal: AbortSignal): Promise<V> {
    running.waiting++;
    try {
      return await abortable(running.promise, signal);
    } finally {
      running.waiting--;
      if (running.waiting === 0 && this.#running.get(key) === running) {
        this.#running.delete(key);
        running.controller.abort(signal.reason);
      }
    }
  }

  #forget(key: string, running: Running<V>): void {
    if (this.#running.get(key) === running) this.#running.delete(key);
  }

  #keep(key: string, value: V, ms: number): void {
    const before = this.#kept.get(key);
    if (before) this.#drop(key, before);
    this.#put(key, { value, until: this.#now() + ms, weight: this.#weigh(value) });
    for (const [oldest, kept] of this.#kept) {
      if (this.#weight <= this.#limit) return;
      this.#drop(oldest, kept);
    }
  }

  #put(key: string, kept: Kept<V>): void {
    this.#kept.set(key, kept);
    this.#weight += kept.weight;
  }

  #drop(key: string, { weight }: Kept<V>): void {
    this.#kept.delete(key);
    this.#weight -= weight;
  }
}
