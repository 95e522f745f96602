/** What a caller may ask for with a query, and what of it cannot be. */
import type { ProgressEvent } from '../engine/discover.ts';
import { SmtpFindError } from '../model/errors.ts';
import { timeLimits } from '../model/time-limits.ts';
import { sourceNames } from '../sources/order.ts';
import { isLoginRequest, type LoginRequest } from './login-request.ts';
import {
  abortSignal,
  callback,
  checkShapes,
  flag,
  list,
  type Shape,
  shape,
} from './option-shapes.ts';

export interface FindOptions {
  /** Deadline for the search, in ms; default 20 000. A login has as long again. */
  readonly timeoutMs?: number;
  /** False: do not contact SMTP servers. */
  readonly probe?: boolean;
  /** Only the bundled database, no network at all. */
  readonly offline?: boolean;
  /** Let everything finish, and report every candidate. */
  readonly all?: boolean;
  /** Report what each source answered. */
  readonly explain?: boolean;
  /** Names of the only sources to ask. */
  readonly only?: readonly string[];
  /** Names of sources to leave out. */
  readonly skip?: readonly string[];
  /** Let HTTPS hosts of the query's own domain see the full address. */
  readonly sendAddress?: boolean;
  /** Also try these credentials, over a verified connection only. */
  readonly login?: LoginRequest;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
}

/** Without those about sources: what is named needs none. */
export type ExamineOptions = Omit<FindOptions, 'only' | 'skip' | 'sendAddress'>;

const LONGEST_TIMEOUT = timeLimits.longestQuery.library;

const shapes: { readonly [O in keyof FindOptions]-?: Shape } = {
  timeoutMs: shape(
    `milliseconds, more than 0 and at most ${LONGEST_TIMEOUT}`,
    (value) => typeof value === 'number' && value > 0 && value <= LONGEST_TIMEOUT,
  ),
  probe: flag,
  offline: flag,
  all: flag,
  explain: flag,
  only: list,
  skip: list,
  sendAddress: flag,
  login: shape('a secret, or a function that asks for one', isLoginRequest),
  signal: abortSignal,
  onProgress: callback,
};

/** @throws SmtpFindError `bad-option` */
export function checkFindOptions(options: FindOptions): void {
  checkShapes(options, shapes);
  if (options.login && (options.offline || options.probe === false)) {
    const message = 'login and offline or probe: false contradict each other';
    throw new SmtpFindError(
      'bad-option',
      `${message}: only a server that was probed is shown a secret`,
    );
  }
}

/**
 * Names of the sources that are not to be asked.
 * @throws SmtpFindError `bad-option` for a name that no source has
 */
export function leftOut({ only, skip = [] }: FindOptions): ReadonlySet<string> {
  for (const name of [...(only ?? []), ...skip]) {
    if (!sourceNames.some((known) => known === name)) {
      throw new SmtpFindError(
        'bad-option',
        `there is no source "${name}": expected one of ${sourceNames.join(', ')}`,
      );
    }
  }
  return new Set([...skip, ...sourceNames.filter((name) => only && !only.includes(name))]);
}
