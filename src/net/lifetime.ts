/** Everything a session has open, so that it can all be ended. */
import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import { Deadline, withinBudget } from './time.ts';

export class Lifetime {
  readonly #closing = new AbortController();
  readonly #running = new Set<Deadline>();
  readonly #sockets = new Set<Socket>();

  /** Ends this socket with the session. */
  track(socket: Socket): void {
    if (this.#closing.signal.aborted) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  /** `outer` speaks for both: whether it has said goodbye counts, and closing it closes `inner`. */
  trackInstead(outer: Socket, inner: Socket): void {
    this.#sockets.delete(inner);
    this.track(outer);
  }

  /** Runs a task whose signal aborts with the caller's and with the session. */
  async run<T>(signal: AbortSignal, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    this.#closing.signal.throwIfAborted();
    // One query's signal serves many tasks at once; Node would take that for a leak.
    setMaxListeners(0, signal);
    const either = new Deadline(signal);
    this.#running.add(either);
    try {
      return await task(either.signal);
    } finally {
      either.clear();
      this.#running.delete(either);
    }
  }

  /**
   * Ends what is open. Tasks end at once; a conversation that is saying goodbye may hear the reply
   * that is still owed, send QUIT, and wait for the peer to close, for at most `graceMs`.
   */
  async close(graceMs: number): Promise<void> {
    this.#closing.abort();
    for (const task of this.#running) task.abort(this.#closing.signal.reason);
    const leaving: Promise<void>[] = [];
    for (const socket of this.#sockets) {
      if (graceMs > 0 && !socket.connecting && !socket.destroyed) leaving.push(closed(socket));
      else socket.destroy();
    }
    if (leaving.length === 0) return;
    await withinBudget(graceMs, new AbortController().signal, () => Promise.all(leaving));
    for (const socket of this.#sockets) socket.destroy();
  }
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
    // Nothing more is wanted of it, and unread data would hold back the end.
    if (socket.writableEnded) socket.resume();
  });
}
