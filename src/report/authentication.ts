/** Which SASL mechanisms somebody may sign in with at a server. */

import type { Ranked } from '../engine/rank.ts';
import { type Warning, warning } from '../model/warnings.ts';
import type { Provider } from '../providers/provider.ts';
import { bestFirst, takesToken } from '../sasl/mechanisms.ts';

/**
 * What the server offers, or else what the sources say, best first; less the passwords that its
 * provider is known to refuse.
 */
export function usableMechanisms(
  ranked: Ranked,
  stated: readonly string[],
  known: Provider | null,
): readonly string[] {
  const offered = offeredBy(ranked, stated);
  const usable = refusesPasswords(offered, known) ? offered.filter(takesToken) : offered;
  return bestFirst(usable, ranked.candidate.encryption === 'none');
}

/** That mechanisms were left out. */
export function mechanismWarnings(
  ranked: Ranked,
  stated: readonly string[],
  known: Provider | null,
): readonly Warning[] {
  return known && refusesPasswords(offeredBy(ranked, stated), known)
    ? [warning('oauth2-only', { provider: known.name })]
    : [];
}

function offeredBy({ probe }: Ranked, stated: readonly string[]): readonly string[] {
  // The conversation came to where AUTH is offered, or is not.
  return probe?.stage === 'done' ? probe.auth : stated;
}

/** False where a password is refused, whatever the server offers. */
export function acceptsPasswords(known: Provider | null): boolean {
  return known?.notes.some(({ code }) => code === 'oauth2-only') !== true;
}

/** Of passwords alone nothing would be left. */
function refusesPasswords(offered: readonly string[], known: Provider | null): boolean {
  return !acceptsPasswords(known) && offered.some(takesToken) && !offered.every(takesToken);
}
