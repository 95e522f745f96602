/**
 * Lookups: subjects × sources, each ask with its place in the order, its start, its deadline and its
 * record. Which lookups still matter, and what to make of the answers, is for `discover.ts`.
 */
import { compareStanding, type SourceName, type Standing } from '../model/candidate.ts';
import { parentsOf } from '../model/public-suffix.ts';
import type { Timers } from '../net/time.ts';
import type { Answer } from '../sources/answer.ts';
import { readMx } from '../sources/documents/dns-records.ts';
import { mxSubjects } from '../sources/mx-subjects.ts';
import { type Rank, ranks } from '../sources/order.ts';
import type { Lookup, QueryContext, Source, Subject } from '../sources/source.ts';
import type { LookupOutcome, LookupRecord } from './discovery.ts';

/** Milliseconds that a source may take. */
const LOOKUP_DEADLINES: { readonly [O in Source['over']]: number } = {
  bundle: 2000,
  dns: 2000,
  http: 4000,
};
/** Of a lookup's time, so that what its parts have found by then still counts. */
const SHARE_OF_PARTS = 0.925;
const MOST_PARENTS = 3;

export interface LookupsOptions {
  readonly context: QueryContext;
  readonly probing: boolean;
  readonly offline: boolean;
  /** Names of sources to leave out. */
  readonly skip: ReadonlySet<string>;
  /** Aborts what is under way, at the end. */
  readonly stop: AbortSignal;
  readonly timers: Timers;
  readonly onAsk: (source: SourceName, from: string) => void;
  readonly onAnswer: (source: SourceName, from: string) => void;
  /** Something is known that wasn't before. */
  readonly onChange: () => void;
  /** A fault of ours. */
  readonly onFault: (error: unknown) => void;
}

interface Task {
  readonly rank: Rank;
  readonly subject: Subject;
  readonly ask: Lookup;
  readonly standing: Standing;
  readonly over: Source['over'];
  started: number | null;
  record: LookupRecord | null;
}

export class Lookups {
  readonly #options: LookupsOptions;
  readonly #tasks: Task[] = [];
  readonly #skipped: LookupRecord[] = [];
  /** Subjects that an answer still under way may add, by where they would stand. */
  readonly #awaitedSubjects = new Set<Standing>();
  #mayAskAll = false;

  constructor(options: LookupsOptions) {
    this.#options = options;
  }

  /** Makes the lookups, and starts those that need not wait. */
  begin(): void {
    const { domain } = this.#options.context.query;
    this.#add({ domain, kind: 'self' }, 0);
    for (const [index, parent] of parentsOf(domain).slice(-MOST_PARENTS).entries()) {
      this.#add({ domain: parent, kind: 'parent' }, index);
    }
    void this.#addMx();
    this.startWhatMay();
  }

  /** From now on everything may be asked. */
  startAll(): void {
    this.#mayAskAll = true;
    this.startWhatMay();
  }

