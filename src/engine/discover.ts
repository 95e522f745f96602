/**
 * The pipeline: subjects × sources → candidates → probes → (derived candidates) → decision.
 *
 * Starting. The database and what goes over DNS are asked at once, and the best candidate is
 * probed as soon as it is known. Everything else (HTTP, guessing, further candidates) waits until
 * the database and the MX leave the question open, or for 250 ms: that changes who is bothered,
 * never the decision.
 *
 * Stopping. As soon as nothing pending could change the decision; then the rest is cancelled.
 */
import { setMaxListeners } from 'node:events';
import { type Candidate, compareStanding, type Standing } from '../model/candidate.ts';
import type { Query } from '../model/query.ts';
import { Timers } from '../net/time.ts';
import type { ProbeResult } from '../probe/result.ts';
import { sameService } from '../providers/same-service.ts';
import { MOVED_DATABASE_RANK, MX_PROVIDER_RANK } from '../sources/order.ts';
import type { QueryContext } from '../sources/source.ts';
import { type Assembly, assemble } from './assemble.ts';
import type { Discovery } from './discovery.ts';
import { Lookups } from './lookups.ts';
import { isDecided, type Ranked, rank, standingOf } from './rank.ts';

/** Milliseconds. */
export const DEADLINES = { probe: 8000, query: 10_000 } as const;
/** Milliseconds after which everything is asked, whatever the database and the MX say. */
const HEAD_START = 250;
/** Guessed servers under probe at once; published ones are few and don't wait for them. */
const GUESSES_AT_ONCE = 6;
const PUBLISHED_AT_ONCE = 10;
/** Candidates probed at all, for documents that list servers without end. */
const MOST_PROBES = 40;
/** Behind everything: waited for only when all else has failed. */
const NEVER_THE_ANSWER: Standing = [Number.MAX_SAFE_INTEGER];

export type ProgressEvent =
  | { readonly kind: 'ask' | 'answer'; readonly source: string; readonly from: string }
  | { readonly kind: 'probe' | 'probed'; readonly host: string; readonly port: number };

export interface DiscoverOptions {
  readonly context: Omit<QueryContext, 'query'>;
  readonly probe: (candidate: Candidate, signal: AbortSignal) => Promise<ProbeResult>;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly probing: boolean;
  readonly offline: boolean;
  /** Let everything finish, also what can't change the decision. */
  readonly exhaust: boolean;
  /** Names of sources to leave out. */
  readonly skip: ReadonlySet<string>;
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined;
}

/** @throws the signal's reason, or what `onProgress` throws */
export function discover(query: Query, options: DiscoverOptions): Promise<Discovery> {
  options.signal.throwIfAborted();
  return new Promise((resolve, reject) => new Run(query, options, resolve, reject).start());
}

class Run {
  readonly #query: Query;
  readonly #options: DiscoverOptions;
  readonly #resolve: (discovery: Discovery) => void;
  readonly #reject: (reason: unknown) => void;
  readonly #began: number = performance.now();
  /** Aborts whatever is still under way, at the end. */
  readonly #stop: AbortController = new AbortController();
  readonly #timers: Timers = new Timers();
  readonly #lookups: Lookups;
  readonly #probing = new Set<string>();
  readonly #probes = new Map<string, ProbeResult>();
  #gateOpen = false;
  #finished = false;

