/** What a discovery is made of: what was asked, and what came back. */
import type { ProviderFacts, SourceName, Standing } from '../model/candidate.ts';
import type { Query } from '../model/query.ts';
import type { Answer } from '../sources/answer.ts';
import type { Source, Subject } from '../sources/source.ts';
import type { Ranked } from './rank.ts';

export type LookupOutcome = 'found' | 'nothing' | 'failed' | 'timeout' | 'skipped' | 'cancelled';

/** One place that was asked, or deliberately not. */
export interface LookupRecord {
  readonly source: SourceName;
  readonly subject: Subject;
  readonly from: string;
  /** Where what it finds stands; a prefix of its candidates' standings. */
  readonly standing: Standing;
  readonly over: Source['over'];
  readonly outcome: LookupOutcome;
  /** Null unless it answered. */
  readonly answer: Answer | null;
  readonly detail: string;
  readonly durationMs: number;
}

export interface Discovery {
  readonly query: Query;
  readonly lookups: readonly LookupRecord[];
  /** Every candidate, best first. */
  readonly ranked: readonly Ranked[];
  readonly winner: Ranked | null;
  /** The provider known to offer no submission, when that ended the search. */
  readonly withoutSubmission: ProviderFacts | null;
  /** The database's provider and the one that handles the domain's mail now, when they differ. */
  readonly moved: { readonly from: string; readonly to: string } | null;
  readonly probing: boolean;
  readonly offline: boolean;
  readonly durationMs: number;
}
