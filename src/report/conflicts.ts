/** Other servers that sources name, and why the answer is not one of them. */
import type { Ranked } from '../engine/rank.ts';
import type { Relevance } from '../engine/relevance.ts';
import { monthInWords } from '../model/age.ts';
import { type Evidence, precedenceOf, type SourceName } from '../model/candidate.ts';
import { describeOrigin } from '../model/describe.ts';
import { describeEndpoint } from '../model/endpoint.ts';
import { comparePrecedence, isDerived } from '../model/precedence.ts';
import { type Warning, warning } from '../model/warnings.ts';
import { reasonOf } from './seen.ts';

/**
 * Other servers that were published, and that lost to this answer: the best of each source, and each
 * server once, whoever names it. Those that a probe led to say nothing new, and whether they were
 * made depends on time.
 */
export function conflicts(winner: Ranked, relevance: Relevance): Warning[] {
  const own = new Set(relevance.evidence(winner).map(({ source }) => source));
  const published = relevance.ranked
    .flatMap((other) => relevance.evidence(other).map((evidence) => ({ other, evidence })))
    .filter(({ evidence }) => evidence.published && !isDerived(evidence.precedence))
    .sort((a, b) => comparePrecedence(a.evidence.precedence, b.evidence.precedence));
  const agreeing = new Set<SourceName>();
  const disagreeing = new Map<SourceName, Dissent>();
  for (const dissent of published) {
    const { source } = dissent.evidence;
    if (own.has(source)) continue;
    if (dissent.other.candidate.host === winner.candidate.host) agreeing.add(source);
    else if (!disagreeing.has(source)) disagreeing.set(source, dissent);
  }
  const byHost = new Map<string, Dissent[]>();
  for (const [source, dissent] of disagreeing) {
    const { host } = dissent.other.candidate;
    if (!agreeing.has(source)) byHost.set(host, [...(byHost.get(host) ?? []), dissent]);
  }
  return [...byHost.values()].flatMap(([best, ...others]) =>
    best ? [conflict(best, others, winner)] : [],
  );
}

/** A source that names another server. */
interface Dissent {
  readonly other: Ranked;
  readonly evidence: Evidence;
}

/** @param others that name the same server, lower in rank */
function conflict(
  { other, evidence }: Dissent,
  others: readonly Dissent[],
  winner: Ranked,
): Warning {
  return warning('conflict', {
    other: describeEndpoint(other.candidate),
    origins: [evidence, ...others.map((item) => item.evidence)].map(describeOrigin),
    winner: describeEndpoint(winner.candidate),
    winnerOrigin: describeOrigin(winner.candidate.evidence[0]),
    why: whyLost(other, evidence, winner),
  });
}

function whyLost(
  { candidate, probe, verified }: Ranked,
  { precedence, provider }: Evidence,
  winner: Ranked,
): string {
  // Nothing else puts what was verified as little, and ranks higher, behind.
  const isOld = !winner.verified && precedence.rank < winner.precedence.rank;
  if (isOld && provider?.confirmed) {
    return `The former was last confirmed in ${monthInWords(provider.confirmed)}, and has not proven itself`;
  }
  // What ranks lower may have been probed or not by the time of the decision.
  const ranksLower = comparePrecedence(precedenceOf(candidate), winner.precedence) > 0;
  if (probe && !verified && winner.verified && !ranksLower)
    return `The former could not be verified: ${reasonOf(candidate, probe)}`;
  return 'The latter counts for more';
}
