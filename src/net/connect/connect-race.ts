/**
 * The race of RFC 8305 §5: attempts start one after another, a little apart, or at once when one
 * has failed; the first connection wins and the others are dropped.
 *
 * Waiting for a slot is not charged to the deadline, and an attempt that holds a slot ends by a
 * timer of its own. So races that hold some slots and wait for others cannot block one another.
 */
import { connect, type Socket } from 'node:net';
import { timeLimits } from '../../model/time-limits.ts';
import { settleOnce, Timers } from '../time.ts';
import type { ConnectionSlots, ReleaseSlot } from './connection-slots.ts';
import type { AttemptFailure, AttemptReason, FailureCache } from './failure-cache.ts';

/** More than any honest host has; a hostile zone must not make us knock at hundreds of doors. */
const ATTEMPTS = 16;

export interface ConnectionLimits {
  readonly slots: ConnectionSlots;
  /** Connections to one address; default: a few. */
  readonly atOnce?: number;
  readonly failures: FailureCache;
}

export interface RaceOptions {
  /** In the order in which to try them. Only IP addresses, already checked against the policy. */
  readonly addresses: readonly string[];
  /** Addresses that are still being looked up, to be tried last. Never rejects. */
  readonly secondFamily: Promise<readonly string[]> | null;
  readonly port: number;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  readonly limits: ConnectionLimits | null;
  /** Told of every socket when it is made. */
  readonly onSocket: (socket: Socket) => void;
}

export type RaceResult =
  | { readonly kind: 'connected'; readonly socket: Socket; readonly address: string }
  /** In the order of the attempts; empty when there was nothing to try. */
  | { readonly kind: 'failed'; readonly failures: readonly AttemptFailure[] };

/** @throws the signal's reason */
export function raceAddresses(options: RaceOptions): Promise<RaceResult> {
  return settleOnce(options.signal, (resolve) => {
    const race = new Race(options, resolve);
    race.start();
    return () => race.end();
  });
}

interface Attempt {
  readonly address: string;
  /** From the connection being sought, once the slot is there. */
  readonly budgetMs: number;
  socket: Socket | null;
  timer: NodeJS.Timeout | undefined;
  failed: AttemptReason | null;
}

class Race {
  readonly #options: RaceOptions;
  readonly #resolve: (result: RaceResult) => void;
  readonly #startedAt: number = performance.now();
  readonly #queue: string[];
  readonly #attempts: Attempt[] = [];
  /** Aborts when the race is over, and with it the waiting for slots. */
  readonly #over = new AbortController();
  readonly #timers = new Timers();
  #secondPending: boolean;
  #stagger: NodeJS.Timeout | undefined;

  constructor(options: RaceOptions, resolve: (result: RaceResult) => void) {
    this.#options = options;
    this.#resolve = resolve;
    this.#queue = [...options.addresses];
    this.#secondPending = options.secondFamily !== null;
  }

  start(): void {
    this.#options.secondFamily?.then((addresses) => this.#join(addresses));
    this.#next();
  }

  #join(addresses: readonly string[]): void {
    if (this.#isOver) return;
    this.#secondPending = false;
    const known = new Set([...this.#queue, ...this.#attempts.map(({ address }) => address)]);
    this.#queue.push(...addresses.filter((address) => !known.has(address)));
    if (!this.#attempts.some(isPending)) this.#next();
    else if (this.#stagger === undefined) this.#schedule();
  }

  #next(): void {
    this.#timers.clear(this.#stagger);
    this.#stagger = undefined;
    const address = this.#attempts.length < ATTEMPTS ? this.#queue.shift() : undefined;
    if (address === undefined) {
      this.#settle();
      return;
    }

    const { deadlineMs } = this.#options;
    const left = deadlineMs - (performance.now() - this.#startedAt);
    // What came late from the DNS gets its chance all the same.
    const budgetMs = Math.max(left, deadlineMs / 4);
    const attempt: Attempt = { address, budgetMs, socket: null, timer: undefined, failed: null };
    this.#attempts.push(attempt);
    void this.#begin(attempt);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#queue.length === 0) return;
    // A short deadline, too, leaves time for the other family.
    const ms = Math.min(timeLimits.attemptDelay, this.#options.deadlineMs / 4);
    this.#stagger = this.#timers.after(ms, () => this.#next());
  }

  async #begin(attempt: Attempt): Promise<void> {
    const { limits, port } = this.#options;
    if (limits === null) return this.#connect(attempt, null);
    let release: ReleaseSlot;
    try {
      const { slots, atOnce } = limits;
      release = await slots.acquire(attempt.address, port, this.#over.signal, atOnce);
    } catch {
      return; // The race is over.
    }
    // Whoever had the slot before may have waited in vain.
    const known = limits.failures.recall(attempt.address, port);
    if (known === null && !this.#isOver) return this.#connect(attempt, release);
    release();
    if (known !== null) this.#fail(attempt, known);
  }

  #connect(attempt: Attempt, release: ReleaseSlot | null): void {
    const { port, onSocket, limits } = this.#options;
    const socket = connect({ host: attempt.address, port, noDelay: true, autoSelectFamily: false });
    attempt.socket = socket;
    attempt.timer = this.#timers.after(attempt.budgetMs, () => this.#expire(attempt));
    onSocket(socket);
    let reason: AttemptReason = 'unreachable';
    // Stays for the socket's whole life: an error nobody listens for would end the process.
    socket.on('error', (error) => {
      reason = reasonOf(error);
    });
    socket.once('close', () => {
      if (attempt.socket !== null && isPending(attempt) && !this.#isOver) {
        // A limit or a dead backend behind a balancer may be over with the next attempt.
        if (reason !== 'reset') limits?.failures.remember(attempt.address, port, reason);
        this.#fail(attempt, reason);
      }
      release?.();
    });
    socket.once('connect', () => {
      if (!isPending(attempt) || this.#isOver) return;
      attempt.socket = null; // Now it is the caller's.
      this.#resolve({ kind: 'connected', socket, address: attempt.address });
    });
  }

  #expire(attempt: Attempt): void {
    const { deadlineMs, limits, port } = this.#options;
    // An attempt that had little time of its own proves nothing to others.
    if (attempt.budgetMs >= deadlineMs / 2) {
      limits?.failures.remember(attempt.address, port, 'timeout');
    }
    attempt.socket?.destroy();
    this.#fail(attempt, 'timeout');
  }

  #fail(attempt: Attempt, reason: AttemptReason): void {
    if (this.#isOver) return;
    this.#timers.clear(attempt.timer);
    attempt.failed = reason;
    this.#next();
  }

  /** Failed, when nothing is under way and nothing is left to try. */
  #settle(): void {
    if (this.#secondPending || this.#attempts.some(isPending)) return;
    const failures = this.#attempts.flatMap(({ address, failed }) =>
      failed === null ? [] : [{ address, reason: failed }],
    );
    this.#resolve({ kind: 'failed', failures });
  }

  get #isOver(): boolean {
    return this.#over.signal.aborted;
  }

  /** Drops what is still under way. */
  end(): void {
    this.#over.abort();
    this.#timers.clearAll();
    for (const { socket } of this.#attempts) socket?.destroy();
  }
}

function isPending(attempt: Attempt): boolean {
  return attempt.failed === null;
}

function reasonOf(error: NodeJS.ErrnoException): AttemptReason {
  if (error.code === 'ECONNREFUSED') return 'refused';
  // Accepted and dropped, before we had heard of either.
  if (error.code === 'ECONNRESET') return 'reset';
  return error.code === 'ETIMEDOUT' ? 'timeout' : 'unreachable';
}
