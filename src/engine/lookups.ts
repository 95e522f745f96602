/**
 * Lookups: subjects × sources, each ask with its place in the order, its start, its deadline and its
 * record. Which lookups still matter, and what to make of the answers, is for `discover.ts`.
 */
import { compareStanding, type SourceName, type Standing } from '../model/candidate.ts';
import { parentsOf } from '../model/public-suffix.ts';
import type { Timers } from '../net/time.ts';
import type { Answer } from '../sources/answer.ts';
import { type Rank, ranks } from '../sources/order.ts';
import type {
  FoundSubject,
  Lookup,
  QueryContext,
  Source,
  Subject,
  SubjectLookup,
} from '../sources/source.ts';
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
  readonly ask: Lookup | SubjectLookup;
  readonly standing: Standing;
  readonly over: Source['over'];
  started: number | null;
  record: LookupRecord | null;
}

export class Lookups {
  readonly #options: LookupsOptions;
  readonly #tasks: Task[] = [];
  readonly #skipped: LookupRecord[] = [];
  #mayAskAll = false;

  constructor(options: LookupsOptions) {
    this.#options = options;
  }

  /** Makes the lookups, and starts those that need not wait. */
  begin(): void {
    const { domain } = this.#options.context.query;
    const parents = parentsOf(domain).slice(-MOST_PARENTS);
    for (const rank of ranks) {
      const reason = this.#reasonToSkip(rank);
      const subjects: readonly Subject[] =
        rank.about === 'parent'
          ? parents.map((parent) => ({ domain: parent, kind: 'parent' }))
          : [{ domain, kind: 'self' }];
      for (const [index, subject] of subjects.entries()) {
        if (reason !== null) this.#skip(rank, subject, index, reason);
        else if (rank.subjects) this.#addSubjectLookup(rank, subject, rank.subjects(domain));
        else this.#add(rank, subject, index);
      }
    }
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
    return (
      this.#tasks
        .filter(({ record }) => record === null)
        // The MX may tell that the domain has moved away from what the database says.
        .map(({ rank: { name }, standing }) =>
          name === 'mx-provider' && inDatabase ? [0] : standing,
        )
    );
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

  /** A lookup for subjects stands where the first of them would. */
  #addSubjectLookup(rank: Rank, subject: Subject, lookup: SubjectLookup): void {
    const standing = [rank.rank, 0];
    this.#tasks.push({
      rank,
      subject,
      ask: lookup,
      standing,
      over: 'dns',
      started: null,
      record: null,
    });
  }

  #add(rank: Rank, subject: Subject, subjectIndex: number): void {
    for (const [part, source] of rank.sources.entries()) {
      const { over } = source;
      for (const [place, ask] of source.lookups(subject, this.#options.context).entries()) {
        const standing = [rank.rank, subjectIndex, part, place];
        this.#tasks.push({ rank, subject, ask, standing, over, started: null, record: null });
      }
    }
  }

  /** A lookup for subjects gives way to the lookups about them. */
  #replace(task: Task, subjects: readonly FoundSubject[]): void {
    if (task.record !== null || this.#options.stop.aborted) return;
    this.#tasks.splice(this.#tasks.indexOf(task), 1);
    for (const [index, { subject, skip }] of subjects.entries()) {
      if (skip === null) this.#add(task.rank, subject, index);
      else this.#skip(task.rank, subject, index, skip);
    }
    this.#options.onAnswer(task.rank.name, task.ask.from);
    this.startWhatMay();
    this.#options.onChange();
  }

  #reasonToSkip({ name }: Rank): string | null {
    const { skip, offline, probing } = this.#options;
    if (skip.has(name)) return 'left out on request';
    if (offline && name !== 'database') return 'offline';
    if (name === 'guess' && !probing) return 'a guess counts only when it is probed';
    return null;
  }

  #skip({ name: source, rank }: Rank, subject: Subject, index: number, detail: string): void {
    this.#skipped.push({
      source,
      subject,
      from: '',
      standing: [rank, index],
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
      if ('subjects' in answer) this.#replace(task, answer.subjects);
      else this.#settle(task, answer.outcome, answer, answer.detail);
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
