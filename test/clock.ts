/** A clock that only the test moves, around real sockets: nothing waits, and no load changes it. */
import { onTestFinished, vi } from 'vitest';

// As they were before anything stood in for them.
const { setImmediate } = globalThis;

/** Timers and `performance.now()` stand still for the rest of the test, but for `pass`. */
export function stopClock(): void {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
  });
  onTestFinished(() => void vi.useRealTimers());
}

/** Lets so many milliseconds pass on a stopped clock, and what they set off begin. */
export async function pass(ms: number): Promise<void> {
  await breathe();
  await vi.advanceTimersByTimeAsync(ms);
  await breathe();
}

/** Whether the promise has come to something, now that whatever is at hand has been done. */
export async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const note = (): void => {
    settled = true;
  };
  promise.then(note, note);
  await breathe();
  return settled;
}

/**
 * What the promise comes to when all waiting is skipped: as soon as nothing else is left to do, the
 * clock jumps to the next timer. Only for work without sockets and files.
 */
export async function skippingWaits<T>(promise: Promise<T>): Promise<T> {
  let settled = false;
  const note = (): void => {
    settled = true;
  };
  promise.then(note, note);
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    if (settled) return promise;
    vi.advanceTimersToNextTimer();
  }
}

/** Some turns of the event loop. */
async function breathe(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
}
