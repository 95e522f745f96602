/** What a probe saw, as it is reported. */

import type { Ranked } from '../engine/rank.ts';
import type { Candidate } from '../model/candidate.ts';
import type { TlsFacts } from '../net/network.ts';
import type { ProbeResult } from '../probe/result.ts';
import type { ReportedProbe, ReportedTls, SeenByProbe } from './report.ts';

/** For a server among the alternatives. */
export function reportedProbe({ candidate, probe }: Ranked): ReportedProbe | null {
  if (!probe) return null;
  const { outcome, address, banner, durationMs } = probe;
  const reason = reasonOf(candidate, probe);
  return { outcome, reason, address, banner, durationMs: Math.round(durationMs) };
}

/**
 * Why a server came out as it did. One that our own database knows is not called non-existent: the
 * resolver may be wrong.
 */
export function reasonOf({ evidence }: Candidate, { outcome, reason }: ProbeResult): string {
  const isKnown = evidence.some(({ channel, provider }) => channel === 'bundled' || provider?.id);
  return isKnown && outcome === 'dns' && reason.startsWith('does not exist')
    ? "this machine's resolver knows no address of it"
    : reason;
}

/** Everything, for `--explain`; nothing of a server that was not probed. */
export function seenByProbe(ranked: Ranked): readonly SeenByProbe[] {
  const { candidate, probe } = ranked;
  const reported = reportedProbe(ranked);
  if (!probe || !reported) return [];
  const { host, port, encryption } = candidate;
  const keywords = Object.entries(probe.capabilities).map(([name, value]) =>
    `${name} ${value}`.trim(),
  );
  const { serverName, auth, clearAuth } = probe;
  const tls = reportedTls(probe.tls);
  return [{ host, port, encryption, ...reported, serverName, keywords, auth, clearAuth, tls }];
}

export function reportedTls(tls: TlsFacts | null): ReportedTls | null {
  if (tls === null) return null;
  const { protocol, cipher, certificate } = tls;
  if (certificate === null) return { protocol, cipher, certificate };
  const { names, issuer, validFrom, validTo, trusted, problem } = certificate;
  return { protocol, cipher, certificate: { names, issuer, validFrom, validTo, trusted, problem } };
}
