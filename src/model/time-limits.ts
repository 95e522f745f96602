/**
 * Every time limit and every lifetime, in milliseconds: the one place to change them. Who waits
 * takes its limit from here and has no number of its own.
 */
export const timeLimits = {
  /** One query, unless `--timeout` says otherwise; a login has as long again. */
  query: 20_000,
  /** One place that a source asks, by what it goes through. */
  lookup: { bundle: 2000, dns: 2000, http: 4000 },
  /** The whole probe of a guessed server, and of a published one once another is verified. */
  probe: 8000,
  /** From the first attempt to the connection, name resolution apart. */
  connect: 3000,
  /** An address that stays silent has the host to itself for so long; then the next is tried. */
  nextAddress: 3000,
  /** A server that says nothing for so long may be waiting for TLS. */
  silence: 1500,
  /** The documents with the sign-in facts, once the server is decided. */
  signInFacts: 1500,
  /** How long something that was learned holds: a batch asks everything once. */
  keep: {
    probe: 15 * 60_000,
    discovery: 5 * 60_000,
    webAnswer: 5 * 60_000,
    /** What may soon be otherwise: timeouts, temporary refusals, servers in trouble. */
    trouble: 30_000,
  },
  /** Goodbyes to mail servers: one server's, and all that are left when a session closes. */
  goodbye: { server: 1000, session: 400 },
  /** Before everything is asked, whatever the database and the MX say. */
  headStart: 250,
} as const;

/** The limits of one query. */
export interface QueryLimits {
  readonly query: number;
  readonly lookup: { readonly bundle: number; readonly dns: number; readonly http: number };
  readonly probe: number;
  readonly connect: number;
  readonly signInFacts: number;
}

/** @param query with more time than usual, everything within it has more, in proportion */
export function limitsFor(query: number): QueryLimits {
  const { lookup, probe, connect, signInFacts } = timeLimits;
  const factor = Math.max(1, query / timeLimits.query);
  return {
    query,
    lookup: {
      bundle: lookup.bundle * factor,
      dns: lookup.dns * factor,
      http: lookup.http * factor,
    },
    probe: probe * factor,
    connect: connect * factor,
    signInFacts: signInFacts * factor,
  };
}
