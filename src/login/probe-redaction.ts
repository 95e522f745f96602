/** A probe's result for those who may see it while a secret is known: a server may remember it from an earlier login. */
import type { TlsFacts } from '../net/network.ts';
import type { ProbeResult } from '../probe/result.ts';
import { mechanismNamed } from '../sasl/mechanisms.ts';
import { type Confidential, WITHHELD } from './redaction.ts';

/** Without texts of the server's that repeat the secret. What is decided by stays. */
export function redacted(probe: ProbeResult, confidential: Confidential): ProbeResult {
  const tells = (...texts: readonly string[]): boolean => confidential.isIn(...texts);
  const shown = (text: string): string => (tells(text) ? WITHHELD : text);
  const known = (names: readonly string[]): readonly string[] =>
    names.filter((name) => mechanismNamed(name) !== undefined || !tells(name));
  const { banner, serverName, capabilities, reply, tls, stage } = probe;
  const keywords = Object.entries(capabilities).filter((keyword) => !tells(...keyword));
  // Its lines may hold a piece each.
  const isSpread = tells(...Object.entries(capabilities).flat());
  // Until a server has spoken, the words are ours.
  const isOurs = stage === 'resolve' || stage === 'connect';
  return {
    ...probe,
    banner: banner && shown(banner),
    serverName: serverName !== null && tells(serverName) ? null : serverName,
    capabilities: isSpread ? {} : Object.fromEntries(keywords),
    auth: known(probe.auth),
    clearAuth: known(probe.clearAuth),
    reply: reply && { ...reply, text: shown(reply.text) },
    reason: isOurs ? probe.reason : shown(probe.reason),
    tls: tls && withoutTold(tls, tells),
  };
}

/** Names that an authority has vouched for are names. */
function withoutTold(tls: TlsFacts, tells: (text: string) => boolean): TlsFacts {
  const { certificate } = tls;
  if (certificate === null || certificate.trusted) return tls;
  const { issuer } = certificate;
  const names = certificate.names.filter((name) => !tells(name));
  return {
    ...tls,
    certificate: { ...certificate, names, issuer: tells(issuer) ? WITHHELD : issuer },
  };
}
