/**
 * The interface of every source: for a subject, the places to look, in the order in which they
 * count. A source knows nothing of probing, of ranking, or of other sources.
 */
import type { Channel, SourceName } from '../model/candidate.ts';
import type { NamedServer } from '../model/named-server.ts';
import type { Query } from '../model/query.ts';
import type { Network } from '../net/network.ts';
import { withinBudget } from '../net/time.ts';
import type { ProviderDirectory } from '../providers/directory.ts';
import type { Provider } from '../providers/provider.ts';
import type { Answer, Result } from './answer.ts';

/** A domain that is asked about, and why. */
export interface Subject {
  readonly domain: string;
  readonly kind: 'given' | 'self' | 'mx' | 'parent';
  /** How its name reached us, where that is less than certain: an MX record names it. */
  readonly channel?: Channel;
}

/** What the user named; then no other source is asked. */
export type Given =
  | { readonly kind: 'servers'; readonly servers: readonly NamedServer[] }
  | { readonly kind: 'provider'; readonly provider: Provider };

/** What all lookups of a query share. */
export interface QueryContext {
  /** Its domain is empty where only a server or a provider was named. */
  readonly query: Query;
  /** Absent where servers are to be found. */
  readonly given?: Given;
  readonly network: Network;
  readonly providers: ProviderDirectory;
  readonly sendAddress: boolean;
  /** Base URL of the online ISPDB; the domain is appended. */
  readonly ispdbUrl: string;
}

export interface LookupContext extends QueryContext {
  readonly signal: AbortSignal;
  /**
   * When the last part of the lookup must have ended for its answer to count, on the clock of
   * `performance.now()`; a moment before the lookup is given up.
   */
  readonly until: number;
}

/** One place to look. */
export interface Lookup {
  /** The exact place, as `--explain` shows it: URL, DNS name and type, or `bundled database`. */
  readonly from: string;
  /** @throws the signal's reason, and nothing else */
  find(context: LookupContext): Promise<Answer>;
}

/** A domain that a lookup has led to. */
export interface FoundSubject {
  readonly subject: Subject;
  /** Why it is not asked about; null for one that is. */
  readonly skip: string | null;
}

/** A place to look for further subjects. */
export interface SubjectLookup {
  readonly from: string;
  /** @throws the signal's reason, and nothing else */
  find(context: LookupContext): Promise<Result<{ readonly subjects: readonly FoundSubject[] }>>;
}

export interface Source {
  readonly name: SourceName;
  /** What it goes through decides when it may start and how long it may take. */
  readonly over: 'bundle' | 'dns' | 'http';
  lookups(subject: Subject, context: QueryContext): readonly Lookup[];
}

/**
 * Runs a part of a lookup within a share of the time that is left, so that one dead server does not
 * cost the other parts their answers.
 * @param share 1 for all the time that is left
 * @returns null when the part took longer
 * @throws the signal's reason, and what the part throws in time
 */
export function withinShare<T>(
  share: number,
  context: LookupContext,
  part: (context: LookupContext) => Promise<T>,
): Promise<T | null> {
  const began = performance.now();
  const ms = (context.until - began) * share;
  return withinBudget(ms, context.signal, (signal) =>
    part({ ...context, signal, until: began + ms }),
  );
}
