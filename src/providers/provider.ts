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

/** How somebody signs in whose address is in a domain of their own. */
export interface OwnDomains {
  /** The user name's template; null where the address does not tell it. */
  readonly username: string | null;
  /** What to sign in with, as a sentence; null where it is simply the address. */
  readonly message: string | null;
}

export interface Provider extends ProviderFacts {
  readonly id: string;
  readonly kind: ProviderKind;
  /** The service of which it is one region or product; null for a service of its own. */
  readonly family: string | null;
  readonly domains: readonly string[];
  readonly servers: readonly ProviderServer[];
  readonly oauth: OAuthFacts | null;
  /** Ids of providers at whose exchangers its domains are at home: an MX there is no move. */
  readonly hostedBy: readonly string[];
  /** Null where nobody says that customers' own domains differ from the provider's. */
  readonly ownDomains: OwnDomains | null;
}

export interface MxMatch {
  readonly proves: MxProof;
  readonly provider: Provider;
  readonly pattern: string;
}
