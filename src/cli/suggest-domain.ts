/** `gmial.com` → `gmail.com`. */
import { distance } from '../providers/similar.ts';

/** Shorter first labels have too many neighbours for one slip to mean anything. */
const SHORTEST_LABEL = 3;

/**
 * The first of the known domains that is one slip of the fingers away: a letter too many, missing,
 * wrong, or swapped with its neighbour.
 * @param domain A-labels; meant for one that nothing was found for
 * @param known the likeliest first
 */
export function suggestDomain(domain: string, known: readonly string[]): string | null {
  if (known.includes(domain)) return null;
  const isNear = (other: string): boolean =>
    other.indexOf('.') >= SHORTEST_LABEL &&
    Math.abs(other.length - domain.length) <= 1 &&
    distance(domain, other) === 1;
  return known.find(isNear) ?? null;
}
