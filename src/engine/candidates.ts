/**
 * From answers to candidates: evidence from every answer, the same server from several places
 * merged, and whatever the probes so far allow to be derived. Pure, and made anew whenever
 * something new is known.
 */
import {
  type Candidate,
  type Channel,
  type Evidence,
  mergeEvidence,
  type ProviderFacts,
  type Statement,
} from '../model/candidate.ts';
import type { Endpoint } from '../model/endpoint.ts';
import {
  comparePrecedence,
  derivedPrecedence,
  endOfRank,
  type Precedence,
} from '../model/precedence.ts';
import type { ProbeResult } from '../probe/result.ts';
import { GUESS_RANK, MOVED_DATABASE_RANK } from '../sources/order.ts';
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
    .filter(({ precedence }) => end === null || comparePrecedence(precedence, end.precedence) <= 0)
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
      for (const [step, derivation] of derive(candidate, probe).entries()) {
        if (derivation.replaces) superseded.add(candidate.key);
        evidence.push(...candidate.evidence.map((item) => changed(item, derivation, step)));
      }
    }
  }
}

/** What a probe teaches about a candidate, as a change of its endpoint. */
export interface Derivation {
  readonly change: Partial<Endpoint>;
  /** The candidate it comes from can't be the answer any more. */
  readonly replaces: boolean;
}

/** The one way back from probes to candidates. */
export function derive(candidate: Candidate, probe: ProbeResult): readonly Derivation[] {
  const [{ published, channel }] = candidate.evidence;
  const { host, port, encryption } = candidate;
  // At a server that the user named, nobody has stated what a port speaks: what it does speak
  // counts, and nothing else.
  const isNamed = channel === 'user';
  // Implicit TLS was published, and the server is there but does not speak it. STARTTLS must verify
  // as well, so it is no downgrade. 587 is its own port, whatever went wrong there.
  const failedAt587 = port === 587 && (probe.outcome === 'tls' || stalledInTls(probe));
  if (encryption === 'tls' && (probe.speaksInstead === 'plaintext' || failedAt587)) {
    return [{ change: { encryption: 'starttls' }, replaces: isNamed }];
  }
  if (encryption === 'starttls' && probe.speaksInstead === 'tls') {
    return [{ change: { encryption: 'tls' }, replaces: isNamed }];
  }
  // No encryption was published, and the server can do better.
  if (encryption === 'none' && probe.startTls === true) {
    return [{ change: { encryption: 'starttls' }, replaces: true }];
  }
  if ((!published || isNamed) && encryption === 'starttls') {
    if (probe.startTls === false && (isNamed || probe.clearAuth.length > 0)) {
      return [{ change: { encryption: 'none' }, replaces: isNamed }];
    }
  }
  // Shared hosting: the machine goes by another name, and can prove that one. It may stand in for a
  // name that we made up; in place of one that was published it can only be recommended, since
  // whoever forges the address of a name has a certificate for some name, too.
  if (probe.tls?.certificate?.problem === 'name') {
    return probe.alternateNames
      .filter((name) => name !== host)
      .map((name) => ({ change: { host: name }, replaces: false }));
  }
  return [];
}

/** A server that waits for our plaintext, while we wait for its handshake. */
function stalledInTls(probe: ProbeResult): boolean {
  return probe.outcome === 'timeout' && probe.stage === 'tls';
}

/** Every source keeps its own statement: only the endpoint is another. */
function changed(evidence: Evidence, { change }: Derivation, step: number): Evidence {
  return {
    ...evidence,
    statement: { ...evidence.statement, ...change },
    alternateName: evidence.alternateName || change.host !== undefined,
    precedence: derivedPrecedence(evidence.precedence, step),
  };
}

function evidenceOf(lookup: LookupRecord): Evidence[] {
  const { answer, source, via, subject } = lookup;
  if (answer?.outcome !== 'found') return [];
  return answer.statements.map((statement, index) => ({
    source,
    via,
    subject: subject.domain,
    from: answer.from ?? lookup.from,
    channel: weakest(answer.channel, subject.channel),
    published: source !== 'guess',
    alternateName: false,
    precedence: {
      ...lookup.precedence,
      server: index,
      ...(statement.port === 25 && { port25: true }),
    },
    statement: corrected(statement),
    provider: answer.provider,
  }));
}

/** Port 465 is implicit TLS, whatever a source says (RFC 8314 §7.3). */
export function corrected(statement: Statement): Statement {
  return statement.port === 465 && statement.encryption !== 'tls'
    ? { ...statement, encryption: 'tls' }
    : statement;
}

/** A document found by way of an unprotected answer is no safer than that answer. */
function weakest(own: Channel, way: Channel | undefined): Channel {
  return way === undefined || way === 'dnssec' || own === 'http' ? own : way;
}

function findEnd(lookups: readonly LookupRecord[]): Assembly['end'] {
  let end: Assembly['end'] = null;
  for (const { answer, precedence } of lookups) {
    if (answer?.outcome !== 'found' || !answer.ends) continue;
    const last = answer.ends === 'everything' ? precedence : endOfRank(GUESS_RANK - 1);
    if (end === null || comparePrecedence(last, end.precedence) < 0) {
      end = { precedence: last, provider: answer.provider };
    }
  }
  return end;
}

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
  for (const lookup of lookups) {
    if (lookup.source === source && lookup.answer?.outcome === 'found') {
      return lookup.answer.provider;
    }
  }
  return null;
}

function behindMxProvider(lookup: LookupRecord): LookupRecord {
  return lookup.source === 'database'
    ? { ...lookup, precedence: { ...lookup.precedence, rank: MOVED_DATABASE_RANK } }
    : lookup;
}
