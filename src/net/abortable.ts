/** Waiting that ends: with the caller's signal, or when time is up. */

/**
 * What the promise brings, unless the signal is aborted first; the promise's work goes on.
 * @throws the signal's reason
 */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}

export class TimeIsUp extends Error {
  readonly ms: number;

  constructor(ms: number) {
    super(`not done within ${ms} ms`);
    this.name = 'TimeIsUp';
    this.ms = ms;
  }
}

/**
 * Runs a task whose signal aborts with the caller's, and when time is up.
 * @throws TimeIsUp, the signal's reason, or whatever the task throws
 */
export async function within<T>(
  ms: number,
  signal: AbortSignal,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const either = new AbortController();
  const onAbort = (): void => either.abort(signal.reason);
  const timer = setTimeout(() => either.abort(new TimeIsUp(ms)), ms);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await task(either.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
