/**
 * Progress of searches that several callers may share: each caller's listener hears of the search
 * for as long as that caller waits, and what it throws ends that caller's own call alone.
 */
import type { ProgressEvent } from '../engine/discover.ts';
import { Deadline } from '../net/time.ts';

export type ProgressListener = (event: ProgressEvent) => void;

export class Progress {
  readonly #listeners = new Map<string | symbol, Set<ProgressListener>>();

  /** @param search as in `follow` */
  tell(search: string | symbol, event: ProgressEvent): void {
    for (const listener of [...(this.#listeners.get(search) ?? [])]) listener(event);
  }

  /**
   * Runs a task that waits for a search, while the listener hears of it.
   * @throws what the listener or the task throws, or the signal's reason
   */
  async follow<T>(
    search: string | symbol,
    listener: ProgressListener | undefined,
    signal: AbortSignal,
    task: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (!listener) return task(signal);
    const caller = new Deadline(signal);
    const guarded: ProgressListener = (event) => {
      if (caller.signal.aborted) return;
      try {
        listener(event);
      } catch (error) {
        caller.abort(error);
      }
    };
    const listeners = this.#listeners.get(search) ?? new Set();
    this.#listeners.set(search, listeners.add(guarded));
    try {
      return await task(caller.signal);
    } finally {
      caller.clear();
      listeners.delete(guarded);
      if (listeners.size === 0) this.#listeners.delete(search);
    }
  }
}
