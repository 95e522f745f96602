/**
 * What a result may speak of. An answer that ranks below the winner may or may not have come in
 * by the time of the decision, so it must not show: only what ranks at or above the winner does.
 * When everything was let finish, all of it counts.
 */

import type { Discovery, LookupRecord } from '../engine/discovery.ts';
import type { Ranked } from '../engine/rank.ts';
import { type Evidence, precedenceOf } from '../model/candidate.ts';
import { comparePrecedence, type Precedence } from '../model/precedence.ts';

export interface Relevance {
  readonly lookups: readonly LookupRecord[];
  readonly ranked: readonly Ranked[];
  evidence(ranked: Ranked): readonly [Evidence, ...Evidence[]];
}

export function relevantTo(discovery: Discovery, exhausted: boolean): Relevance {
  const { winner, lookups, ranked } = discovery;
  if (exhausted || winner === null) {
    return { lookups, ranked, evidence: ({ candidate }) => candidate.evidence };
  }
  const limit = precedenceOf(winner.candidate);
  const counts = (precedence: Precedence): boolean => comparePrecedence(precedence, limit) <= 0;
  return {
    lookups: lookups.filter(({ precedence }) => counts(precedence)),
    ranked: ranked.filter(({ candidate }) => counts(precedenceOf(candidate))),
    evidence: ({ candidate: { evidence } }) => {
      const [first, ...rest] = evidence;
      return [first, ...rest.filter(({ precedence }) => counts(precedence))];
    },
  };
}

/** Whether a timeout or a temporary failure could have changed the decision. */
export function isComplete(discovery: Discovery): boolean {
  const { winner, lookups, ranked, probing } = discovery;
  const settled = winner !== null && (winner.verified || !probing);
  const limit = settled ? precedenceOf(winner.candidate) : null;
  const counts = (precedence: Precedence): boolean =>
    limit === null || comparePrecedence(precedence, limit) < 0;
  return !(
    lookups.some(
      (ask) => (counts(ask.precedence) || tellsOfMove(ask, discovery)) && isPassing(ask),
    ) ||
    (probing &&
      ranked.some(({ candidate, probe }) => counts(precedenceOf(candidate)) && probe?.temporary))
  );
}

/** The MX is asked whether the domain has left the provider that the database lists. */
function tellsOfMove(ask: LookupRecord, { winner }: Discovery): boolean {
  return ask.source === 'mx-provider' && winner?.candidate.evidence[0].source === 'database';
}

function isPassing({ outcome, answer }: LookupRecord): boolean {
  if (outcome === 'timeout') return true;
  if (answer?.outcome === 'failed') return answer.temporary;
  return answer?.outcome === 'found' && answer.incomplete === true;
}
