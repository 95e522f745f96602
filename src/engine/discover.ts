/**
 * The pipeline: subjects × sources → candidates → probes → (derived candidates) → decision.
 *
 * Starting. The database and what goes over DNS are asked at once, and the best candidate is
 * probed as soon as it is known. Everything else (HTTP, guessing, further candidates) waits until
 * the database and the MX leave the question open, or for 250 ms; the domain's documents also until
 * SRV has named a server: that changes who is bothered, never the decision.
 *
 * Stopping. As soon as nothing pending could change the decision; then the rest is cancelled.
 */

import { setMaxListeners } from 'node:events';
import { type Candidate, isAdvisory, precedenceOf } from '../model/candidate.ts';
import { inSeconds } from '../model/duration.ts';
import { comparePrecedence, last, type Precedence } from '../model/precedence.ts';
import type { Query } from '../model/query.ts';
import { limitsFor, type QueryLimits, timeLimits } from '../model/time-limits.ts';
import type { Network } from '../net/network.ts';
import { Deadline, DeadlinePassed, Timers } from '../net/time.ts';
import { type ProbeResult, unfinishedProbe } from '../probe/result.ts';
import { sameService } from '../providers/same-service.ts';
import { MOVED_DATABASE_RANK, MX_PROVIDER_RANK } from '../sources/order.ts';
import type { QueryContext } from '../sources/source.ts';
import { type Assembly, assemble } from './candidates.ts';
import type { Discovery } from './discovery.ts';
import { Lookups } from './lookups.ts';
import { isDecided, type Ranked, rank } from './rank.ts';
import { relevantTo } from './relevance.ts';
import { denyingResolver, isSuspicious } from './resolver-check.ts';
import { signInFacts } from './sign-in.ts';
import { siblingRecords, signInPlaces } from './sign-in-places.ts';

/** Guessed servers under probe at once; published ones are few and don't wait for them. */
const GUESSES_AT_ONCE = 6;
const PUBLISHED_AT_ONCE = 16;
/** Candidates probed at all, for documents that list servers without end. */
const MOST_PROBES = 40;
/** Milliseconds before the query's end, so that a probe still has its own say about the timeout. */
const LAST_WORD = 50;

export type ProgressEvent =
  | { readonly kind: 'ask' | 'answer'; readonly source: string; readonly from: string }
  | { readonly kind: 'probe' | 'probed'; readonly host: string; readonly port: number };

export interface DiscoverOptions {
  readonly context: Omit<QueryContext, 'query'>;
  readonly probe: (candidate: Candidate, limits: ProbeLimits) => Promise<ProbeResult>;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly probing: boolean;
  readonly offline: boolean;
  /** How old the database's entries are is told by it. */
  readonly now: Date;
  /** Let everything finish, also what can't change the decision. */
  readonly exhaust: boolean;
  /** Names of sources to leave out. */
  readonly skip: ReadonlySet<string>;
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined;
}

export interface ProbeLimits {
  readonly signal: AbortSignal;
  /** For the whole probe, in ms. */
  readonly deadlineMs: number;
  /** For its connection, in ms. */
  readonly connectMs: number;
}

