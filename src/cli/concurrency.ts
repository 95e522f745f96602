/** Many jobs at once, results in the order of the input or as they come, in bounded memory. */

/** Results that may wait for a slower one before them, as a multiple of the concurrency. */
const LOOK_AHEAD = 8;

export interface ConcurrencyOptions {
  readonly concurrency: number;
  /** False: results come as soon as they are there. */
  readonly ordered: boolean;
  /** When aborted, what has finished is still yielded, in order; the rest is left out. */
  readonly signal: AbortSignal;
}

interface Slot<R> {
  result?: { readonly value: R };
  failure?: { readonly error: unknown };
}

/**
 * Jobs start in the order of the input, `concurrency` at a time, and none while the consumer is
 * busy. A job's failure, or the input's, is thrown in its turn.
 */
export async function* mapConcurrently<T, R>(
  input: AsyncIterable<T>,
  job: (item: T) => Promise<R>,
  { concurrency, ordered, signal }: ConcurrencyOptions,
): AsyncGenerator<R> {
  const items = input[Symbol.asyncIterator]();
  const slots: Slot<R>[] = [];
  let running = 0;
  let reading = false;
  let ended = false;
  // One promise at a time, made anew: racing long-lived ones would keep every race in memory.
  let wake = (): void => {};
  const onAbort = (): void => wake();
  signal.addEventListener('abort', onAbort);

  async function run(slot: Slot<R>, item: T): Promise<void> {
    running++;
    try {
      slot.result = { value: await job(item) };
    } catch (error) {
      slot.failure = { error };
    }
    running--;
    wake();
  }

  async function read(): Promise<void> {
    reading = true;
    const slot: Slot<R> = {};
    try {
      const next = await items.next();
      if (next.done === true) ended = true;
      else {
        slots.push(slot);
        void run(slot, next.value);
      }
    } catch (error) {
      ended = true;
      slots.push({ failure: { error } });
    }
    reading = false;
    wake();
  }

  try {
    while (!signal.aborted) {
      const next = ordered ? 0 : slots.findIndex(({ result, failure }) => result || failure);
      const head = slots[next];
      if (head?.failure) throw head.failure.error;
      if (head?.result) {
        slots.splice(next, 1);
        yield head.result.value;
        continue;
      }
      if (ended && slots.length === 0) return;
      const room = running < concurrency && slots.length < concurrency * LOOK_AHEAD;
      const changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      if (room && !ended && !reading) void read();
      await changed;
    }
    for (const { result } of slots) if (result) yield result.value;
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Not awaited: an input that waits for more would hold us.
    items.return?.()?.catch(() => {});
  }
}
