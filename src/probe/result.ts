/** What a probe saw: facts only, no judgement about ranking. */
import { newTranscript, type Observed } from '../smtp/transcript.ts';

export type ProbeOutcome =
  /** The name does not exist, has no addresses, or could not be looked up. */
  | 'dns'
  | 'refused'
  | 'timeout'
  /** No route, or an address that the policy forbids. */
  | 'unreachable'
  /** No TLS where it was promised: a failed handshake, STARTTLS not offered or refused, or a demand for a client certificate. */
  | 'tls'
  /** TLS and all the rest worked, but the certificate is not good for the host. */
  | 'certificate'
  /** Not an SMTP server, or one that turned us away. */
  | 'protocol'
  /** Everything worked, but AUTH was not offered. */
  | 'no-auth'
  | 'ok';

export interface ProbeResult extends Readonly<Observed> {
  readonly outcome: ProbeOutcome;
  /** Sanitised, one line, no full stop: what happened, and at which stage. */
  readonly reason: string;
  /** Trying again later may give another answer (a timeout, 421, 4xx, a failed name lookup). */
  readonly temporary: boolean;
  /** The policy forbade the host's addresses. */
  readonly blocked: boolean;
  /** Whether any peer answered. */
  readonly reached: boolean;
  /** Why the proxy is of no use for any host, when that is why. */
  readonly proxyTrouble?: string;
  /** The addresses that were tried in vain, when there was no connection at all. */
  readonly tried?: readonly string[];
  /** Only TLS 1.0 or 1.1: never verified. */
  readonly outdatedTls: boolean;
  /** What the port speaks in place of the endpoint's encryption; null where that was not seen. */
  readonly speaksInstead: 'plaintext' | 'tls' | null;
  /** Names of a good certificate for another host that resolve to the address we are connected to. */
  readonly alternateNames: readonly string[];
  readonly durationMs: number;
}

/** Stands in for a probe that the query's deadline cut off. */
export function unfinishedProbe(reason: string, durationMs: number): ProbeResult {
  return {
    ...newTranscript().observed,
    outcome: 'timeout',
    reason,
    temporary: true,
    blocked: false,
    reached: false,
    outdatedTls: false,
    speaksInstead: null,
    alternateNames: [],
    durationMs,
  };
}

/**
 * Reached over TLS with a certificate that is trusted, in date and names the host, and AUTH was
 * then offered. `none` can be `ok`, and is never verified.
 */
export function isVerified(probe: ProbeResult | undefined): boolean {
  return probe?.outcome === 'ok' && probe.tls?.certificate?.problem === null && !probe.outdatedTls;
}