/** A probe under way. */
interface Probing {
  readonly published: boolean;
  readonly began: number;
  readonly deadline: Deadline;
  /** It has no more time than any other, since something else is verified. */
  hurried: boolean;
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
  readonly #limits: QueryLimits;
  readonly #probing = new Map<string, Probing>();
  readonly #probes = new Map<string, ProbeResult>();
  #gateOpen = false;
  #signInTimer: NodeJS.Timeout | undefined;
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
    this.#limits = limitsFor(options.timeoutMs);
    this.#lookups = new Lookups({
      context: { ...context, query, network: withTime(context.network, this.#limits.factor) },
      probing,
      offline,
      skip,
      deadlines: this.#limits.lookup,
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
    this.#timers.after(timeLimits.headStart, () => this.#openGate());
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
      .sort((a, b) => comparePrecedence(precedenceOf(a), precedenceOf(b)));
    const ranked = this.#rank(assembly);
    const proven = this.#options.exhaust ? null : bestVerified(ranked);
    if (ranked[0]?.verified) this.#hurry();
    let published = 0;
    let guessed = 0;
    for (const candidate of waiting) {
      if (proven !== null && comparePrecedence(precedenceOf(candidate), proven) > 0) return;
      const isPublished = candidate.evidence[0].published;
      if (!this.#gateOpen && (!isPublished || published > 0)) return;
      const underWay = this.#probing.get(candidate.key);
      // Whoever takes longer than most may go on, and holds up nobody.
      if (underWay && this.#isSlow(underWay)) continue;
      if (isPublished ? ++published > PUBLISHED_AT_ONCE : ++guessed > GUESSES_AT_ONCE) return;
      if (underWay) continue;
      if (this.#probing.size + this.#probes.size >= MOST_PROBES) return;
      void this.#probe(candidate);
    }
  }

  /**
   * A guess has its fixed time. A published server has what the query has, since a slow one that
   * somebody names is worth waiting for; unless another is verified.
   */
  async #probe(candidate: Candidate): Promise<void> {
    const { host, port, key, evidence } = candidate;
    const { probe: usualMs, connect: connectMs, query } = this.#limits;
    const { published } = evidence[0];
    const began = performance.now();
    const left = Math.max(1, query - (began - this.#began) - LAST_WORD);
    const deadlineMs = published ? left : Math.min(usualMs, left);
    const deadline = new Deadline(this.#stop.signal);
    this.#probing.set(key, { published, began, deadline, hurried: false });
    if (published) this.#timers.after(usualMs, () => this.#advance());
    this.#tell({ kind: 'probe', host, port });
    try {
      const { signal } = deadline;
      const result = await this.#options.probe(candidate, { signal, deadlineMs, connectMs });
      if (this.#finished || signal.aborted) return;
      this.#probes.set(key, result);
      this.#tell({ kind: 'probed', host, port });
    } catch (error) {
      if (!deadline.signal.aborted) this.#fail(error);
      return;
    } finally {
      deadline.clear();
      this.#probing.delete(key);
    }
    this.#advance();
  }

  #isSlow({ began }: Probing): boolean {
    return performance.now() - began >= this.#limits.probe;
  }

  /** Something is verified: no probe has more time than any other from now on. */
  #hurry(): void {
    const { probe: usualMs } = this.#limits;
    for (const [key, probing] of this.#probing) {
      if (probing.hurried || !probing.published) continue;
      probing.hurried = true;
      const left = Math.max(0, usualMs - (performance.now() - probing.began));
      this.#timers.after(left, () => {
        if (this.#finished || this.#probing.get(key) !== probing) return;
        this.#probes.set(key, unfinishedProbe(`no answer within ${inSeconds(usualMs)}`, usualMs));
        probing.deadline.abort(new DeadlinePassed(usualMs));
        this.#advance();
      });
    }
  }

  // Deciding ----------------------------------------------------------------------------------

  #assemble(): Assembly {
    const { providers } = this.#options.context;
    return assemble(this.#lookups.records, this.#probes, (a, b) => sameService(providers, a, b));
  }

  #rank({ candidates, superseded }: Assembly): readonly Ranked[] {
    return rank(candidates.values(), this.#probes, superseded, this.#options.now);
  }

  /** Something is known that wasn't before: decide, or ask and probe on. */
  #advance(): void {
    if (this.#finished) return;
    const assembly = this.#assemble();
    const ranked = this.#rank(assembly);
    const lookups = this.#pendingLookups(assembly);
    const probes = this.#pendingProbes(assembly);
    if (this.#options.exhaust && lookups.length === 0 && probes.length === 0) {
      this.#finish();
      return;
    }
    if (!this.#options.exhaust && isDecided(ranked, { lookups, probes }, this.#options.probing)) {
      this.#completeSignIn(ranked[0]);
      return;
    }
    if (!this.#gateOpen && this.#isQuestionOpen(assembly)) {
      this.#openGate();
      return;
    }
    this.#lookups.startWhatMay();
    this.#startProbes(assembly);
  }

  /** The server is decided; what is left may say how to sign in there, or where else. */
  #completeSignIn(best: Ranked | undefined): void {
    const all = this.#lookups.places;
    const places = best?.eligible
      ? [...signInPlaces(best.candidate, all), ...siblingRecords(best.candidate, all)]
      : [];
    const open = all.filter(
      (place) => place.isOpen && places.some((other) => other.precedence === place.precedence),
    );
    if (open.length === 0) {
      this.#finish();
      return;
    }
    this.#lookups.start(open);
    if (this.#finished) return;
    const { signInFacts: ms } = this.#limits;
    this.#signInTimer ??= this.#timers.after(ms, () => {
      this.#lookups.timeOut(open, `no answer within ${inSeconds(ms)} after the server was decided`);
      this.#finish();
    });
  }

  /** Where answers that still count would stand. */
  #pendingLookups({ end }: Assembly): readonly Precedence[] {
    const { pending } = this.#lookups;
    return end === null
      ? pending
      : pending.filter((precedence) => comparePrecedence(precedence, end.precedence) < 0);
  }

  #pendingProbes(assembly: Assembly): Precedence[] {
    if (!this.#options.probing) return [];
    const unprobed = [...assembly.candidates.values()].filter(({ key }) => !this.#probes.has(key));
    // Beyond the limit nothing more is probed, and nothing is waited for.
    const left = MOST_PROBES - this.#probes.size;
    return (
      unprobed
        // What can't be the answer is waited for only when all else has failed.
        .map((one) => (isAdvisory(one.evidence[0]) ? last : precedenceOf(one)))
        .sort(comparePrecedence)
        .slice(0, Math.max(0, left))
    );
  }

  /** Neither the database nor the MX has led to a server that may still prove itself. */
  #isQuestionOpen(assembly: Assembly): boolean {
    if (!this.#lookups.hasEnded(MX_PROVIDER_RANK)) return false;
    return ![...assembly.candidates.values()].some(
      (candidate) =>
        precedenceOf(candidate).rank <= MOVED_DATABASE_RANK && !this.#probes.has(candidate.key),
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
    const seconds = inSeconds(this.#options.timeoutMs);
    this.#lookups.end('timeout', `no answer before the query's ${seconds} were over`);
    for (const candidate of this.#assemble().candidates.values()) {
      if (this.#probes.has(candidate.key) || !this.#options.probing) continue;
      this.#probes.set(
        candidate.key,
        unfinishedProbe(`the query's ${seconds} were over`, this.#options.timeoutMs),
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
    const discovery: Discovery = {
      query: this.#query,
      given: this.#options.context.given ?? null,
      lookups,
      ranked,
      winner,
      signIn: winner && signInFacts(winner, relevantTo({ winner, lookups, ranked }, false)),
      withoutSubmission: winner === null ? (assembly.end?.provider ?? null) : null,
      moved: assembly.moved,
      deniedBy: null,
      probing: this.#options.probing,
      offline: this.#options.offline,
      durationMs: performance.now() - this.#began,
    };
    if (isSuspicious(discovery)) void this.#checkResolver(discovery);
    else this.#resolve(discovery);
  }

  async #checkResolver(discovery: Discovery): Promise<void> {
    const { context, signal } = this.#options;
    try {
      const deniedBy = await denyingResolver(this.#query.domain, context.network, signal);
      this.#resolve({ ...discovery, deniedBy });
    } catch (error) {
      this.#reject(error);
    }
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

/** Nothing that stands behind it needs a probe. */
function bestVerified([best]: readonly Ranked[]): Precedence | null {
  return best?.eligible && best.verifiedAsNamed ? precedenceOf(best.candidate) : null;
}

/** The network with time limits that grow as those of the query. */
function withTime(network: Network, timeFactor: number): Network {
  if (timeFactor === 1) return network;
  return {
    ...network,
    dns: {
      ...network.dns,
      query: (name, type, signal) => network.dns.query(name, type, signal, timeFactor),
    },
    resolveHost: (host, signal) => network.resolveHost(host, signal, timeFactor),
    fetch: (url, options) => network.fetch(url, { ...options, timeFactor }),
  };
}
