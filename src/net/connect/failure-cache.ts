/**
 * Addresses and ports that did not answer a moment ago: several names often lead to one machine,
 * and waiting for the same silence twice helps no one.
 */

import { timeLimits } from '../../model/time-limits.ts';

export type AttemptReason = 'refused' | 'reset' | 'timeout' | 'unreachable';

export interface AttemptFailure {
  readonly address: string;
  readonly reason: AttemptReason;
}

const LIMIT = 1000;

export class FailureCache {
  readonly #failures = new Map<string, { reason: AttemptReason; until: number }>();
  readonly #now: () => number;

  /** @param now milliseconds, any origin */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  recall(address: string, port: number): AttemptReason | null {
    const key = keyOf(address, port);
    const known = this.#failures.get(key);
    if (known === undefined) return null;
    if (known.until > this.#now()) return known.reason;
    this.#failures.delete(key);
    return null;
  }

  remember(address: string, port: number, reason: AttemptReason): void {
    const key = keyOf(address, port);
    this.#failures.delete(key);
    this.#failures.set(key, { reason, until: this.#now() + timeLimits.keep.failedConnection });
    if (this.#failures.size > LIMIT) {
      const oldest = this.#failures.keys().next();
      if (!oldest.done) this.#failures.delete(oldest.value);
    }
  }
}

function keyOf(address: string, port: number): string {
  return `${address} ${port}`;
}
