/**
 * A candidate: one (host, port, encryption) that some source proposes, with the evidence for it.
 */
import { type Endpoint, endpointKey } from './endpoint.ts';
import { comparePrecedence, type Precedence } from './precedence.ts';

/** The kinds of place that may know settings, best rank first; `given` is what the user named. */
export type SourceName =
  | 'given'
  | 'database'
  | 'mx-provider'
  | 'srv'
  | 'pacc'
  | 'autoconfig'
  | 'srv-foreign'
  | 'ispdb'
  | 'autodiscover'
  | 'mailconf'
  | 'mx-autoconfig'
  | 'parent'
  | 'autoconfig-http'
  | 'mail-records'
  | 'guess';

/**
 * How a statement reached us; `user` is who named the server. Trust follows from it, see
 * `report/trust.ts`.
 */
export type Channel = 'user' | 'bundled' | 'https' | 'http' | 'dns' | 'dnssec';

/**
 * How to sign in with OAuth 2.0, as far as a source says. Never a client's identity or secret,
 * which some documents hold as well.
 */
export interface OAuthFacts {
  readonly issuer: string | null;
  readonly authorizationEndpoint: string | null;
  readonly tokenEndpoint: string | null;
  readonly scopes: readonly string[];
  /** For programs without a browser (RFC 8628), where it gives tokens for mail. */
  readonly deviceAuthorizationEndpoint: string | null;
  /** Whether RFC 7636 is supported; null when nobody says. */
  readonly pkce: boolean | null;
  /**
   * Who may register a client for mail: anybody, whoever passes a review, or only those chosen;
   * null when nobody says.
   */
  readonly registration: 'open' | 'approval' | 'closed' | null;
}

/** What a published document says at most; the rest only our own database knows. */
export function publishedOAuth(
  facts: Pick<OAuthFacts, 'issuer' | 'authorizationEndpoint' | 'tokenEndpoint' | 'scopes'>,
): OAuthFacts {
  return { ...facts, deviceAuthorizationEndpoint: null, pkce: null, registration: null };
}

/** What one place says about one server. */
export interface Statement extends Endpoint {
  /** SASL mechanisms by IANA name, in the publisher's order; empty when nothing is said. */
  readonly auth: readonly string[];
  /** A template with %EMAILADDRESS%, %EMAILLOCALPART% or %EMAILDOMAIN%; null when nothing is said. */
  readonly username: string | null;
  readonly oauth: OAuthFacts | null;
  /** What to sign in with, as a sentence, where the template alone does not tell. */
  readonly signIn?: string;
}

export interface Evidence {
  readonly source: SourceName;
  /** The source whose way of asking it was: `parent` and `mx-autoconfig` ask as others do. */
  readonly via: SourceName;
  /** The domain that was asked about. */
  readonly subject: string;
  /** Where it was found: a URL, a DNS name and type, or an entry of the database. */
  readonly from: string;
  readonly channel: Channel;
  /** False for names that we made up. */
  readonly published: boolean;
  /** The machine goes by this name, too; nobody has named it as the domain's server. */
  readonly alternateName: boolean;
  readonly precedence: Precedence;
  readonly statement: Statement;
  /** The database's provider, where this evidence comes from it; else what the document says of itself. */
  readonly provider: ProviderFacts | null;
}

/** What a report says of the provider; `id` is null for one that only a document names. */
export interface ProviderFacts {
  readonly id: string | null;
  readonly name: string;
  readonly documentation: string | null;
  readonly notes: readonly ProviderNote[];
  readonly links: ProviderLinks;
  /** YYYY-MM in which its settings were last confirmed; null for one that only a document names. */
  readonly confirmed: string | null;
}

/** What host and port cannot say, in one sentence. Codes are stable. */
export interface ProviderNote {
  readonly code: string;
  readonly message: string;
  /** Of `app-password`: needed in any case, or once two-factor sign-in is on. */
  readonly when?: 'always' | 'two-factor';
  /** Of `moved` and `closing`: YYYY-MM or YYYY-MM-DD. */
  readonly date?: string;
}

/** The provider's own pages, as far as known. */
export interface ProviderLinks {
  /** Where access by mail programs is switched on. */
  readonly enable: string | null;
  /** Where an app password is made, or how. */
  readonly appPassword: string | null;
  /** Where an OAuth 2.0 client is registered. */
  readonly oauthRegistration: string | null;
}

export const NO_LINKS: ProviderLinks = { enable: null, appPassword: null, oauthRegistration: null };

export interface Candidate extends Endpoint {
  readonly key: string;
  /** Never empty; best precedence first. */
  readonly evidence: readonly [Evidence, ...Evidence[]];
}

/** To be recommended, and never the answer by itself: in place of a published name it could be forged. */
export function isAdvisory({ alternateName, published }: Evidence): boolean {
  return alternateName && published;
}

/** The user named this very host. */
export function isNamedByUser({ evidence }: Candidate): boolean {
  return evidence.some(({ channel, alternateName }) => channel === 'user' && !alternateName);
}

export function precedenceOf(candidate: Candidate): Precedence {
  return candidate.evidence[0].precedence;
}

/** The same server from several places becomes one candidate, standing where the best one stands. */
export function mergeEvidence(evidence: Iterable<Evidence>): Map<string, Candidate> {
  const byKey = new Map<string, Evidence[]>();
  for (const item of evidence) {
    const key = endpointKey(item.statement);
    const list = byKey.get(key);
    if (list) list.push(item);
    else byKey.set(key, [item]);
  }
  const candidates = new Map<string, Candidate>();
  for (const [key, list] of byKey) {
    const [first, ...rest] = list.sort(
      (a, b) =>
        Number(isAdvisory(a)) - Number(isAdvisory(b)) ||
        comparePrecedence(a.precedence, b.precedence),
    );
    if (!first) continue;
    const { host, port, encryption } = first.statement;
    candidates.set(key, { key, host, port, encryption, evidence: [first, ...rest] });
  }
  return candidates;
}

/** The part of a database entry that a report shows. */
export function providerFacts(entry: ProviderFacts): ProviderFacts {
  const { id, name, documentation, notes, links, confirmed } = entry;
  return { id, name, documentation, notes, links, confirmed };
}
