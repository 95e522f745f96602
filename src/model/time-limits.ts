/**
 * Every time limit and every lifetime, in milliseconds unless it says otherwise: the one place to
 * change them. Who waits takes its limit from here and no number of its own.
 */
export const timeLimits = {
  /** One query, unless `--timeout` says otherwise. */
  query: 10_000,
} as const;
