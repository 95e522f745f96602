/**
 * Which places are asked for the sign-in facts of a server. An SRV record can state none
 * (RFC 6186), so that the documents of the same domain are asked for them, and waited for.
 */
import type { Candidate, SourceName } from '../model/candidate.ts';
import { comparePrecedence, type Precedence } from '../model/precedence.ts';
import type { Answer } from '../sources/answer.ts';

export interface Place {
  readonly via: SourceName;
  readonly subject: { readonly domain: string };
  readonly precedence: Precedence;
  /** Null unless it answered. */
  readonly answer: Answer | null;
}

const WITHOUT_USERNAME: readonly SourceName[] = ['srv', 'srv-foreign'];
const DOCUMENTS: readonly SourceName[] = ['pacc', 'autoconfig'];

export function isSignInDocument(source: SourceName): boolean {
  return DOCUMENTS.includes(source);
}

/**
 * A domain's SRV records are one publication, of which each names one way in. Those of the other
 * services are waited for: whether the answer tells of them must not depend on time.
 */
export function siblingRecords<P extends Place>(
  { evidence: [best] }: Candidate,
  places: readonly P[],
): readonly P[] {
  if (!WITHOUT_USERNAME.includes(best.via)) return [];
  return places.filter(({ via, subject }) => via === best.via && subject.domain === best.subject);
}

/** Of each kind of document the places up to the one where it was found. None, where none is needed. */
export function signInPlaces<P extends Place>(
  { evidence: [best] }: Candidate,
  places: readonly P[],
): readonly P[] {
  if (!WITHOUT_USERNAME.includes(best.via)) return [];
  return DOCUMENTS.flatMap((document) => {
    const asked = places
      .filter(({ via, subject }) => via === document && subject.domain === best.subject)
      .sort((a, b) => comparePrecedence(a.precedence, b.precedence));
    const found = asked.findIndex(({ answer }) => answer?.outcome === 'found');
    return found === -1 ? asked : asked.slice(0, found + 1);
  });
}
