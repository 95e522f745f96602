/**
 * The lookups of a query: subjects × sources, each with its place in the order, its start, its
 * deadline and its record. Which lookups still matter, and what to make of the answers, is for
 * `discover.ts`.
 */

import type { SourceName } from '../model/candidate.ts';
import { inSeconds } from '../model/duration.ts';
import { comparePrecedence, type Precedence } from '../model/precedence.ts';
import { parentsOf } from '../model/public-suffix.ts';
import { Deadline, DeadlinePassed, onAbort } from '../net/time.ts';
import type { Answer } from '../sources/answer.ts';
import { givenSubjects } from '../sources/given.ts';
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
import { isSignInDocument, type Place } from './sign-in-places.ts';

/** How much of its time the parts of a lookup share, so that what they have found by then counts. */
const SHARE_OF_PARTS = 0.925;
const MOST_PARENTS = 3;

export interface LookupsOptions {
  readonly context: QueryContext;
  readonly probing: boolean;
  readonly offline: boolean;
  /** Names of sources to leave out. */
  readonly skip: ReadonlySet<string>;
  /** Milliseconds that one place may take, by what it goes through. */
  readonly deadlines: { readonly [O in Source['over']]: number };
  /** Aborts what is under way, at the end. */
  readonly stop: AbortSignal;
  readonly onAsk: (source: SourceName, from: string) => void;
  readonly onAnswer: (source: SourceName, from: string) => void;
  /** A lookup has ended, or led to further ones. */
  readonly onChange: () => void;
  /** A lookup has thrown an error of ours. */
  readonly onFault: (error: unknown) => void;
}

/** Before everything. */
const FIRST: Precedence = { rank: -1 };

interface Scheduled {
  readonly rank: Rank;
  /** The source whose way of asking it is. */
  readonly via: SourceName;
  readonly subject: Subject;
  readonly lookup: Lookup | SubjectLookup;
  readonly precedence: Precedence;
  readonly over: Source['over'];
  /** On the clock of `performance.now()`; null while it waits. */
  started: number | null;
  /** Null until it has ended. */
  record: LookupRecord | null;
}

export class Lookups {
  readonly #options: LookupsOptions;
  readonly #scheduled: Scheduled[] = [];
  readonly #skipped: LookupRecord[] = [];
  #mayStartAll = false;

  constructor(options: LookupsOptions) {
    this.#options = options;
  }

  /** Schedules the lookups, and starts those that need not wait. */
  begin(): void {
    const { query, given } = this.#options.context;
    for (const rank of ranks) {
      // What the user named needs no source, and nothing else needs that one.
      if ((rank.about === 'given') !== (given !== undefined)) continue;
      const reason = this.#reasonToSkip(rank);
      for (const [index, subject] of this.#subjectsOf(rank).entries()) {
        if (reason !== null) this.#skip(rank, subject, index, reason);
        else if (rank.subjects) this.#scheduleSubjects(rank, subject, rank.subjects(query.domain));
        else this.#schedule(rank, subject, index);
      }
    }
    this.startWhatMay();
  }

  /** Starts every lookup, and from now on also those that are scheduled later. */
  startAll(): void {
    this.#mayStartAll = true;
    this.startWhatMay();
  }

