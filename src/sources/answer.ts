/** What a lookup comes to: something was found, there is nothing, or it failed. */
import type { Channel, ProviderFacts, Statement } from '../model/candidate.ts';
import type { Warning } from '../model/warnings.ts';

export interface Nothing {
  readonly outcome: 'nothing';
  /** One line. */
  readonly detail: string;
  readonly warnings?: readonly Warning[];
  /** No web server had a part in it, since there was no connection to any. */
  readonly noWebServer?: boolean;
  /** The provider that only filters or forwards the domain's mail. */
  readonly gateway?: string;
  /** The service that the domain says it does not have. */
  readonly denies?: string;
}

export interface Failed {
  readonly outcome: 'failed';
  /** One line. */
  readonly detail: string;
  /** The same lookup may succeed later. */
  readonly temporary: boolean;
  /** Whether anything answered at all. */
  readonly reached: boolean;
  readonly warnings?: readonly Warning[];
  /** No web server had a part in it, since there was no connection to any. */
  readonly noWebServer?: boolean;
}

export type Result<T> = (T & { readonly outcome: 'found' }) | Nothing | Failed;

/** What a source found about the servers of a subject. */
export interface Findings {
  readonly statements: readonly Statement[];
  readonly channel: Channel;
  readonly provider: ProviderFacts | null;
  readonly detail: string;
  /** Where exactly, when that is more precise than the lookup's own `from`. */
  readonly from?: string;
  readonly warnings?: readonly Warning[];
  /**
   * `everything`: no server that ranks lower is the answer, as where the provider offers no
   * submission. `guessing`: no made-up server is.
   */
  readonly ends?: 'everything' | 'guessing';
  /** Part of the lookup failed temporarily, so there may be more. */
  readonly incomplete?: boolean;
}

export type Answer = Result<Findings>;

/** The answer of a part that took longer than its share of the lookup's time. */
export const partTimedOut: Failed = {
  outcome: 'failed',
  detail: 'no answer in time',
  temporary: true,
  reached: false,
};
