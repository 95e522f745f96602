/** What a published document says of one submission server; `Statement` has the same shape. */

export interface PublishedServer {
  /** A-labels or an IP address, lower case. */
  readonly host: string;
  readonly port: number;
  readonly encryption: 'tls' | 'starttls' | 'none';
  /** SASL mechanisms by IANA name, in the publisher's order; empty when nothing is said. */
  readonly auth: readonly string[];
  /** May hold %EMAILADDRESS%, %EMAILLOCALPART% or %EMAILDOMAIN%; null when nothing is said. */
  readonly username: string | null;
  readonly oauth: PublishedOAuth | null;
}

/** Never a client's identity or secret, which some documents hold as well. */
export interface PublishedOAuth {
  readonly issuer: string | null;
  readonly authorizationEndpoint: string | null;
  readonly tokenEndpoint: string | null;
  readonly scopes: readonly string[];
}
