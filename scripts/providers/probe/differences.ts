/**
 * What is different from the last examination; from what the database says, where there was none.
 * Pure.
 */
import { type Probed, type Trouble, troubleOf } from '../probed.ts';
import type { Server } from './servers.ts';

export type DifferenceCode =
  /** No name, no connection, or no answer. */
  | 'died'
  /** It answers, and turns us away or speaks no SMTP. */
  | 'turned-away'
  /** STARTTLS or TLS is gone, or the certificate is not good for the host any more. */
  | 'lost-tls'
  /** It offers no mechanism that a password or token would do for. */
  | 'lost-auth'
  /** It offers other mechanisms than last time. */
  | 'mechanisms'
  /** The database names mechanisms that it does not offer. */
  | 'not-offered'
  | 'certificate-names'
  | 'came-back'
  /** As bad as last time. */
  | 'still';

export interface Difference {
  readonly code: DifferenceCode;
  readonly server: string;
  readonly providers: readonly string[];
  /** Whether somebody has to look: what was told last time is not worse. */
  readonly worse: boolean;
  /** One line, for people. */
  readonly detail: string;
  /** Mechanisms or names. */
  readonly removed?: readonly string[];
  readonly added?: readonly string[];
}

const lost: { readonly [T in Trouble]: DifferenceCode } = {
  dead: 'died',
  'turned-away': 'turned-away',
  tls: 'lost-tls',
  auth: 'lost-auth',
};

export function differencesOf(
  { key, providers, auth }: Server,
  before: Probed | undefined,
  now: Probed,
): readonly Difference[] {
  const found = [
    troubleDifference(before, now),
    ...mechanismDifferences(auth, before, now),
    nameDifference(before, now),
  ];
  return found.flatMap((difference) =>
    difference === null ? [] : [{ server: key, providers, ...difference }],
  );
}

type Found = Omit<Difference, 'server' | 'providers'>;

function troubleDifference(before: Probed | undefined, now: Probed): Found | null {
  const trouble = troubleOf(now);
  const earlier = before ? troubleOf(before) : null;
  if (trouble === null) {
    if (!before || earlier === null) return null;
    const detail = `${now.outcome}; ${before.outcome} since ${before.since}`;
    return { code: 'came-back', worse: false, detail };
  }
  const { reason = now.outcome, since, lastVerified } = now;
  const history = lastVerified === undefined ? 'never seen verified' : `verified ${lastVerified}`;
  const detail = `${reason} (${history})`;
  if (trouble !== earlier) return { code: lost[trouble], worse: true, detail };
  return { code: 'still', worse: false, detail: `since ${since}: ${detail}` };
}

function mechanismDifferences(
  stated: readonly string[],
  before: Probed | undefined,
  now: Probed,
): readonly (Found | null)[] {
  // A server without sign-in has been told as that.
  if (!now.auth || troubleOf(now) === 'auth') return [];
  const change = before?.auth ? changeOf(before.auth, now.auth) : null;
  const missing = without(stated, now.auth);
  const toldBefore = before?.auth ? without(stated, before.auth) : [];
  return [
    change && { code: 'mechanisms', worse: change.removed.length > 0, ...change },
    missing.length === 0
      ? null
      : {
          code: 'not-offered',
          worse: without(missing, toldBefore).length > 0,
          detail: `${missing.join(' ')}; it offers ${now.auth.join(' ')}`,
          removed: missing,
          added: [],
        },
  ];
}

function nameDifference(before: Probed | undefined, now: Probed): Found | null {
  if (!before?.certificate || !now.certificate) return null;
  const change = changeOf(before.certificate.names, now.certificate.names);
  return change && { code: 'certificate-names', worse: false, ...change };
}

function changeOf(
  before: readonly string[],
  now: readonly string[],
): Required<Pick<Difference, 'detail' | 'removed' | 'added'>> | null {
  const removed = without(before, now);
  const added = without(now, before);
  if (removed.length + added.length === 0) return null;
  const signed = [...removed.map((name) => `-${name}`), ...added.map((name) => `+${name}`)];
  const more = signed.length > SHOWN ? [`and ${signed.length - SHOWN} more`] : [];
  return { removed, added, detail: [...signed.slice(0, SHOWN), ...more].join(' ') };
}

/** Names on a line. */
const SHOWN = 8;

function without(names: readonly string[], others: readonly string[]): readonly string[] {
  return names.filter((name) => !others.includes(name));
}
