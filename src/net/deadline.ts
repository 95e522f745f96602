/** A caller's signal and a time limit that starts later, as one signal. */

/** The reason of a signal whose time ran out. */
export class DeadlinePassed extends Error {
  override readonly name: string = 'DeadlinePassed';
  readonly ms: number;

  constructor(ms: number) {
    super(`not within ${ms} ms`);
    this.ms = ms;
  }
}

export class Deadline {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #follow = (): void => this.#controller.abort(this.#outer.reason);
  #timer: NodeJS.Timeout | undefined;

  constructor(outer: AbortSignal) {
    this.#outer = outer;
    if (outer.aborted) this.#follow();
    else outer.addEventListener('abort', this.#follow, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Starts the clock, once: later calls change nothing. */
  start(ms: number): void {
    this.#timer ??= setTimeout(() => this.#controller.abort(new DeadlinePassed(ms)), ms);
  }

  /** Leaves no timer and no listener behind. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener('abort', this.#follow);
  }
}
