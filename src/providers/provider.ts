export type ProviderKind = 'mailbox' | 'relay' | 'gateway' | 'hosting';

/**
 * What a mail exchanger's name says of a domain: its mail lives at the provider, so the provider's
 * settings hold; it only passes a filter or forwarder; or the machine is rented, and its mail
 * service is somebody's own.
 */
export type MxProof = 'mailbox' | 'gateway' | 'rented';

export interface ProviderServer {
  host: string;
  port: number;
  encryption: 'tls' | 'starttls' | 'none';
  /** SASL mechanisms a client may use, best first; empty where no source says. */
  auth: readonly string[];
  /** A template or a literal name; null where no source says. */
  username: string | null;
}

export interface ProviderNote {
  code: string;
  message: string;
}

export interface OAuthFacts {
  issuer: string | null;
  authorizationEndpoint: string | null;
  tokenEndpoint: string | null;
  scopes: readonly string[];
}

export interface Provider {
  id: string;
  name: string;
  kind: ProviderKind;
  domains: readonly string[];
  servers: readonly ProviderServer[];
  notes: readonly ProviderNote[];
  documentation: string | null;
  oauth: OAuthFacts | null;
  /** Ids of providers at whose exchangers its domains are at home: an MX there is no move. */
  hostedBy: readonly string[];
}

export interface MxMatch {
  proves: MxProof;
  provider: Provider;
  pattern: string;
}
