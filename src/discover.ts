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
import { type Assembly, assemble } from './assemble.ts';
import { type Candidate, compareStanding, type SourceName, type Standing } from './candidate.ts';
import type { AskOutcome, AskRecord, Discovery } from './discovery.ts';
import { parentsOf } from './domain.ts';
import type { ProbeResult } from './probe/result.ts';
import { sameService } from './providers/same-service.ts';
import { mxSubjects, readMx } from './published/mx-records.ts';
import type { Query } from './query.ts';
import { isDecided, rank, standingOf } from './rank.ts';
import { type Rank, ranks } from './sources/index.ts';
import type { Answer, Ask, AskContext, Subject } from './sources/source.ts';

/** Milliseconds. */
export const DEADLINES = { dns: 2000, http: 4000, probe: 8000, query: 10_000 } as const;
/** Milliseconds after which everything is asked, whatever the database and the MX say. */
const HEAD_START = 250;
/** Guessed servers under probe at once; published ones are few and don't wait for them. */
const GUESSES_AT_ONCE = 6;
const PUBLISHED_AT_ONCE = 10;
/** Candidates probed at all, for documents that list servers without end. */
const MOST_PROBES = 40;
const MOST_PARENTS = 3;
/** Behind everything: waited for only when all else has failed. */
const NEVER_THE_ANSWER: Standing = [Number.MAX_SAFE_INTEGER];

export type ProgressEvent =
  | { readonly kind: 'ask' | 'answer'; readonly source: string; readonly from: string }
  | { readonly kind: 'probe' | 'probed'; readonly host: string; readonly port: number };

export interface DiscoverOptions {
  readonly context: Omit<AskContext, 'signal' | 'query'>;
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

/** @throws the signal's reason, nothing else */
export function discover(query: Query, options: DiscoverOptions): Promise<Discovery> {
  options.signal.throwIfAborted();
  return new Promise((resolve, reject) => new Run(query, options, resolve, reject).start());
}

interface Task {
  readonly rank: Rank;
  readonly subject: Subject;
  readonly ask: Ask;
  readonly standing: Standing;
  readonly over: 'bundle' | 'dns' | 'http';
  started: number | null;
  record: AskRecord | null;
}

class Run {
  readonly #query: Query;
  readonly #options: DiscoverOptions;
  readonly #resolve: (discovery: Discovery) => void;
  readonly #reject: (reason: unknown) => void;
  readonly #began: number = performance.now();
  /** Aborts whatever is still under way, at the end. */
  readonly #stop: AbortController = new AbortController();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #tasks: Task[] = [];
  readonly #skipped: AskRecord[] = [];
  readonly #probing = new Set<string>();
  readonly #probes = new Map<string, ProbeResult>();
  /** Subjects that an answer still under way may add, by where they would stand. */
  readonly #awaitedSubjects = new Set<Standing>();
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
  }

  start(): void {
    const { signal, timeoutMs } = this.#options;
    // Every ask and every probe listens.
    setMaxListeners(0, this.#stop.signal);
    signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#after(timeoutMs, () => this.#outOfTime());
    this.#after(HEAD_START, () => this.#openGate());

    const { domain } = this.#query;
    this.#ask({ domain, kind: 'self' }, 0);
    for (const [index, parent] of parentsOf(domain).slice(-MOST_PARENTS).entries()) {
      this.#ask({ domain: parent, kind: 'parent' }, index);
    }
    void this.#askAboutMx();
    this.#advance();
  }

  // Asking ------------------------------------------------------------------------------------

  /** Makes the tasks for one subject, and starts those that need not wait. */
  #ask(subject: Subject, subjectIndex: number): void {
    for (const entry of ranks) {
      if (entry.about !== subject.kind) continue;
      const reason = this.#reasonToSkip(entry);
      if (reason !== null) {
        this.#recordSkip(entry, subject, [entry.rank, subjectIndex], reason);
        continue;
      }
      entry.sources.forEach((source, part) => {
        source
          .asks(subject, { ...this.#options.context, query: this.#query })
          .forEach((ask, place) => {
            const standing = [entry.rank, subjectIndex, part, place];
            const { over } = source;
            this.#tasks.push({
              rank: entry,
              subject,
              ask,
              standing,
              over,
              started: null,
              record: null,
            });
          });
      });
    }
    this.#startTasks();
  }

