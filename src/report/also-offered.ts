/**
 * Other ways into the decided server: other ports of the same host, as the place that was decided for
 * or our own database has them. For a device that can't do what the answer asks for. Pure, and
 * independent of which of them happened to be probed by the time of the decision.
 */
import type { Discovery } from '../engine/discovery.ts';
import type { Evidence } from '../model/candidate.ts';
import { type Endpoint, endpointKey } from '../model/endpoint.ts';
import { comparePrecedence } from '../model/precedence.ts';
import type { Provider } from '../providers/provider.ts';

/** @param known the database's provider of the host */
export function alsoOffered(discovery: Discovery, known: Provider | null): readonly Endpoint[] {
  const { winner, ranked, probing } = discovery;
  if (winner === null || (probing && !winner.verified)) return [];
  const { host, key } = winner.candidate;
  // What ranks higher was tried, and is not the answer.
  const failed = ranked.filter(
    ({ precedence }) => comparePrecedence(precedence, winner.precedence) < 0,
  );
  const left = new Set([key, ...failed.map(({ candidate }) => candidate.key)]);
  const [best] = winner.candidate.evidence;
  const offered = [...stated(best, discovery), ...(known?.servers ?? [])]
    .filter((server) => server.host === host && server.encryption !== 'none' && server.port !== 25)
    .map(({ port, encryption }): Endpoint => ({ host, port, encryption }));
  const byKey = new Map(offered.map((server) => [endpointKey(server), server]));
  return [...byKey].flatMap(([other, server]) => (left.has(other) ? [] : [server]));
}

/** All that the same place says. */
function stated(
  { source, subject, from, published }: Evidence,
  { lookups }: Discovery,
): Endpoint[] {
  if (!published) return [];
  return lookups.flatMap((lookup) => {
    const { answer } = lookup;
    if (answer?.outcome !== 'found' || lookup.source !== source) return [];
    const isSame = lookup.subject.domain === subject && (answer.from ?? lookup.from) === from;
    return isSame ? answer.statements : [];
  });
}
