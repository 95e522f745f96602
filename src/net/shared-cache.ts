/**
 * Answers worth keeping, and questions worth asking once: equal questions under way share one
 * task, which is cancelled only when everybody who waits for it has left.
 */

interface Running<V> {
  readonly promise: Promise<V>;
  readonly controller: AbortController;
  waiting: number;
}

export class SharedCache<V> {
  readonly #kept = new Map<string, { value: V; until: number }>();
  readonly #running = new Map<string, Running<V>>();
  readonly #limit: number;
  readonly #now: () => number;

  /**
   * @param limit most answers kept; the one longest unused goes first
   * @param now milliseconds, any origin
   */
  constructor(limit: number, now: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#now = now;
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
      this.#kept.delete(key);
      if (kept.until > this.#now()) {
        this.#kept.set(key, kept);
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
    let onAbort: (() => void) | undefined;
    const left = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
    });
    try {
      return await Promise.race([running.promise, left]);
    } finally {
      if (onAbort) signal.removeEventListener('abort', onAbort);
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
    this.#kept.set(key, { value, until: this.#now() + ms });
    if (this.#kept.size > this.#limit) {
      const oldest = this.#kept.keys().next();
      if (!oldest.done) this.#kept.delete(oldest.value);
    }
  }
}