  constructor(
    query: Query,
    options: DiscoverOptions,
    resolve: (discovery: Discovery) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#query = query;
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    const { context, probing, offline, skip } = options;
    this.#lookups = new Lookups({
      context: { ...context, query },
      probing,
      offline,
      skip,
      stop: this.#stop.signal,
      onAsk: (source, from) => this.#tell({ kind: 'ask', source, from }),
      onAnswer: (source, from) => this.#tell({ kind: 'answer', source, from }),
      onChange: () => this.#advance(),
      onFault: (error) => this.#fail(error),
    });
  }

  start(): void {
    const { signal, timeoutMs } = this.#options;
    // Every ask and every probe listens.
    setMaxListeners(0, this.#stop.signal);
    signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#timers.after(timeoutMs, () => this.#outOfTime());
    this.#timers.after(HEAD_START, () => this.#openGate());
    this.#lookups.begin();
    this.#advance();
  }

  /** Whoever follows may be at fault; then the query fails, in the same way at every event. */
  #tell(event: ProgressEvent): void {
    if (this.#finished) return;
    try {
      this.#options.onProgress?.(event);
    } catch (error) {
      this.#fail(error);
    }
  }

  // Probing -----------------------------------------------------------------------------------

  #startProbes(assembly: Assembly): void {
    if (!this.#options.probing) return;
    const waiting = [...assembly.candidates.values()]
      .filter(({ key }) => !this.#probes.has(key))
      .sort((a, b) => compareStanding(standingOf(a), standingOf(b)));
    const proven = this.#options.exhaust ? null : this.#bestVerified(assembly);
    let published = 0;
    let guessed = 0;
    for (const candidate of waiting) {
      if (proven !== null && compareStanding(standingOf(candidate), proven) > 0) return;
      const isPublished = candidate.evidence[0].published;
      if (!this.#gateOpen && (!isPublished || published > 0)) return;
      if (isPublished ? ++published > PUBLISHED_AT_ONCE : ++guessed > GUESSES_AT_ONCE) return;
      if (this.#probing.has(candidate.key)) continue;
      if (this.#probing.size + this.#probes.size >= MOST_PROBES) return;
      void this.#probe(candidate);
    }
  }

  /** Nothing that stands behind it needs a probe. */
  #bestVerified(assembly: Assembly): Standing | null {
    const [best] = this.#rank(assembly);
    return best?.eligible && best.verified ? standingOf(best.candidate) : null;
  }

  async #probe(candidate: Candidate): Promise<void> {
    const { host, port, key } = candidate;
    this.#probing.add(key);
    this.#tell({ kind: 'probe', host, port });
    try {
      const result = await this.#options.probe(candidate, this.#stop.signal);
      if (this.#finished) return;
      this.#probes.set(key, result);
      this.#tell({ kind: 'probed', host, port });
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#fail(error);
      return;
    } finally {
      this.#probing.delete(key);
    }
    this.#advance();
  }

  // Deciding ----------------------------------------------------------------------------------

  #assemble(): Assembly {
    const { providers } = this.#options.context;
    return assemble(this.#lookups.records, this.#probes, (a, b) => sameService(providers, a, b));
  }

  #rank({ candidates, superseded }: Assembly): readonly Ranked[] {
    return rank(candidates.values(), this.#probes, superseded);
  }

  /** Something is known that wasn't before: decide, or ask and probe on. */
  #advance(): void {
    if (this.#finished) return;
    const assembly = this.#assemble();
    const ranked = this.#rank(assembly);
    const lookups = this.#pendingLookups(assembly);
    const probes = this.#pendingProbes(assembly);
    const done = this.#options.exhaust
      ? lookups.length === 0 && probes.length === 0
      : isDecided(ranked, { lookups, probes }, this.#options.probing);
    if (done) {
      this.#finish();
      return;
    }
    if (!this.#gateOpen && this.#isQuestionOpen(assembly)) {
      this.#openGate();
      return;
    }
    this.#lookups.startWhatMay();
    this.#startProbes(assembly);
  }

  /** Where answers that still count would stand. */
  #pendingLookups({ end }: Assembly): readonly Standing[] {
    const { pending } = this.#lookups;
    return end === null
      ? pending
      : pending.filter((standing) => compareStanding(standing, end.standing) < 0);
  }

  #pendingProbes(assembly: Assembly): Standing[] {
    if (!this.#options.probing) return [];
    const unprobed = [...assembly.candidates.values()].filter(({ key }) => !this.#probes.has(key));
    // Beyond the limit nothing more is probed, and nothing is waited for.
    const left = MOST_PROBES - this.#probes.size;
    return unprobed
      .map((one) => (one.evidence[0].advisory ? NEVER_THE_ANSWER : standingOf(one)))
      .sort(compareStanding)
      .slice(0, Math.max(0, left));
  }

  /** Neither the database nor the MX has led to a server that may still prove itself. */
  #isQuestionOpen(assembly: Assembly): boolean {
    if (!this.#lookups.hasEnded(MX_PROVIDER_RANK)) return false;
    return ![...assembly.candidates.values()].some(
      (candidate) =>
        (standingOf(candidate)[0] ?? 0) <= MOVED_DATABASE_RANK && !this.#probes.has(candidate.key),
    );
  }

  #openGate(): void {
    if (this.#gateOpen || this.#finished) return;
    this.#gateOpen = true;
    this.#lookups.startAll();
    if (this.#finished) return;
    this.#startProbes(this.#assemble());
  }

  // Ending ------------------------------------------------------------------------------------

  #outOfTime(): void {
    if (this.#finished) return;
    const seconds = `${this.#options.timeoutMs / 1000} s`;
    this.#lookups.end('timeout', `no answer before the query's ${seconds} were over`);
    for (const candidate of this.#assemble().candidates.values()) {
      if (this.#probes.has(candidate.key) || !this.#options.probing) continue;
      this.#probes.set(
        candidate.key,
        unfinished(`the query's ${seconds} were over`, this.#options.timeoutMs),
      );
    }
    this.#finish();
  }

  #finish(): void {
    this.#end();
    const assembly = this.#assemble();
    const ranked = this.#rank(assembly);
    const best = ranked[0];
    const winner = best?.eligible ? best : null;
    const lookups = this.#lookups.end('cancelled', 'could not change the decision any more');
    this.#resolve({
      query: this.#query,
      lookups,
      ranked,
      winner,
      withoutSubmission: winner === null ? (assembly.end?.provider ?? null) : null,
      moved: assembly.moved,
      probing: this.#options.probing,
      offline: this.#options.offline,
      durationMs: performance.now() - this.#began,
    });
  }

  #fail(error: unknown): void {
    if (this.#finished) return;
    this.#end();
    this.#reject(error);
  }

  readonly #onAbort = (): void => this.#fail(this.#options.signal.reason);

  #end(): void {
    this.#finished = true;
    this.#timers.clearAll();
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    this.#stop.abort(new DOMException('The decision has been made.', 'AbortError'));
  }
}

/** Stands in for a probe that the query's deadline cut off. */
function unfinished(reason: string, durationMs: number): ProbeResult {
  return {
    outcome: 'timeout',
    reason,
    stage: 'resolve',
    temporary: true,
    blocked: false,
    reached: false,
    address: null,
    banner: null,
    capabilities: {},
    auth: [],
    clearAuth: [],
    startTls: null,
    injection: false,
    outdatedTls: false,
    tls: null,
    alternateNames: [],
    reply: null,
    durationMs,
  };
}
