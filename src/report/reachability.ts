/** Whether it is the network that we stand in, and not some server, that keeps mail from going out. */

import type { Discovery, LookupRecord } from '../engine/discovery.ts';
import type { Candidate } from '../model/candidate.ts';
import { isAddress } from '../model/domain.ts';
import type { ProbeResult } from '../probe/result.ts';

/** Nothing outside the bundled database answered anything. */
export function isCutOff({ lookups, ranked }: Discovery): boolean {
  const asked = lookups.filter(({ over, outcome }) => over !== 'bundle' && outcome !== 'skipped');
  const probed = probedOf(ranked);
  if (asked.length === 0) return probed.length > 0 && probed.every(isWithoutNetwork);
  return !asked.some(wasReached) && !probed.some(({ probe }) => probe.reached);
}

/** Where no source was asked, a silent server is not yet a silent network: its name was found. */
function isWithoutNetwork({ candidate: { host }, probe }: Probed): boolean {
  const { outcome, reached, blocked } = probe;
  if (reached || blocked) return false;
  return outcome === 'dns' || (outcome === 'unreachable' && isAddress(host));
}

function probedOf(ranked: Discovery['ranked']): readonly Probed[] {
  return ranked.flatMap(({ candidate, probe }) => (probe ? [{ candidate, probe }] : []));
}

/**
 * Why not a single look-up worked, where it is not the web that tells otherwise; null where one did,
 * or where the search ended before all had their say. One line, which names the resolver.
 */
export function resolverTrouble({ lookups, winner, probing, deniedBy }: Discovery): string | null {
  if (deniedBy !== null) {
    return `${deniedBy} denies every name, also names that certainly exist`;
  }
  if (winner !== null && (winner.verified || !probing)) return null;
  const lookUps = lookups.flatMap(({ over, answer }) => (over === 'dns' && answer ? [answer] : []));
  const [first] = lookUps;
  if (first?.outcome !== 'failed' || lookups.some(wasWebReached)) return null;
  return lookUps.every(({ outcome }) => outcome === 'failed') ? first.detail : null;
}

interface Probed {
  readonly candidate: Candidate;
  readonly probe: ProbeResult;
}

/**
 * Every mail port of every host timed out, while the web answered. Null when that is not so, or
 * proves nothing. `published`: somebody says that there are servers. `guessed`: a name made up for
 * mail exists; not so when it leads to where the domain's web site is, which is silent on these
 * ports everywhere.
 */
export function silentPorts({
  query,
  lookups,
  ranked,
  winner,
}: Discovery): 'published' | 'guessed' | null {
  if (winner?.verified || !lookups.some(wasWebReached)) return null;
  const probed = probedOf(ranked).filter(({ probe }) => probe.outcome !== 'dns');
  const ports = new Set(probed.map(({ candidate }) => candidate.port));
  if (ports.size < 2 || !probed.every(isSilent)) return null;
  if (winner?.candidate.evidence[0].published) return 'published';

  const site = addressesOf(probed.filter(({ candidate }) => candidate.host === query.domain));
  const mail = addressesOf(probed.filter(({ candidate }) => MADE_UP.test(candidate.host)));
  return [...mail].some((address) => !site.has(address)) ? 'guessed' : null;
}

/** Not the mail exchangers: those that only receive are silent on these ports, too. */
const MADE_UP = /^(?:smtp|mail|submission)\./;

function isSilent({ probe: { outcome, stage } }: Probed): boolean {
  return outcome === 'timeout' && stage === 'connect';
}

function addressesOf(probed: readonly Probed[]): ReadonlySet<string> {
  return new Set(probed.flatMap(({ probe }) => probe.tried ?? []));
}

function wasWebReached(ask: LookupRecord): boolean {
  const { over, answer } = ask;
  const noWebServer = answer?.outcome !== 'found' && answer?.noWebServer === true;
  return over === 'http' && !noWebServer && wasReached(ask);
}

function wasReached({ answer }: LookupRecord): boolean {
  return answer !== null && (answer.outcome !== 'failed' || answer.reached);
}