  async #askAboutMx(): Promise<void> {
    const entry = ranks.find(({ about }) => about === 'mx');
    if (!entry || this.#reasonToSkip(entry) !== null) {
      if (entry) {
        const self: Subject = { domain: this.#query.domain, kind: 'self' };
        this.#recordSkip(entry, self, [entry.rank], this.#reasonToSkip(entry) ?? '');
      }
      return;
    }
    const awaited: Standing = [entry.rank];
    this.#awaitedSubjects.add(awaited);
    try {
      const { network, providers } = this.#options.context;
      const mx = await readMx(this.#query.domain, network, this.#stop.signal);
      const best = mx.kind === 'hosts' ? mx.hosts[0] : undefined;
      if (this.#finished || mx.kind !== 'hosts' || best === undefined) return;
      const match = providers.byMx(best);
      const subjects = mxSubjects(best, this.#query.domain);
      if (match?.proves === 'gateway') {
        // It filters or forwards, and says nothing about where mail is submitted.
        const self: Subject = { domain: subjects[0] ?? best, kind: 'mx' };
        this.#recordSkip(
          entry,
          self,
          [entry.rank],
          `${match.provider.name} only filters or forwards mail`,
        );
        return;
      }
      const channel = mx.authentic ? 'dnssec' : 'dns';
      for (const [index, domain] of subjects.entries()) {
        this.#ask({ domain, kind: 'mx', channel }, index);
      }
    } catch {
      // Out of time, or cancelled: `mx-provider` has asked the same question and tells.
    } finally {
      this.#awaitedSubjects.delete(awaited);
      this.#advance();
    }
  }

  #reasonToSkip({ name }: Rank): string | null {
    const { skip, offline, probing } = this.#options;
    if (skip.has(name)) return 'left out on request';
    if (offline && name !== 'database') return 'offline';
    if (name === 'guess' && !probing) return 'a guess counts only when it is probed';
    return null;
  }

  #recordSkip(entry: Rank, subject: Subject, standing: Standing, detail: string): void {
    this.#skipped.push({
      source: entry.name,
      subject,
      from: '',
      standing,
      over: 'bundle',
      outcome: 'skipped',
      answer: null,
      detail,
      durationMs: 0,
    });
  }

  #startTasks(): void {
    for (const task of this.#tasks) {
      if (task.started === null && this.#mayStart(task)) void this.#run(task);
    }
  }

  #mayStart({ over, rank: { name } }: Task): boolean {
    if (this.#gateOpen) return true;
    // For a domain that the database knows, looking up made-up names would be for nothing.
    if (name === 'guess') return this.#outcomeOf('database') === 'nothing';
    return over !== 'http';
  }

  #outcomeOf(source: SourceName): AskOutcome | undefined {
    return this.#tasks.find((task) => task.rank.name === source)?.record?.outcome;
  }

  async #run(task: Task): Promise<void> {
    const started = performance.now();
    task.started = started;
    const { name: source } = task.rank;
    const { from } = task.ask;
    this.#options.onProgress?.({ kind: 'ask', source, from });
    const controller = new AbortController();
    const stop = (): void => controller.abort(this.#stop.signal.reason);
    this.#stop.signal.addEventListener('abort', stop, { once: true });
    const deadline = task.over === 'http' ? DEADLINES.http : DEADLINES.dns;
    const timer = this.#after(deadline, () => {
      this.#settle(task, 'timeout', null, `no answer within ${deadline / 1000} s`);
      controller.abort(new DOMException('The source took too long.', 'TimeoutError'));
    });
    try {
      const { context } = this.#options;
      const answer = await task.ask.find({
        ...context,
        query: this.#query,
        signal: controller.signal,
      });
      this.#settle(task, answer.outcome, answer, answer.detail);
    } catch (error) {
      // A source throws only when it is cancelled; anything else is a fault of ours.
      if (!controller.signal.aborted) this.#fail(error);
    } finally {
      this.#clear(timer);
      this.#stop.signal.removeEventListener('abort', stop);
    }
  }

  #settle(task: Task, outcome: AskOutcome, answer: Answer | null, detail: string): void {
    if (task.record !== null || this.#finished) return;
    task.record = this.#recordOf(task, outcome, answer, detail);
    this.#options.onProgress?.({ kind: 'answer', source: task.rank.name, from: task.ask.from });
    this.#advance();
  }

  #recordOf(task: Task, outcome: AskOutcome, answer: Answer | null, detail: string): AskRecord {
    return {
      source: task.rank.name,
      subject: task.subject,
      from: task.ask.from,
      standing: task.standing,
      over: task.over,
      outcome,
      answer,
      detail,
      durationMs: task.started === null ? 0 : performance.now() - task.started,
    };
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
    const [best] = rank(assembly.candidates.values(), this.#probes, assembly.superseded);
    return best?.eligible && best.verified ? standingOf(best.candidate) : null;
  }

  async #probe(candidate: Candidate): Promise<void> {
    const { host, port, key } = candidate;
    this.#probing.add(key);
    this.#options.onProgress?.({ kind: 'probe', host, port });
    try {
      const result = await this.#options.probe(candidate, this.#stop.signal);
      if (this.#finished) return;
      this.#probes.set(key, result);
      this.#options.onProgress?.({ kind: 'probed', host, port });
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
    return assemble(this.#records(), this.#probes, (a, b) => sameService(providers, a, b));
  }

  #records(): AskRecord[] {
    return this.#tasks.flatMap(({ record }) => (record ? [record] : []));
  }

  /** Something is known that wasn't before: decide, or ask and probe on. */
  #advance(): void {
    if (this.#finished) return;
    const assembly = this.#assemble();
    const ranked = rank(assembly.candidates.values(), this.#probes, assembly.superseded);
    const asks = this.#pendingAsks(assembly);
    const probes = this.#pendingProbes(assembly);
    const done = this.#options.exhaust
      ? asks.length === 0 && probes.length === 0
      : isDecided(ranked, { asks, probes }, this.#options.probing);
    if (done) {
      this.#finish();
      return;
    }
    if (!this.#gateOpen && this.#isQuestionOpen(assembly)) {
      this.#openGate();
      return;
    }
    this.#startTasks();
    this.#startProbes(assembly);
  }

  /** Where the answers that are not in yet would stand. */
  #pendingAsks(assembly: Assembly): Standing[] {
    const inDatabase = this.#outcomeOf('database') === 'found';
    const pending = this.#tasks
      .filter(({ record }) => record === null)
      // The MX may tell that the domain has moved away from what the database says.
      .map(({ rank: { name }, standing }) =>
        name === 'mx-provider' && inDatabase ? [0] : standing,
      );
    pending.push(...this.#awaitedSubjects);
    const { end } = assembly;
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
    const early = this.#tasks.filter(({ rank: entry }) => entry.rank <= 2);
    if (early.some(({ record }) => record === null)) return false;
    return ![...assembly.candidates.values()].some(
      (candidate) => (standingOf(candidate)[0] ?? 0) < 3 && !this.#probes.has(candidate.key),
    );
  }

  #openGate(): void {
    if (this.#gateOpen || this.#finished) return;
    this.#gateOpen = true;
    this.#startTasks();
    this.#startProbes(this.#assemble());
  }

  // Ending ------------------------------------------------------------------------------------

  #outOfTime(): void {
    if (this.#finished) return;
    const seconds = `${this.#options.timeoutMs / 1000} s`;
    for (const task of this.#tasks) {
      task.record ??= this.#recordOf(
        task,
        'timeout',
        null,
        `no answer before the query's ${seconds} were over`,
      );
    }
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
    const ranked = rank(assembly.candidates.values(), this.#probes, assembly.superseded);
    const best = ranked[0];
    const winner = best?.eligible ? best : null;
    for (const task of this.#tasks) {
      task.record ??= this.#recordOf(
        task,
        'cancelled',
        null,
        'could not change the decision any more',
      );
    }
    const asks = [...this.#records(), ...this.#skipped].sort((a, b) =>
      compareStanding(a.standing, b.standing),
    );
    this.#resolve({
      query: this.#query,
      asks,
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
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    this.#stop.abort(new DOMException('The decision has been made.', 'AbortError'));
  }

  #after(ms: number, action: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
    return timer;
  }

  #clear(timer: NodeJS.Timeout): void {
    clearTimeout(timer);
    this.#timers.delete(timer);
  }
}

/** Stands in for a probe that the query's deadline cut off. */
function unfinished(reason: string, durationMs: number): ProbeResult {
  return {
    outcome: 'timeout',
    reason,
    stage: 'connect',
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
    namesakes: [],
    reply: null,
    durationMs,
  };
}
