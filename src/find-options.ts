/** What a caller may ask for with a query, and what of it cannot be. */
import { DEADLINES, type ProgressEvent } from './discover.ts';
import { SmtpFindError } from './errors.ts';
import type { LoginRequest } from './login.ts';
import { sourceNames } from './sources/index.ts';

export interface FindOptions {
  /** Deadline for the search, in ms; default 10 000. A login has as long again; default 20 000. */
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

/** Longer ones can't be timed by Node, and would end at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** @throws SmtpFindError `bad-option` */
export function checkTimeout(timeoutMs: number = DEADLINES.query): void {
  if (timeoutMs > 0 && timeoutMs <= LONGEST_TIMEOUT_MS) return;
  throw new SmtpFindError(
    'bad-option',
    `timeoutMs is ${timeoutMs}: expected milliseconds from 1 to ${LONGEST_TIMEOUT_MS}`,
  );
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
