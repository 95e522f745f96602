/** An entry of the bundled database, as its callers know it. */
import type { OAuthFacts, ProviderFacts, Statement } from '../model/candidate.ts';

export type ProviderKind = 'mailbox' | 'relay' | 'gateway' | 'hosting';

/**
 * What a mail exchanger's name says of a domain: its mail lives at the provider, so the provider's
 * settings hold; it only passes a filter or forwarder; or the machine is rented, and its mail
 * service is somebody's own.
 */
export type MxProof = 'mailbox' | 'gateway' | 'rented';

/** The host may hold %EMAILDOMAIN%. */
export type ProviderServer = Omit<Statement, 'oauth'>;

export interface Provider extends ProviderFacts {
  readonly id: string;
  readonly kind: ProviderKind;
  readonly domains: readonly string[];
  readonly servers: readonly ProviderServer[];
  readonly oauth: OAuthFacts | null;
  /** Ids of providers at whose exchangers its domains are at home: an MX there is no move. */
  readonly hostedBy: readonly string[];
}

export interface MxMatch {
  readonly proves: MxProof;
  readonly provider: Provider;
  readonly pattern: string;
}