  startWhatMay(): void {
    for (const task of this.#tasks) {
      if (task.started === null && this.#mayStart(task)) void this.#run(task);
    }
  }

  /** Of lookups that have ended. */
  get records(): readonly LookupRecord[] {
    return this.#tasks.flatMap(({ record }) => (record ? [record] : []));
  }

  /** Where the answers that are not in yet would stand. */
  get pending(): readonly Standing[] {
    const inDatabase = this.#outcomeOf('database') === 'found';
    const open = this.#tasks
      .filter(({ record }) => record === null)
      // The MX may tell that the domain has moved away from what the database says.
      .map(({ rank: { name }, standing }) =>
        name === 'mx-provider' && inDatabase ? [0] : standing,
      );
    return [...open, ...this.#awaitedSubjects];
  }

  /** Whether everything of this rank and better has ended. */
  hasEnded(rank: number): boolean {
    return this.#tasks.every((task) => task.rank.rank > rank || task.record !== null);
  }

  /** Ends what is open. @returns every record, those of skipped lookups too, in the order that counts */
  end(outcome: 'timeout' | 'cancelled', detail: string): readonly LookupRecord[] {
    for (const task of this.#tasks) task.record ??= recordOf(task, outcome, null, detail);
    return [...this.records, ...this.#skipped].sort((a, b) =>
      compareStanding(a.standing, b.standing),
    );
  }

  #add(subject: Subject, subjectIndex: number): void {
    for (const rank of ranks) {
      if (rank.about !== subject.kind) continue;
      const reason = this.#reasonToSkip(rank);
      if (reason !== null) {
        this.#skip(rank, subject, [rank.rank, subjectIndex], reason);
        continue;
      }
      for (const [part, source] of rank.sources.entries()) {
        const { over } = source;
        for (const [place, ask] of source.lookups(subject, this.#options.context).entries()) {
          const standing = [rank.rank, subjectIndex, part, place];
          this.#tasks.push({ rank, subject, ask, standing, over, started: null, record: null });
        }
      }
    }
  }

  /** The domains of the best mail exchanger, once that is known. */
  async #addMx(): Promise<void> {
    const rank = ranks.find(({ about }) => about === 'mx');
    if (!rank) return;
    const { query, network, providers } = this.#options.context;
    const reason = this.#reasonToSkip(rank);
    if (reason !== null) {
      this.#skip(rank, { domain: query.domain, kind: 'self' }, [rank.rank], reason);
      return;
    }
    const awaited: Standing = [rank.rank];
    this.#awaitedSubjects.add(awaited);
    try {
      const mx = await readMx(query.domain, { network, signal: this.#options.stop });
      const best = mx.outcome === 'found' ? mx.records[0] : undefined;
      if (this.#options.stop.aborted || mx.outcome !== 'found' || best === undefined) return;
      const match = providers.byMx(best);
      const domains = mxSubjects(best, query.domain);
      if (match?.proves === 'gateway') {
        // It says nothing about where mail is submitted.
        const subject: Subject = { domain: domains[0] ?? best, kind: 'mx' };
        const why = `${match.provider.name} only filters or forwards mail`;
        this.#skip(rank, subject, [rank.rank], why);
        return;
      }
      const channel = mx.authentic ? 'dnssec' : 'dns';
      for (const [index, domain] of domains.entries()) {
        this.#add({ domain, kind: 'mx', channel }, index);
      }
      this.startWhatMay();
    } catch {
      // Out of time, or cancelled: `mx-provider` has asked the same question and tells.
    } finally {
      this.#awaitedSubjects.delete(awaited);
      this.#options.onChange();
    }
  }

  #reasonToSkip({ name }: Rank): string | null {
    const { skip, offline, probing } = this.#options;
    if (skip.has(name)) return 'left out on request';
    if (offline && name !== 'database') return 'offline';
    if (name === 'guess' && !probing) return 'a guess counts only when it is probed';
    return null;
  }

  #skip({ name: source }: Rank, subject: Subject, standing: Standing, detail: string): void {
    this.#skipped.push({
      source,
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

  #mayStart({ over, rank: { name } }: Task): boolean {
    if (this.#mayAskAll) return true;
    // For a domain that the database knows, looking up made-up names would be for nothing.
    if (name === 'guess') return this.#outcomeOf('database') === 'nothing';
    return over !== 'http';
  }

  #outcomeOf(source: SourceName): LookupOutcome | undefined {
    return this.#tasks.find((task) => task.rank.name === source)?.record?.outcome;
  }

  async #run(task: Task): Promise<void> {
    const { context, stop, timers, onAsk, onFault } = this.#options;
    const started = performance.now();
    task.started = started;
    onAsk(task.rank.name, task.ask.from);
    const controller = new AbortController();
    const onStop = (): void => controller.abort(stop.reason);
    stop.addEventListener('abort', onStop, { once: true });
    const deadline = LOOKUP_DEADLINES[task.over];
    const timer = timers.after(deadline, () => {
      this.#settle(task, 'timeout', null, `no answer within ${deadline / 1000} s`);
      controller.abort(new DOMException('The source took too long.', 'TimeoutError'));
    });
    try {
      const until = started + deadline * SHARE_OF_PARTS;
      const answer = await task.ask.find({ ...context, signal: controller.signal, until });
      this.#settle(task, answer.outcome, answer, answer.detail);
    } catch (error) {
      // A source throws only when it is cancelled.
      if (!controller.signal.aborted) onFault(error);
    } finally {
      timers.clear(timer);
      stop.removeEventListener('abort', onStop);
    }
  }

  #settle(task: Task, outcome: LookupOutcome, answer: Answer | null, detail: string): void {
    if (task.record !== null) return;
    task.record = recordOf(task, outcome, answer, detail);
    this.#options.onAnswer(task.rank.name, task.ask.from);
    this.#options.onChange();
  }
}

function recordOf(
  { rank, subject, ask, standing, over, started }: Task,
  outcome: LookupOutcome,
  answer: Answer | null,
  detail: string,
): LookupRecord {
  return {
    source: rank.name,
    subject,
    from: ask.from,
    standing,
    over,
    outcome,
    answer,
    detail,
    durationMs: started === null ? 0 : performance.now() - started,
  };
}
