/** One sentence on why the winner won. */
import { compareStanding } from '../candidate.ts';
import { describeEndpoint } from '../describe.ts';
import type { Discovery } from '../discovery.ts';
import { standingOf } from '../rank.ts';

export function because(discovery: Discovery): string | null {
  const { winner, ranked, probing } = discovery;
  if (winner === null) return null;
  const [first] = winner.candidate.evidence;
  const name = describeEndpoint(winner.candidate);
  const derived = first.standing.length > 5 ? ', corrected by what the server said,' : '';
  const named = `${first.source} names it${derived} about ${first.subject}`;
  if (!probing) return `${name} won because ${named}, which ranks first among what was found.`;
  if (!winner.verified) {
    const none = ranked.length > 1 ? 'No candidate could be verified' : 'It could not be verified';
    return `${none}; ${name} stands first because ${named}.`;
  }
  const passed = ranked.filter(
    (other) =>
      other !== winner &&
      compareStanding(standingOf(other.candidate), standingOf(winner.candidate)) < 0,
  );
  const better =
    passed.length === 0
      ? 'nothing that ranks higher names another server'
      : `${passed.length} that rank${passed.length === 1 ? 's' : ''} higher could not be verified`;
  return `${name} won because it was verified, ${named}, and ${better}.`;
}
