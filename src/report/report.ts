/**
 * The report: version 1 of the JSON contract. Within a version fields are added, never renamed or
 * removed; `data/report.schema.json` says the same for other languages.
 */

import type { LookupOutcome } from '../engine/discovery.ts';
import type { LoginOutcome } from '../login/record.ts';
import type { OAuthFacts, ProviderLinks, ProviderNote, SourceName } from '../model/candidate.ts';
import type { Encryption, Endpoint } from '../model/endpoint.ts';
import type { Warning } from '../model/warnings.ts';
import type { ProbeOutcome } from '../probe/result.ts';

export type { ProbeOutcome };

export interface Report {
  readonly version: 1;
  /** As typed; the servers or the provider where only these were named. */
  readonly query: string;
  readonly email: string | null;
  /** A-labels; null when the input was bad, or where only a server or a provider was named. */
  readonly domain: string | null;
  /**
   * `verified`; `unverified`: settings were found and not confirmed, the warnings say why;
   * `not-found`: no settings; `error`: bad input, only among several queries.
   */
  readonly status: 'verified' | 'unverified' | 'not-found' | 'error';
  /** False when a timeout or a temporary failure could have changed the result. */
  readonly complete: boolean;
  readonly settings: Settings | null;
  /**
   * The other ports of the same host that the same place or the bundled database names, best first;
   * not probed, unless everything was: then none that fails.
   */
  readonly alsoOffered: readonly Endpoint[];
  readonly provider: ReportedProvider | null;
  /** What became of the login; null when none was asked for. */
  readonly login: ReportedLogin | null;
  /** What became of each condition of `--require` and `--expect`; empty without, as in the library. */
  readonly checks: readonly ReportedCheck[];
  /** The other candidates, best first; empty unless asked for. */
  readonly alternatives: readonly Alternative[];
  readonly warnings: readonly Warning[];
  /** What each source answered; empty unless asked for. */
  readonly sources: readonly ReportedSource[];
  /** What each probe saw, best candidate first. Only with `explain` or `all`. */
  readonly probes?: readonly SeenByProbe[];
  readonly durationMs: number;
  /** In two sentences, why this one won. Only with `explain`. */
  readonly because?: string;
}

export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly encryption: Encryption;
  /** SASL mechanisms by IANA name, best first; may be empty. */
  readonly auth: readonly string[];
  /** For a bare domain it holds %EMAILADDRESS% or %EMAILLOCALPART%. */
  readonly username: string;
  /** `given`: by the caller, for a login. */
  readonly usernameFrom: 'published' | 'assumed' | 'given';
  readonly verified: boolean;
  readonly evidence: readonly ReportedEvidence[];
  readonly tls: ReportedTls | null;
  readonly oauth: OAuthFacts | null;
}

export interface Alternative extends Settings {
  readonly probe: ReportedProbe | null;
}

export interface ReportedProbe {
  readonly outcome: ProbeOutcome;
  readonly reason: string;
  readonly address: string | null;
  readonly banner: string | null;
  readonly durationMs: number;
}

export interface ReportedLogin {
  readonly outcome: LoginOutcome;
  readonly mechanism: string | null;
  readonly username: string | null;
  /** Whether the server takes the address as a sender after this login; null when not known. */
  readonly maySendAs: boolean | null;
  /** The server's last word on it. */
  readonly reply: string | null;
}

export interface ReportedCheck {
  /** As it was asked for: `tls`, `port=465`. */
  readonly condition: string;
  readonly ok: boolean;
  /** What is so instead, or as well; null where there is nothing. */
  readonly found: string | null;
}

export interface SeenByProbe extends ReportedProbe {
  readonly host: string;
  readonly port: number;
  readonly encryption: Encryption;
  /** What the server calls itself in its EHLO reply. */
  readonly serverName: string | null;
  /** The EHLO keywords with their parameters; over TLS where there is TLS. */
  readonly keywords: readonly string[];
  /** SASL mechanisms offered over the candidate's own encryption, in the server's order. */
  readonly auth: readonly string[];
  /** SASL mechanisms offered in the clear. */
  readonly clearAuth: readonly string[];
  readonly tls: ReportedTls | null;
}

export interface ReportedEvidence {
  readonly source: SourceName;
  readonly subject: string;
  readonly trust: 'secure' | 'insecure';
  readonly from: string;
}

export interface ReportedTls {
  readonly protocol: string;
  readonly cipher: string;
  readonly certificate: {
    readonly names: readonly string[];
    readonly issuer: string;
    readonly validFrom: string;
    readonly validTo: string;
    readonly trusted: boolean;
    /** Null when the certificate is good for the host. */
    readonly problem: string | null;
  } | null;
}

export interface ReportedProvider {
  /** Null for a provider that only a published document names. */
  readonly id: string | null;
  readonly name: string;
  readonly documentation: string | null;
  readonly notes: readonly ProviderNote[];
  readonly links: ProviderLinks;
  /** YYYY-MM in which its settings were last confirmed; null for one that only a document names. */
  readonly confirmed: string | null;
}

export interface ReportedSource {
  readonly source: SourceName;
  readonly subject: string;
  readonly outcome: LookupOutcome;
  readonly durationMs: number;
  readonly detail: string;
  /** The exact place that was asked. */
  readonly from: string;
}
