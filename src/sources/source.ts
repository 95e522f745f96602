/**
 * What every source is: for a subject, the places to ask, in the order in which they count.
 * A source knows nothing of probing, of ranking, or of other sources.
 */
import type { Channel, ProviderFacts, SourceName, Statement } from '../model/candidate.ts';
import type { Query } from '../model/query.ts';
import type { Warning } from '../model/warnings.ts';
import type { Network } from '../net/network.ts';
import type { ProviderDirectory } from '../providers/directory.ts';

/** A domain that is asked about, and why. */
export interface Subject {
  readonly domain: string;
  readonly kind: 'self' | 'mx' | 'parent';
  /** How we came to ask about it, where that is less than certain: an MX record names it. */
  readonly channel?: Channel;
}

export interface LookupContext {
  readonly query: Query;
  readonly network: Network;
  readonly providers: ProviderDirectory;
  readonly signal: AbortSignal;
  readonly sendAddress: boolean;
  /** Base URL of the online ISPDB; the domain is appended. */
  readonly ispdbUrl: string;
}

/** One place to ask. */
export interface Lookup {
  /** The exact place, as `--explain` shows it: URL, DNS name and type, or `bundled database`. */
  readonly from: string;
  /** Throws only the signal's reason. */
  find(context: LookupContext): Promise<Answer>;
}

export interface Source {
  readonly name: SourceName;
  /** What it goes through decides when it may start and how long it may take. */
  readonly over: 'bundle' | 'dns' | 'http';
  lookups(subject: Subject, context: Omit<LookupContext, 'signal'>): readonly Lookup[];
}

export type Answer =
  | {
      readonly outcome: 'found';
      readonly statements: readonly Statement[];
      readonly channel: Channel;
      readonly provider: ProviderFacts | null;
      readonly detail: string;
      /** Where exactly, when that is more precise than the ask's own `from`. */
      readonly from?: string;
      readonly warnings?: readonly Warning[];
      /**
       * `everything`: no server that ranks lower is the answer, as where the provider offers no
       * submission. `guessing`: nothing that was made up is.
       */
      readonly ends?: 'everything' | 'guessing';
      /** Part of the question failed for now, so there may be more. */
      readonly incomplete?: boolean;
    }
  | {
      readonly outcome: 'nothing';
      readonly detail: string;
      readonly warnings?: readonly Warning[];
      /** Of a source over HTTP: no web server had a part in it. */
      readonly offWeb?: boolean;
      /** The provider that only filters or forwards the domain's mail. */
      readonly gateway?: string;
      /** The service that the domain says it does not have. */
      readonly denies?: string;
    }
  | {
      readonly outcome: 'failed';
      readonly detail: string;
      /** Lookups again later may help. */
      readonly temporary: boolean;
      /** Whether anything answered at all. */
      readonly reached: boolean;
      readonly offWeb?: boolean;
      readonly warnings?: readonly Warning[];
    };
