/**
 * Politeness: a few servers at a time, one at a time of each operator, and a pause before the
 * operator's next. In an order that is the same every time.
 */
import { Deadline, pause } from '../../../src/net/time.ts';

export interface Clock {
  /** In ms. */
  now(): number;
  /** @throws the signal's reason */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const realClock: Clock = { now: () => performance.now(), sleep: pause };

export interface Politeness {
  readonly atOnce: number;
  /** From the end of one visit to the beginning of the operator's next. */
  readonly pauseMs: number;
  readonly clock?: Clock;
}

/** It remembers when each operator was last visited. */
export class Visits<T extends { readonly operator: string }> {
  readonly #atOnce: number;
  readonly #pauseMs: number;
  readonly #clock: Clock;
  readonly #readyAt = new Map<string, number>();

  constructor({ atOnce, pauseMs, clock = realClock }: Politeness) {
    this.#atOnce = atOnce;
    this.#pauseMs = pauseMs;
    this.#clock = clock;
  }

  /** @throws the signal's reason, and what a visit throws, which ends the others */
  async each(
    servers: readonly T[],
    signal: AbortSignal,
    visit: (server: T, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const waiting = byOperator(servers);
    const ending = new Deadline(signal);
    // Who takes an operator's queue puts it back at the end, so that nobody else has it meanwhile.
    const visitor = async (): Promise<void> => {
      for (let queue = waiting.shift(); queue; queue = waiting.shift()) {
        const server = queue.shift();
        if (server === undefined) continue;
        await this.#visit(server, ending.signal, visit);
        if (queue.length > 0) waiting.push(queue);
      }
    };
    try {
      await Promise.all(
        Array.from({ length: this.#atOnce }, () =>
          visitor().catch((error: unknown) => {
            ending.abort(error);
            throw error;
          }),
        ),
      );
    } finally {
      ending.clear();
    }
  }

  async #visit(
    server: T,
    signal: AbortSignal,
    visit: (server: T, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const { operator } = server;
    const wait = (this.#readyAt.get(operator) ?? 0) - this.#clock.now();
    if (wait > 0) await this.#clock.sleep(wait, signal);
    signal.throwIfAborted();
    try {
      await visit(server, signal);
    } finally {
      this.#readyAt.set(operator, this.#clock.now() + this.#pauseMs);
    }
  }
}

function byOperator<T extends { readonly operator: string }>(servers: readonly T[]): T[][] {
  const queues = new Map<string, T[]>();
  for (const server of servers) {
    const queue = queues.get(server.operator) ?? [];
    queue.push(server);
    queues.set(server.operator, queue);
  }
  return [...queues.values()];
}
