/**
 * The sign-in facts of the decided server: user name, mechanisms and OAuth, each from the best
 * evidence of that server that states it. Pure; what `--all` brings beside it plays no part.
 */
import { type Candidate, type Evidence, isAdvisory } from '../model/candidate.ts';
import { comparePrecedence } from '../model/precedence.ts';
import type { SignIn } from './discovery.ts';
import type { Ranked } from './rank.ts';
import type { Relevance } from './relevance.ts';

export function signInFacts(winner: Ranked, relevance: Relevance): SignIn {
  const own = relevance.evidence(winner);
  // The same host on another port has the same users.
  const others = relevance.ranked
    .filter(({ candidate }) => isSameHost(candidate, winner.candidate))
    .flatMap((other) => relevance.evidence(other).filter((item) => !isAdvisory(item)))
    .sort((a, b) => comparePrecedence(a.precedence, b.precedence));
  const stating = (own as readonly Evidence[])
    .concat(others)
    .find(({ statement }) => statement.username !== null);
  const usernames = distinctUsernames(own);
  return {
    username: stating?.statement.username ?? null,
    usernames: usernames.length > 0 || !stating ? usernames : [stating],
    auth: own.find(({ statement }) => statement.auth.length > 0)?.statement.auth ?? [],
    oauth: own.find(({ statement }) => statement.oauth !== null)?.statement.oauth ?? null,
    evidence: stating && !own.includes(stating) ? [...own, stating] : own,
  };
}

function isSameHost(other: Candidate, winner: Candidate): boolean {
  return other.host === winner.host && other.key !== winner.key;
}

function distinctUsernames(evidence: readonly Evidence[]): readonly Evidence[] {
  const seen = new Set<string>();
  return evidence.filter(({ statement: { username } }) => {
    if (username === null || seen.has(username)) return false;
    seen.add(username);
    return true;
  });
}
