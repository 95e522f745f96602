/** What a user must be told about a discovery: a pure function of what was found. */

import type { Discovery, SignIn } from '../engine/discovery.ts';
import type { Ranked } from '../engine/rank.ts';
import { isComplete, type Relevance } from '../engine/relevance.ts';
import { monthInWords } from '../model/age.ts';
import { type Candidate, isNamedByUser } from '../model/candidate.ts';
import { describeOrigin } from '../model/describe.ts';
import { mixesScripts } from '../model/homograph.ts';
import type { Query } from '../model/query.ts';
import { fillUsername } from '../model/username.ts';
import { type Warning, warning } from '../model/warnings.ts';
import type { CertificateProblem } from '../net/network.ts';
import { certificateTrouble, isOfChain } from '../net/tls/certificate-trouble.ts';
import type { ProbeResult } from '../probe/result.ts';
import type { ProviderDirectory } from '../providers/directory.ts';
import { suggestDomain } from '../providers/suggest-domain.ts';
import { mechanismWarnings } from './authentication.ts';
import { conflicts } from './conflicts.ts';
import { isCutOff, resolverTrouble, silentPorts } from './reachability.ts';
import { reasonOf } from './seen.ts';
import { tlsWarnings } from './tls-warnings.ts';
import { isUnprotected } from './trust.ts';

export function warningsOf(
  discovery: Discovery,
  relevance: Relevance,
  providers: ProviderDirectory,
): readonly Warning[] {
  const { query, winner, signIn, withoutSubmission, moved } = discovery;
  const warnings: Warning[] = [...proxyTroubles(discovery, relevance)];
  const cutOff = !discovery.offline && isCutOff(discovery);
  const trouble = resolverTrouble(discovery);
  if (cutOff) warnings.push(warning('network-unreachable', { trouble }));
  else if (trouble !== null) warnings.push(warning('resolver-failed', { trouble }));
  const silent = silentPorts(discovery);
  if (silent !== null) warnings.push(warning('mail-ports-blocked', { silent }));
  if (winner !== null && signIn !== null) {
    warnings.push(...aboutWinner(winner, signIn, discovery, providers, cutOff));
  } else if (withoutSubmission !== null) {
    warnings.push(warning('no-submission', { provider: withoutSubmission.name }));
  } else {
    if (onlyDatabaseAsked(discovery)) warnings.push(warning('database-only', query));
    warnings.push(...aboutNamedProvider(discovery), ...aboutGateway(discovery));
  }
  const meant = isVouchedFor(discovery) ? null : suggestDomain(query.domain);
  if (meant !== null) warnings.push(warning('similar-domain', { domain: query.domain, meant }));
  if (moved !== null) warnings.push(warning('moved', { domain: query.domain, ...moved }));
  for (const { answer } of relevance.lookups) warnings.push(...(answer?.warnings ?? []));
  warnings.push(...denials(relevance));
  if (winner !== null) warnings.push(...conflicts(winner, relevance));
  if (!cutOff && !isComplete(discovery)) warnings.push(warning('incomplete'));
  if (winner !== null && signIn !== null) {
    const known = providers.byHost(winner.candidate.host);
    warnings.push(...mechanismWarnings(winner, signIn.auth, known));
  }
  return distinct(warnings);
}

/** What keeps everything else from being known comes first. */
function proxyTroubles({ winner }: Discovery, { lookups }: Relevance): readonly Warning[] {
  const trouble = winner?.probe?.proxyTrouble;
  return [
    ...(trouble === undefined ? [] : [warning('proxy-failed', { trouble })]),
    ...lookups.flatMap(({ answer }) => answer?.warnings ?? []),
  ].filter(({ code }) => code === 'proxy-failed');
}

/** A provider that was named is looked up nowhere else anyway. */
function onlyDatabaseAsked({ offline, given }: Discovery): boolean {
  return offline && given === null;
}

/** It has no server that could be named: of the others the database knows those, or that there is none. */
function aboutNamedProvider({ given }: Discovery): Warning[] {
  if (given?.kind !== 'provider') return [];
  const { name, kind } = given.provider;
  return kind === 'gateway' || kind === 'hosting'
    ? [warning('provider-without-servers', { provider: name, kind })]
    : [];
}

