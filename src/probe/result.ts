/** What a probe saw: facts only, no judgement about ranking. */
import type { TlsFacts } from '../net/network.ts';

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

export type ProbeStage = 'resolve' | 'connect' | 'tls' | 'banner' | 'ehlo' | 'starttls' | 'done';

export interface ProbeResult {
  readonly outcome: ProbeOutcome;
  /** Sanitised, one line, no full stop: what happened, and at which stage. */
  readonly reason: string;
  /** How far the conversation came. */
  readonly stage: ProbeStage;
  /** Trying again later may give another answer (a timeout, 421, 4xx, a failed name lookup). */
  readonly temporary: boolean;
  /** The policy forbade the host's addresses. */
  readonly blocked: boolean;
  /** Whether any peer answered. */
  readonly reached: boolean;
  readonly address: string | null;
  /** The addresses that were tried in vain, when there was no connection at all. */
  readonly tried?: readonly string[];
  readonly banner: string | null;
  /** What the server calls itself in the EHLO reply that counts. */
  readonly serverName?: string | null;
  /** The keywords of the EHLO reply that counts (after TLS where there is TLS), upper case → parameters. */
  readonly capabilities: Readonly<Record<string, string>>;
  /** SASL mechanisms offered over the candidate's own encryption, by IANA name, in the server's order. */
  readonly auth: readonly string[];
  /** SASL mechanisms offered in the clear, before STARTTLS or without it. */
  readonly clearAuth: readonly string[];
  /** Whether STARTTLS was offered (null for implicit TLS). */
  readonly startTls: boolean | null;
  /** Plaintext came where the handshake belongs (STARTTLS injection): it was discarded, or broke the handshake. */
  readonly injection: boolean;
  /** Only TLS 1.0 or 1.1: never verified. */
  readonly outdatedTls: boolean;
  readonly tls: TlsFacts | null;
  /** Names of a good certificate for another host that resolve to the address we are connected to. */
  readonly alternateNames: readonly string[];
  /** The last SMTP reply seen, for explanations. */
  readonly reply: {
    readonly code: number;
    readonly enhanced: string | null;
    readonly text: string;
  } | null;
  readonly durationMs: number;
}

/**
 * Reached over TLS with a certificate that is trusted, in date and names the host, and AUTH was
 * then offered. `none` can be `ok`, and is never verified.
 */
export function isVerified(probe: ProbeResult | undefined): boolean {
  return probe?.outcome === 'ok' && probe.tls?.certificate?.problem === null && !probe.outdatedTls;
}
