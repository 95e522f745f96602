/** In two sentences, why the winner won. */

import type { Discovery, Given } from '../engine/discovery.ts';
import type { Ranked } from '../engine/rank.ts';
import { describeOrigin } from '../model/describe.ts';
import { describeEndpoint } from '../model/endpoint.ts';
import { comparePrecedence, isDerived } from '../model/precedence.ts';

export function because(discovery: Discovery): string | null {
  const { winner } = discovery;
  if (winner === null) return null;
  const { candidate } = winner;
  const [best] = candidate.evidence;
  const corrected = isDerived(best.precedence) ? ', and corrected by what the server said' : '';
  const won = `${describeEndpoint(candidate)} ${merit(winner, discovery)}`;
  // That it was named is said already.
  if (best.channel === 'user') return `${won}${corrected}.`;
  return `${won}. It was ${describeOrigin(best)}${corrected}.`;
}

function whichNamed(given: Given): string {
  return given.kind === 'servers' ? 'that you named' : `of ${given.provider.name}`;
}

function merit(winner: Ranked, { ranked, probing, given }: Discovery): string {
  const which = given === null ? null : whichNamed(given);
  const known = which ?? 'that were found';
  const only = which ?? 'that was found';
  const rivals = ranked.filter((other) => other.eligible && other !== winner);
  if (!probing) return `comes first among the servers ${known}; none was contacted`;
  if (!winner.verified) {
    return rivals.length === 0
      ? `is the only server ${only}, and could not be verified`
      : `comes first among the servers ${known}; none could be verified`;
  }
  const passed = rivals.filter(
    ({ precedence }) => comparePrecedence(precedence, winner.precedence) < 0,
  ).length;
  if (passed === 0) return `comes first among the servers ${known}, and was verified`;
  const others = passed === 1 ? 'one that comes' : `${passed} that come`;
  return `is the first server that could be verified; ${others} before it could not`;
}
