/** `gmial.com` → `gmail.com`. */
import { popularDomains } from './popular-domains.ts';
import { distance } from './similar.ts';

/** Shorter first labels have too many neighbours for one slip to mean anything. */
const SHORTEST_LABEL = 3;

/**
 * The likeliest of the popular domains that is one slip of the fingers away: a letter too many,
 * missing, wrong, or swapped with its neighbour. Null when there is none.
 * @param domain A-labels; meant for one that nobody vouches for
 */
export function suggestDomain(domain: string): string | null {
  if (popularDomains.includes(domain)) return null;
  const isNear = (other: string): boolean =>
    other.indexOf('.') >= SHORTEST_LABEL &&
    Math.abs(other.length - domain.length) <= 1 &&
    distance(domain, other) === 1;
  return popularDomains.find(isNear) ?? null;
}
