/**
 * Other ways into the decided server: other ports of the same host, as the place that was decided for
 * or our own database has them. For a device that can't do what the answer asks for. Pure, and
 * independent of which of them happened to be probed by the time of the decision.
 */
import type { Discovery, LookupRecord } from '../engine/discovery.ts';
import type { Ranked } from '../engine/rank.ts';
import { siblingRecords } from '../engine/sign-in-places.ts';
import { type Endpoint, endpointKey } from '../model/endpoint.ts';
import { comparePrecedence } from '../model/precedence.ts';
import type { Provider } from '../providers/provider.ts';

/**
 * @param known the database's provider of the host
 * @param exhausted everything was let finish, so that what was seen to fail is known
 */
export function alsoOffered(
  discovery: Discovery,
  known: Provider | null,
  exhausted: boolean,
): readonly Endpoint[] {
  const { winner, ranked, probing } = discovery;
  if (winner === null || (probing && !winner.verified)) return [];
  const { host, key } = winner.candidate;
  // What ranks higher was tried, and is not the answer.
  const failed = ranked.filter(
    ({ precedence, probe }) =>
      comparePrecedence(precedence, winner.precedence) < 0 ||
      (exhausted && probe !== undefined && probe.outcome !== 'ok'),
  );
  const left = new Set([key, ...failed.map(({ candidate }) => candidate.key)]);
  const offered = [...stated(winner, discovery), ...(known?.servers ?? [])]
    .filter((server) => server.host === host && server.encryption !== 'none' && server.port !== 25)
    .map(({ port, encryption }): Endpoint => ({ host, port, encryption }));
  const byKey = new Map(offered.map((server) => [endpointKey(server), server]));
  return [...byKey].flatMap(([other, server]) => (left.has(other) ? [] : [server]));
}

/** All that the same place says; of a server that was guessed or that the user named nobody says anything. */
function stated({ candidate }: Ranked, { lookups }: Discovery): Endpoint[] {
  const [{ source, subject, from, published, channel }] = candidate.evidence;
  if (!published || channel === 'user') return [];
  const siblings = siblingRecords(candidate, lookups);
  const isSame = (lookup: LookupRecord): boolean => {
    const place = (lookup.answer?.outcome === 'found' && lookup.answer.from) || lookup.from;
    return (
      siblings.includes(lookup) ||
      (lookup.source === source && lookup.subject.domain === subject && place === from)
    );
  };
  return lookups.flatMap((lookup) =>
    lookup.answer?.outcome === 'found' && isSame(lookup) ? lookup.answer.statements : [],
  );
}
