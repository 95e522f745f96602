/**
 * What a result may speak of. An answer that ranks below the winner may or may not have come in
 * by the time of the decision, so it must not show: only what ranks at or above the winner does,
 * and the documents that were waited for to complete its sign-in facts. When everything was let
 * finish, all of it counts.
 */
import type { Evidence } from '../model/candidate.ts';
import { comparePrecedence, isWithin, type Precedence } from '../model/precedence.ts';
import type { Discovery, LookupRecord } from './discovery.ts';
import type { Ranked } from './rank.ts';
import { signInPlaces } from './sign-in-places.ts';

export interface Relevance {
  readonly lookups: readonly LookupRecord[];
  readonly ranked: readonly Ranked[];
  evidence(ranked: Ranked): readonly [Evidence, ...Evidence[]];
}

type Found = Pick<Discovery, 'winner' | 'lookups' | 'ranked'>;

export function relevantTo({ winner, lookups, ranked }: Found, exhausted: boolean): Relevance {
  if (exhausted || winner === null) {
    return { lookups, ranked, evidence: ({ candidate }) => candidate.evidence };
  }
  const limit = winner.precedence;
  const documents = signInPlaces(winner.candidate, lookups);
  const counts = (precedence: Precedence): boolean =>
    comparePrecedence(precedence, limit) <= 0 ||
    documents.some((place) => isWithin(precedence, place.precedence));
  return {
    lookups: lookups.filter(({ precedence }) => counts(precedence)),
    ranked: ranked.filter(({ candidate }) =>
      candidate.evidence.some(({ precedence }) => counts(precedence)),
    ),
    evidence: ({ candidate: { evidence } }) => {
      const [first, ...rest] = evidence;
      return [first, ...rest.filter(({ precedence }) => counts(precedence))];
    },
  };
}

/** Whether a timeout or a temporary failure could have changed the decision. */
export function isComplete(discovery: Discovery): boolean {
  const { winner, lookups, ranked, probing, deniedBy } = discovery;
  if (deniedBy !== null) return false;
  const settled = winner !== null && (winner.verified || (!probing && winner.place !== 'old'));
  const limit = settled ? winner.precedence : null;
  const counts = (precedence: Precedence): boolean =>
    limit === null || comparePrecedence(precedence, limit) < 0;
  return !(
    lookups.some(
      (lookup) =>
        (counts(lookup.precedence) || tellsOfMove(lookup, discovery)) && isPassing(lookup),
    ) ||
    (probing && ranked.some(({ precedence, probe }) => counts(precedence) && probe?.temporary)) ||
    lacksSignInFacts(discovery)
  );
}

/** The user name is assumed, and a document that might have stated it could not be had for now. */
function lacksSignInFacts({ winner, lookups, signIn }: Discovery): boolean {
  if (winner === null || signIn?.username) return false;
  return signInPlaces(winner.candidate, lookups).some(isPassing);
}

/** The MX is asked whether the domain has left the provider that the database lists. */
function tellsOfMove({ source }: LookupRecord, { winner }: Discovery): boolean {
  return source === 'mx-provider' && winner?.candidate.evidence[0].source === 'database';
}

function isPassing({ outcome, answer }: LookupRecord): boolean {
  if (outcome === 'timeout') return true;
  if (answer?.outcome === 'failed') return answer.temporary;
  return answer?.outcome === 'found' && answer.incomplete === true;
}