/** The best mail exchanger only passes mail on: that is why nothing is known. */
function aboutGateway({ query: { domain }, lookups }: Discovery): Warning[] {
  return lookups.flatMap(({ answer, subject }) =>
    answer?.outcome === 'nothing' && answer.gateway !== undefined && subject.kind === 'self'
      ? [warning('gateway-mx', { domain, provider: answer.gateway })]
      : [],
  );
}

/** A domain that the database knows, or that publishes settings, is not a slip of the fingers. */
function isVouchedFor({ given, winner, withoutSubmission }: Discovery): boolean {
  if (given !== null) return true;
  return withoutSubmission !== null || winner?.candidate.evidence[0].published === true;
}

function aboutWinner(
  winner: Ranked,
  signIn: SignIn,
  discovery: Discovery,
  providers: ProviderDirectory,
  cutOff: boolean,
): Warning[] {
  const { candidate, probe } = winner;
  const { host, port } = candidate;
  const { domain, localPart } = discovery.query;
  const warnings: Warning[] = [];
  if (!discovery.probing) warnings.push(warning('not-probed'));
  if (candidate.encryption === 'none') warnings.push(warning('plaintext', { host, port }));
  if (probe && !cutOff) {
    warnings.push(...aboutProbe(winner, probe), ...aboutOthersNamed(winner, discovery));
  }
  if (winner.verified && isBeyondAscii(localPart) && !('SMTPUTF8' in (probe?.capabilities ?? {}))) {
    warnings.push(warning('smtputf8-missing', { host, port }));
  }
  const entry = winner.outdated ? candidate.evidence[0].provider : null;
  if (entry?.confirmed) {
    const month = monthInWords(entry.confirmed);
    warnings.push(warning('outdated-entry', { provider: entry.name, month }));
  }
  if (mixesScripts(host)) warnings.push(warning('look-alike', { host }));

  const alternateName = winner.verified ? null : verifiedAlternateName(winner, discovery);
  if (alternateName !== null)
    warnings.push(warning('shared-hosting', { host, port, name: alternateName }));

  if (isUnprotected(winner, signIn.evidence, domain, providers)) {
    const origin = describeOrigin(signIn.evidence[0]);
    warnings.push(warning('host-outside-domain', { host, domain, origin }));
  }
  // Of a server that was named alone nobody has asked who signs in.
  if (signIn.username === null && domain !== '') warnings.push(warning('assumed-username'));
  const advice = signIn.evidence[0].statement.signIn;
  if (advice !== undefined) {
    const known = signIn.evidence[0].provider ?? providers.byHost(host);
    const provider = known?.name ?? host;
    warnings.push(warning('sign-in-name', { provider, signIn: advice }));
  }
  warnings.push(...usernameConflict(winner, signIn, discovery.query));
  return warnings;
}

/** Of the servers that the user named, and none of which is good, each has its trouble told. */
function aboutOthersNamed(winner: Ranked, { given, ranked }: Discovery): readonly Warning[] {
  if (given?.kind !== 'servers' || winner.verified) return [];
  return ranked.flatMap((other) =>
    other !== winner && other.eligible && other.probe ? aboutProbe(other, other.probe) : [],
  );
}

/** Sources that name the same server, and not the same user name. */
function usernameConflict(
  { candidate: { host, port } }: Ranked,
  { usernames }: SignIn,
  query: Query,
): readonly Warning[] {
  const stated = new Map<string, string>();
  for (const evidence of usernames) {
    const username = fillUsername(evidence.statement.username ?? '', query);
    if (!stated.has(username)) stated.set(username, describeOrigin(evidence));
  }
  const says = Array.from(stated, ([username, origin]) => ({ username, origin }));
  return says.length > 1 ? [warning('username-conflict', { host, port, says })] : [];
}

/** The code for each thing that may be wrong with a certificate. */
const certificateCode: { readonly [P in CertificateProblem]: `certificate-${P}` } = {
  expired: 'certificate-expired',
  'not-yet-valid': 'certificate-not-yet-valid',
  'self-signed': 'certificate-self-signed',
  untrusted: 'certificate-untrusted',
  name: 'certificate-name',
  'name-only-in-cn': 'certificate-name-only-in-cn',
};

