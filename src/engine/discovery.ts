/** What a discovery is made of: what was asked, and what came back. */
import type { Evidence, OAuthFacts, ProviderFacts, SourceName } from '../model/candidate.ts';
import type { Precedence } from '../model/precedence.ts';
import type { Query } from '../model/query.ts';
import type { Answer } from '../sources/answer.ts';
import type { Given, Source, Subject } from '../sources/source.ts';
import type { Ranked } from './rank.ts';

export type { Given };

export type LookupOutcome = 'found' | 'nothing' | 'failed' | 'timeout' | 'skipped' | 'cancelled';

/** One place that was asked, or deliberately not. */
export interface LookupRecord {
  readonly source: SourceName;
  /** The source whose way of asking it is: `parent` and `mx-autoconfig` ask as others do. */
  readonly via: SourceName;
  readonly subject: Subject;
  readonly from: string;
  /** Where what it finds stands; a prefix of its candidates' standings. */
  readonly precedence: Precedence;
  readonly over: Source['over'];
  readonly outcome: LookupOutcome;
  /** Null unless it answered. */
  readonly answer: Answer | null;
  readonly detail: string;
  readonly durationMs: number;
}

/** How to sign in at the decided server. */
export interface SignIn {
  /** A template; null when no source states one. */
  readonly username: string | null;
  /** Every template that a source states for this very server, best first, each once. */
  readonly usernames: readonly Evidence[];
  /** SASL mechanisms by IANA name, as a source states them; may be empty. */
  readonly auth: readonly string[];
  readonly oauth: OAuthFacts | null;
  /** What speaks for the server and of how to sign in there, best first. */
  readonly evidence: readonly [Evidence, ...Evidence[]];
}

export interface Discovery {
  /** Its domain is empty where only a server or a provider was named. */
  readonly query: Query;
  /** What the user named; null where servers were looked for. */
  readonly given: Given | null;
  readonly lookups: readonly LookupRecord[];
  /** Every candidate, best first. */
  readonly ranked: readonly Ranked[];
  readonly winner: Ranked | null;
  /** How to sign in at the winner; null without one. */
  readonly signIn: SignIn | null;
  /** The provider known to offer no submission, when that ended the search. */
  readonly withoutSubmission: ProviderFacts | null;
  /** The database's provider and the one that handles the domain's mail now, when they differ. */
  readonly moved: { readonly from: string; readonly to: string } | null;
  /** The resolver that denied every name, also such as certainly exist; else null. */
  readonly deniedBy: string | null;
  readonly probing: boolean;
  readonly offline: boolean;
  readonly durationMs: number;
}
