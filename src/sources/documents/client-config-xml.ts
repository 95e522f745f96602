/**
 * Mozilla's clientConfig format (draft-ietf-mailmaint-autoconfig), as far as sending mail needs it.
 *
 * Tolerant as the draft asks: the version says nothing, unknown elements are passed over, a section
 * that cannot be used costs that section alone, and a document without incoming servers counts.
 */
import { type OAuthFacts, publishedOAuth, type Statement } from '../../model/candidate.ts';
import { printable } from '../../model/printable.ts';
import {
  parseDisplayName,
  parseHost,
  parsePort,
  parseProviderName,
  parseUsername,
  parseWebUrl,
  quoted,
} from './field-parsers.ts';
import { mechanismsOf } from './sasl-names.ts';
import { usernameWithoutStandIn, withoutStandIn } from './stand-in.ts';
import { child, childrenNamed, childText, readXml, type XmlElement } from './xml.ts';

export interface ClientConfig {
  /** In the publisher's order, each server once, those with no known way to sign in last; may be empty. */
  readonly servers: readonly Statement[];
  /** One line for each `<outgoingServer>` that could not be used. */
  readonly dropped: readonly string[];
  /** One line for each that is used although not all of it is understood. */
  readonly assumed: readonly string[];
  readonly displayName: string | null;
  readonly documentation: string | null;
}

export type ClientConfigParsed =
  | { readonly ok: true; readonly config: ClientConfig }
  | {
      readonly ok: false;
      /** `other`: no such document at all, as a web page; `malformed`: one that is broken. */
      readonly kind: 'other' | 'malformed';
      readonly reason: string;
    };

/** Far more than anybody publishes; each one is a host to probe. */
const MAX_SERVERS = 16;

/**
 * Pure, and never throws.
 *
 * @param domain takes the place of %EMAILDOMAIN% in host names; A-labels
 * @param standIn the address that was asked about in place of the user's, if any: where the
 *   document repeats it, a placeholder takes its place
 */
export async function parseClientConfig(
  bytes: Uint8Array,
  contentType: string,
  domain: string,
  standIn: string | null = null,
): Promise<ClientConfigParsed> {
  const xml = await readXml(bytes, contentType);
  if (!xml.ok) return xml;
  const { root } = xml;
  if (root.name !== 'clientconfig') {
    return {
      ok: false,
      kind: 'other',
      reason: `an XML document of another kind (${printable(root.name, 40)})`,
    };
  }
  // The draft: <emailProvider> means nothing, its children might as well stand in the root.
  const back: Back =
    standIn === null
      ? { text: (text) => text, username: (text) => text }
      : {
          text: (text) => withoutStandIn(text, standIn),
          username: (text) => usernameWithoutStandIn(text, standIn),
        };
  const places = [...childrenNamed(root, 'emailprovider'), root];
  const oauth = firstOf(places, (place) => oauthOf(child(place, 'oauth2')));
  const dropped: string[] = [];
  const sections = new Map<string, Section>();
  for (const element of places.flatMap((place) => childrenNamed(place, 'outgoingserver'))) {
    const section = sectionOf(element, domain, oauth, back);
    if (typeof section === 'string') dropped.push(section);
    else keep(sections, section);
  }
  const usable = [...sections.values()];
  // Where nobody can sign in is no server for anybody, as long as there is another.
  const ordered = [
    ...usable.filter(({ closed }) => !closed),
    ...usable.filter(({ closed }) => closed),
  ];
  return {
    ok: true,
    config: {
      servers: ordered.slice(0, MAX_SERVERS).map(({ server }) => server),
      dropped,
      assumed: usable.flatMap(({ assumption }) => assumption ?? []),
      displayName: firstOf(places, (place) => nameOf(place, domain, back)),
      documentation: firstOf(places, documentationOf),
    },
  };
}

/** Turns what a document says of the address that stood in for the user's back into placeholders. */
interface Back {
  text(text: string): string;
  username(text: string): string;
}

interface Section {
  readonly server: Statement;
  /** None of the ways to sign in that it names is known. */
  readonly closed: boolean;
  /** What it says that is not understood, and costs it nothing. */
  readonly assumption: string | null;
}