/** Why a server could not be verified, and what else its operator should know. */
function aboutProbe({ candidate, verified }: Ranked, probe: ProbeResult): Warning[] {
  const { host, port } = candidate;
  const reason = reasonOf(candidate, probe);
  const warnings: Warning[] = [];
  const certificate = probe.tls?.certificate;
  if (certificate?.problem) {
    const { names, validFrom, validTo, problem } = certificate;
    const own = problem === 'expired' ? validTo : validFrom;
    const date = isOfChain(certificate) ? null : own;
    const why = certificateTrouble(certificate) ?? problem;
    warnings.push(warning(certificateCode[problem], { host, port, names, date, reason: why }));
  }
  if (probe.outdatedTls) {
    warnings.push(
      warning('tls-outdated', { host, port, protocol: probe.tls?.protocol ?? 'TLS 1.1' }),
    );
  }
  if (verified && probe.tls) warnings.push(...tlsWarnings(candidate, probe.tls));
  if (probe.badAddresses.length > 0) {
    const { address, badAddresses } = probe;
    warnings.push(warning('bad-address', { host, port, good: address, bad: badAddresses }));
  }
  if (probe.injection) warnings.push(warning('starttls-injection', { host, port }));
  if (candidate.encryption === 'starttls' && probe.clearAuth.length > 0 && probe.tls !== null) {
    warnings.push(warning('clear-auth', { host, port }));
  }
  // Nothing is known of the server then: `proxy-failed` says it all.
  if (!verified && probe.proxyTrouble === undefined) {
    switch (probe.outcome) {
      case 'dns':
        warnings.push(warning('dns-failed', { host, port, reason }));
        break;
      case 'refused':
        warnings.push(warning('connection-refused', { host, port }));
        break;
      case 'timeout':
        warnings.push(warning('connection-timeout', { host, port, reason }));
        break;
      case 'unreachable':
        if (!probe.blocked) warnings.push(warning('host-unreachable', { host, port, reason }));
        else if (isLocal(candidate)) warnings.push(warning('local-server', { host, port }));
        // The user's own word is good for any address, unless an option says otherwise.
        else {
          const byOption = isNamedByUser(candidate);
          warnings.push(warning('address-refused', { host, port, byOption }));
        }
        break;
      case 'tls':
        if (!probe.outdatedTls) warnings.push(warning('tls-failed', { host, port, reason }));
        break;
      case 'protocol':
        warnings.push(
          // A hang-up without a word may be mended as well, but it is no refusal.
          probe.temporary && probe.reply !== null
            ? warning('temporary-refusal', { host, port, reason })
            : warning('protocol-error', { host, port, reason }),
        );
        break;
      case 'no-auth':
        warnings.push(warning('no-auth', { host, port }));
        break;
      case 'certificate':
      case 'ok':
        break;
    }
  }
  return warnings;
}

/** Another name of the winner's machine, which that one could prove. */
function verifiedAlternateName({ probe }: Ranked, { ranked }: Discovery): string | null {
  const names = probe?.alternateNames ?? [];
  const proven = ranked.find(
    ({ candidate, verified }) => verified && names.includes(candidate.host),
  );
  return proven?.candidate.host ?? null;
}

/** Our own database means it when it names an address on this machine. */
function isLocal({ host, evidence }: Candidate): boolean {
  const [{ channel, provider }] = evidence;
  return channel !== 'user' && (provider?.id ?? null) !== null && /^127\./.test(host);
}

function isBeyondAscii(text: string | null): boolean {
  return text !== null && /[^\0-\x7f]/.test(text);
}

/** Services that a domain says it does not have: one warning for each domain. */
function denials({ lookups }: Relevance): Warning[] {
  const denied = new Map<string, string[]>();
  for (const { answer, subject } of lookups) {
    if (answer?.outcome !== 'nothing' || answer.denies === undefined) continue;
    denied.set(subject.domain, [...(denied.get(subject.domain) ?? []), answer.denies]);
  }
  return Array.from(denied, ([domain, services]) =>
    warning('submission-denied', { domain, services }),
  );
}

function distinct(warnings: readonly Warning[]): readonly Warning[] {
  const seen = new Set<string>();
  return warnings.filter((warning) => {
    const key = `${warning.code} ${warning.message}`;
    return !seen.has(key) && seen.add(key);
  });
}