  /** Starts the lookups for which nothing has to be known first any more. */
  startWhatMay(): void {
    for (const item of this.#scheduled) {
      if (item.started === null && this.#mayStart(item)) void this.#run(item);
    }
  }

  /** The records of lookups that have ended. */
  get records(): readonly LookupRecord[] {
    return this.#scheduled.flatMap(({ record }) => (record ? [record] : []));
  }

  /** Where the answers that are not in yet would stand. */
  get pending(): readonly Precedence[] {
    const inDatabase = this.#outcomeOf('database') === 'found';
    return (
      this.#scheduled
        .filter(({ record }) => record === null)
        // The MX may tell that the domain has moved away from what the database says.
        .map(({ rank: { name }, precedence }) =>
          name === 'mx-provider' && inDatabase ? FIRST : precedence,
        )
    );
  }

  /** Every place that may be asked, with what it has answered. */
  get places(): readonly OpenPlace[] {
    return this.#scheduled.map(({ via, subject, precedence, record }) => ({
      ...{ via, subject, precedence },
      answer: record?.answer ?? null,
      isOpen: record === null,
    }));
  }

  /** Starts those that have not been started, whatever else has to wait. */
  start(places: readonly Place[]): void {
    for (const item of this.#scheduled) {
      if (item.started === null && places.some((place) => isSame(place, item)))
        void this.#run(item);
    }
  }

  /** Ends those that are open. */
  timeOut(places: readonly Place[], detail: string): void {
    for (const item of this.#scheduled) {
      if (!places.some((place) => isSame(place, item))) continue;
      item.record ??= recordOf(item, 'timeout', null, detail);
    }
  }

  /** Whether the first place of everything of this rank and better has ended. */
  hasEnded(rank: number): boolean {
    return this.#scheduled.every(
      ({ rank: { rank: own }, precedence, record }) =>
        own > rank || precedence.place !== 0 || record !== null,
    );
  }

  /**
   * Ends what is open.
   * @returns every record, those of skipped lookups too, best first
   */
  end(outcome: 'timeout' | 'cancelled', detail: string): readonly LookupRecord[] {
    for (const item of this.#scheduled) item.record ??= recordOf(item, outcome, null, detail);
    return [...this.records, ...this.#skipped].sort((a, b) =>
      comparePrecedence(a.precedence, b.precedence),
    );
  }

  // Scheduling --------------------------------------------------------------------------------

  #subjectsOf({ about }: Rank): readonly Subject[] {
    const { query, given } = this.#options.context;
    if (given !== undefined) return givenSubjects(given, query);
    if (about !== 'parent') return [{ domain: query.domain, kind: 'self' }];
    const parents = parentsOf(query.domain).slice(-MOST_PARENTS);
    return parents.map((domain) => ({ domain, kind: 'parent' }));
  }

  #schedule(rank: Rank, subject: Subject, subjectIndex: number): void {
    for (const [part, source] of rank.sources.entries()) {
      for (const [place, lookup] of source.lookups(subject, this.#options.context).entries()) {
        const precedence = { rank: rank.rank, subject: subjectIndex, part, place };
        const { over, name: via } = source;
        this.#add({ rank, via, subject, lookup, precedence, over });
      }
    }
  }

  /** A lookup for subjects stands where the first of them would. */
  #scheduleSubjects(rank: Rank, subject: Subject, lookup: SubjectLookup): void {
    const precedence = { rank: rank.rank, subject: 0 };
    this.#add({ rank, via: rank.name, subject, lookup, precedence, over: 'dns' });
  }

  #add(item: Omit<Scheduled, 'started' | 'record'>): void {
    this.#scheduled.push({ ...item, started: null, record: null });
  }

  #skip({ name: source, rank }: Rank, subject: Subject, index: number, detail: string): void {
    this.#skipped.push({
      source,
      via: source,
      subject,
      from: '',
      precedence: { rank, subject: index },
      over: 'bundle',
      outcome: 'skipped',
      answer: null,
      detail,
      durationMs: 0,
    });
  }

  #reasonToSkip({ name }: Rank): string | null {
    const { skip, offline, probing } = this.#options;
    if (skip.has(name)) return 'left out on request';
    if (offline && name !== 'database' && name !== 'given') return 'offline';
    if (name === 'guess' && !probing) return 'a guess counts only when it is probed';
    return null;
  }

  // Running -----------------------------------------------------------------------------------

  #mayStart({ over, via, rank: { name } }: Scheduled): boolean {
    if (this.#mayStartAll) return true;
    if (name === 'mail-records') return false;
    // For a domain that the database knows, looking up made-up names would be for nothing.
    if (name === 'guess') return this.#outcomeOf('database') === 'nothing';
    return over !== 'http' || (isSignInDocument(via) && this.#srvDecides());
  }

  /** The domain is not in the database, and SRV has named a server. */
  #srvDecides(): boolean {
    return (
      this.#outcomeOf('database') === 'nothing' &&
      this.#scheduled.some(({ rank, record }) => rank.name === 'srv' && record?.outcome === 'found')
    );
  }

  #outcomeOf(source: SourceName): LookupOutcome | undefined {
    return this.#scheduled.find(({ rank }) => rank.name === source)?.record?.outcome;
  }

  async #run(item: Scheduled): Promise<void> {
    const { context, deadlines, stop, onAsk, onFault } = this.#options;
    const started = performance.now();
    item.started = started;
    onAsk(item.rank.name, item.lookup.from);
    const ms = deadlines[item.over];
    const deadline = new Deadline(stop, ms);
    const { signal } = deadline;
    // At once, however long the lookup takes to end.
    onAbort(signal, () => {
      if (!(signal.reason instanceof DeadlinePassed)) return;
      this.#settle(item, 'timeout', null, `no answer within ${inSeconds(ms)}`);
    });
    try {
      const until = started + ms * SHARE_OF_PARTS;
      const answer = await item.lookup.find({ ...context, signal, until });
      if ('subjects' in answer) this.#replace(item, answer.subjects);
      else this.#settle(item, answer.outcome, answer, answer.detail);
    } catch (error) {
      if (!signal.aborted) onFault(error);
    } finally {
      deadline.clear();
    }
  }

  #settle(item: Scheduled, outcome: LookupOutcome, answer: Answer | null, detail: string): void {
    if (item.record !== null) return;
    item.record = recordOf(item, outcome, answer, detail);
    this.#options.onAnswer(item.rank.name, item.lookup.from);
    this.#options.onChange();
  }

  /** A lookup for subjects gives way to the lookups about them. */
  #replace(item: Scheduled, subjects: readonly FoundSubject[]): void {
    if (item.record !== null || this.#options.stop.aborted) return;
    this.#scheduled.splice(this.#scheduled.indexOf(item), 1);
    for (const [index, { subject, skip }] of subjects.entries()) {
      if (skip === null) this.#schedule(item.rank, subject, index);
      else this.#skip(item.rank, subject, index, skip);
    }
    this.#options.onAnswer(item.rank.name, item.lookup.from);
    this.startWhatMay();
    this.#options.onChange();
  }
}

export interface OpenPlace extends Place {
  readonly isOpen: boolean;
}

function isSame(place: Place, item: Scheduled): boolean {
  return comparePrecedence(place.precedence, item.precedence) === 0;
}

function recordOf(
  { rank, via, subject, lookup, precedence, over, started }: Scheduled,
  outcome: LookupOutcome,
  answer: Answer | null,
  detail: string,
): LookupRecord {
  return {
    source: rank.name,
    via,
    subject,
    from: lookup.from,
    precedence,
    over,
    outcome,
    answer,
    detail,
    durationMs: started === null ? 0 : performance.now() - started,
  };
}