/** The server that a section describes, or why it can't be used. */
function sectionOf(
  section: XmlElement,
  domain: string,
  oauth: OAuthFacts | null,
  back: Back,
): Section | string {
  const type = section.attributes.get('type') ?? '';
  if (type.toLowerCase() !== 'smtp') return `type ${quoted(type)} is not smtp`;
  const host = firstUnderstood(section, 'hostname', (text) => parseHost(back.text(text), domain));
  if (host === null) return `host name ${quoted(childText(section, 'hostname'))} cannot be used`;
  const port = firstUnderstood(section, 'port', parsePort);
  if (port === null) return `port ${quoted(childText(section, 'port'))} is not a port`;
  const encryption = firstUnderstood(section, 'sockettype', encryptionOf);
  const socketType = quoted(childText(section, 'sockettype'));
  const ways = childrenNamed(section, 'authentication').filter(({ text }) => text !== '');
  const auth = new Set(
    ways.flatMap(({ text, attributes }) => mechanismsOf(text, attributes.get('system') ?? '')),
  );
  return {
    server: {
      host,
      port,
      encryption: encryption ?? usualEncryption(port),
      auth: [...auth],
      username: firstUnderstood(section, 'username', (text) => parseUsername(back.username(text))),
      oauth,
    },
    closed: ways.length > 0 && auth.size === 0,
    assumption: encryption === null ? `socketType ${socketType} is unknown` : null,
  };
}

/** The draft: an element that is repeated holds alternatives, newer ones first. */
function firstUnderstood<T>(
  section: XmlElement,
  name: string,
  parse: (text: string) => T | null,
): T | null {
  return firstOf(childrenNamed(section, name), ({ text }) => parse(text));
}

function encryptionOf(socketType: string): Statement['encryption'] | null {
  switch (socketType.toLowerCase()) {
    case 'ssl':
    case 'tls':
    case 'ssl/tls':
      return 'tls';
    case 'starttls':
      return 'starttls';
    case 'plain':
      return 'none';
    default:
      return null;
  }
}

/**
 * What a port is used with, where a document does not say. On a port of no fixed use it is TLS: a
 * server that speaks first shows at once that it is not, while one that waits for TLS shows nothing.
 */
function usualEncryption(port: number): Statement['encryption'] {
  return port === 587 || port === 25 || port === 2525 ? 'starttls' : 'tls';
}

/** Adds a server. One that is listed twice, once for each way to authenticate, is one server. */
function keep(sections: Map<string, Section>, section: Section): void {
  const { server } = section;
  const key = `${server.host}:${server.port}/${server.encryption}`;
  const known = sections.get(key);
  sections.set(
    key,
    known
      ? {
          server: {
            ...known.server,
            auth: [...new Set([...known.server.auth, ...server.auth])],
            username: known.server.username ?? server.username,
          },
          closed: known.closed && section.closed,
          assumption: known.assumption,
        }
      : section,
  );
}

/** The OAuth endpoints; never the client's id and secret, which the element may also hold. */
function oauthOf(element: XmlElement | null): OAuthFacts | null {
  if (element === null) return null;
  const facts = {
    issuer: parseDisplayName(childText(element, 'issuer')),
    authorizationEndpoint: parseWebUrl(childText(element, 'authurl'), ['https:']),
    tokenEndpoint: parseWebUrl(childText(element, 'tokenurl'), ['https:']),
    scopes: printable(childText(element, 'scope')).split(/\s+/).filter(Boolean).slice(0, 50),
  };
  const { issuer, authorizationEndpoint, tokenEndpoint } = facts;
  return issuer || authorizationEndpoint || tokenEndpoint ? publishedOAuth(facts) : null;
}

function nameOf(place: XmlElement, domain: string, back: Back): string | null {
  const names = ['displayname', 'displayshortname'];
  return firstOf(names, (name) => parseProviderName(back.text(childText(place, name)), domain));
}

function documentationOf(place: XmlElement): string | null {
  return firstOf(childrenNamed(place, 'documentation'), (element) =>
    parseWebUrl(element.attributes.get('url') ?? ''),
  );
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | null): R | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}
