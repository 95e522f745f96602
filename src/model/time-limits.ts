/**
 * Every time limit and every lifetime, in milliseconds: the one place to change them. Who waits
 * takes its limit from here and has no number of its own.
 */
export const timeLimits = {
  // Numbers alone: a product has no type of its own under isolatedDeclarations.

  // A query and its parts: these five grow with `--timeout` (`limitsFor`).

  /** One query, unless `--timeout` says otherwise. */
  query: 20_000,
  /** One place that a source asks, by what it goes through. */
  lookup: { bundle: 2000, dns: 2000, http: 4000 },
  /** The whole probe of a guessed server, and of a published one once another is verified. */
  probe: 8000,
  /** From the first attempt to the connection, name resolution apart. */
  connect: 3000,
  /** The documents with the sign-in facts, once the server is decided. */
  signInFacts: 1500,

  /** From the connection to the last reply of a login, unless `--timeout` says otherwise. */
  login: 20_000,
  /** Before everything is asked, whatever the database and the MX say. */
  headStart: 250,
  /** The most that may be asked for: by `--timeout`; by a caller, as long as Node can time. */
  longestQuery: { command: 3_600_000, library: 2_147_483_647 },

  // Names and connections.

  /** An address that stays silent has the host to itself for so long; then the next is tried. */
  nextAddress: { mail: 3000, web: 1500 },
  /**
   * A server that says nothing for so long may be waiting for TLS. On port 587 it is more probably
   * slow, and logs a complaint about whoever leaves a handshake.
   */
  mayWaitForTls: { submission: 12_000, elsewhere: 1500 },
  /** For what a server says in the clear where TLS belongs; some wait for a proxy's header first. */
  plaintextGreeting: 7000,
  /**
   * A DNS question with its aliases and retries, which grows as well; a resolver's silence, before
   * another is asked too.
   */
  dnsQuestion: { deadline: 2000, retry: 600 },
  /** To a resolver over TLS or HTTPS: name resolution, connection and handshake. */
  secureChannel: 5000,
  /** Such a connection is given up when an answer is due for so long and nothing else was heard. */
  deadLink: 1000,
  /** Addresses of one family wait for the other's (RFC 8305 §8, Resolution Delay). */
  resolutionDelay: 50,
  /** Before the next address is tried as well (RFC 8305 §8, Connection Attempt Delay). */
  attemptDelay: 250,
  /** The operating system's own call for a host that no DNS could be asked about. */
  systemLookup: 3000,
  /** Goodbyes: to one mail server; to all that are left when a session, or the command, ends. */
  goodbye: { server: 1000, session: 400, command: 300 },

  /** How long something that was learned holds: a batch asks everything once. */
  keep: {
    probe: 900_000,
    discovery: 300_000,
    webAnswer: 300_000,
    /** What may soon be otherwise: timeouts, temporary refusals, servers in trouble. */
    trouble: 30_000,
    /** An address and port that gave no connection; a resolver that left a question to another. */
    failedConnection: 30_000,
    silentResolver: 30_000,
    /** DNS answers have their TTL. That there is none: unless the zone says (RFC 2308), and at most. */
    dnsAbsence: { usual: 60_000, most: 300_000 },
    /** Two years: an entry of the database that nobody has confirmed since has to prove itself. */
    databaseEntry: 63_072_000_000,
  },

  // This machine, and the person at it.

  /** Timers this late mean that the process is too busy for another query; how to find out. */
  admission: { late: 12, check: 2 },
  /** At the prompt: somebody may have to unlock something first, but nobody may ever come. */
  password: 300_000,
  /** Before it is said what standard input is waited for. */
  passwordHint: 3000,
} as const;

/** The limits of one query. */
export interface QueryLimits {
  /** Of the usual limits. */
  readonly factor: number;
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
    factor,
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
