/**
 * From answers to candidates: evidence from every answer, duplicates merged, and whatever the
 * probes so far allow to be derived. Pure, and made anew whenever something new is known.
 */
import {
  type Candidate,
  type Channel,
  type Evidence,
  mergeEvidence,
  type ProviderFacts,
} from '../model/candidate.ts';
import {
  comparePrecedence,
  derivedPrecedence,
  endOfRank,
  type Precedence,
} from '../model/precedence.ts';
import type { ProbeResult } from '../probe/result.ts';
import { GUESS_RANK, MOVED_DATABASE_RANK } from '../sources/order.ts';
import { corrected, derive } from './derive.ts';
import type { LookupRecord } from './discovery.ts';

export interface Assembly {
  readonly candidates: ReadonlyMap<string, Candidate>;
  /** Keys of candidates that a derived one has replaced. */
  readonly superseded: ReadonlySet<string>;
  /** What stands behind it doesn't count: the provider says so. */
  readonly end: { readonly precedence: Precedence; readonly provider: ProviderFacts | null } | null;
  readonly moved: { readonly from: string; readonly to: string } | null;
}

/** Whether two of the database's entries are one service. */
export type SameService = (providerId: string, otherId: string) => boolean;

export function assemble(
  lookups: readonly LookupRecord[],
  probes: ReadonlyMap<string, ProbeResult>,
  sameService: SameService,
): Assembly {
  const moved = hasMoved(lookups, sameService);
  const placed = moved ? lookups.map(behindMxProvider) : lookups;
  const end = findEnd(placed);
  const evidence = placed
    .filter((ask) => end === null || comparePrecedence(ask.precedence, end.precedence) <= 0)
    .flatMap(evidenceOf);

  const derivedFrom = new Set<string>();
  const superseded = new Set<string>();
  for (;;) {
    const candidates = mergeEvidence(evidence);
    const fresh = [...candidates.values()].filter(
      ({ key }) => !derivedFrom.has(key) && probes.has(key),
    );
    if (fresh.length === 0) return { candidates, superseded, end, moved };
    for (const candidate of fresh) {
      derivedFrom.add(candidate.key);
      const probe = probes.get(candidate.key);
      if (!probe) continue;
      derive(candidate, probe).forEach(({ statement, replaces, alternateName }, index) => {
        if (replaces) superseded.add(candidate.key);
        evidence.push(
          ...candidate.evidence.map((item) => ({
            ...item,
            statement,
            alternateName: item.alternateName || alternateName,
            precedence: derivedPrecedence(item.precedence, index),
          })),
        );
      });
    }
  }
}

function evidenceOf(ask: LookupRecord): Evidence[] {
  const { answer, source, subject } = ask;
  if (answer?.outcome !== 'found') return [];
  return answer.statements.map((statement, index) => ({
    source,
    via: ask.via,
    subject: subject.domain,
    from: answer.from ?? ask.from,
    channel: weakest(answer.channel, subject.channel),
    published: source !== 'guess',
    alternateName: false,
    precedence: { ...ask.precedence, server: index },
    statement: corrected(statement),
    provider: answer.provider,
  }));
}

/** A document found by way of an unprotected answer is no safer than that answer. */
function weakest(own: Channel, way: Channel | undefined): Channel {
  return way === undefined || way === 'dnssec' || own === 'http' ? own : way;
}

function findEnd(lookups: readonly LookupRecord[]): Assembly['end'] {
  let end: Assembly['end'] = null;
  for (const { answer, precedence } of lookups) {
    if (answer?.outcome !== 'found' || !answer.ends) continue;
    const last = answer.ends === 'everything' ? precedence : LAST_PUBLISHED;
    if (end === null || comparePrecedence(last, end.precedence) < 0) {
      end = { precedence: last, provider: answer.provider };
    }
  }
  return end;
}

/** Behind all that is published, before all that is guessed. */
const LAST_PUBLISHED = endOfRank(GUESS_RANK - 1);

/** The domain is in the database, and its mail now goes to another provider that is, too. */
function hasMoved(lookups: readonly LookupRecord[], sameService: SameService): Assembly['moved'] {
  const listed = providerFrom(lookups, 'database');
  const actual = providerFrom(lookups, 'mx-provider');
  if (!listed?.id || !actual?.id || sameService(listed.id, actual.id)) return null;
  return { from: listed.name, to: actual.name };
}

function providerFrom(
  lookups: readonly LookupRecord[],
  source: LookupRecord['source'],
): ProviderFacts | null {
  for (const ask of lookups) {
    if (ask.source === source && ask.answer?.outcome === 'found') return ask.answer.provider;
  }
  return null;
}

function behindMxProvider(ask: LookupRecord): LookupRecord {
  return ask.source === 'database'
    ? { ...ask, precedence: { ...ask.precedence, rank: MOVED_DATABASE_RANK } }
    : ask;
}
