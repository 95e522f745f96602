/**
 * Mozilla's clientConfig format (draft-ietf-mailmaint-autoconfig), as far as sending mail needs it.
 *
 * Tolerant as the draft asks: the version says nothing, unknown elements are passed over, a section
 * that cannot be used costs that section alone, and a document without incoming servers counts.
 */
import type { OAuthFacts, Statement } from '../../model/candidate.ts';
import { printable } from '../../model/printable.ts';
import {
  parseDisplayName,
  parseHost,
  parsePort,
  parseUsername,
  parseWebUrl,
  quoted,
} from './field-parsers.ts';
import { mechanismsOf } from './sasl-names.ts';
import { child, childrenNamed, childText, readXml, type XmlElement } from './xml.ts';

export interface ClientConfig {
  /** In the publisher's order, each server once; may be empty. */
  readonly servers: readonly Statement[];
  /** One line for each `<outgoingServer>` that could not be used. */
  readonly dropped: readonly string[];
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
 */
export async function parseClientConfig(
  bytes: Uint8Array,
  contentType: string,
  domain: string,
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
  const places = [...childrenNamed(root, 'emailprovider'), root];
  const oauth = firstOf(places, (place) => oauthOf(child(place, 'oauth2')));
  const dropped: string[] = [];
  const servers = new Map<string, Statement>();
  for (const section of places.flatMap((place) => childrenNamed(place, 'outgoingserver'))) {
    const server = serverOf(section, domain, oauth);
    if (typeof server === 'string') dropped.push(server);
    else keep(servers, server);
  }
  return {
    ok: true,
    config: {
      servers: [...servers.values()].slice(0, MAX_SERVERS),
      dropped,
      displayName: firstOf(places, (place) => nameOf(place, domain)),
      documentation: firstOf(places, documentationOf),
    },
  };
}

/** The server that a section describes, or why it can't be used. */
function serverOf(
  section: XmlElement,
  domain: string,
  oauth: OAuthFacts | null,
): Statement | string {
  const type = section.attributes.get('type') ?? '';
  if (type.toLowerCase() !== 'smtp') return `type ${quoted(type)} is not smtp`;
  const hostname = childText(section, 'hostname');
  const host = parseHost(hostname, domain);
  if (host === null) return `host name ${quoted(hostname)} cannot be used`;
  const port = parsePort(childText(section, 'port'));
  if (port === null) return `port ${quoted(childText(section, 'port'))} is not a port`;
  const encryption = encryptionOf(childText(section, 'sockettype'));
  if (encryption === null)
    return `socketType ${quoted(childText(section, 'sockettype'))} is unknown`;
  const auth = childrenNamed(section, 'authentication').flatMap((element) =>
    mechanismsOf(element.text, element.attributes.get('system') ?? ''),
  );
  const username = parseUsername(childText(section, 'username'));
  return { host, port, encryption, auth: [...new Set(auth)], username, oauth };
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

/** Adds a server. One that is listed twice, once for each way to authenticate, is one server. */
function keep(servers: Map<string, Statement>, server: Statement): void {
  const key = `${server.host}:${server.port}/${server.encryption}`;
  const known = servers.get(key);
  servers.set(
    key,
    known
      ? {
          ...known,
          auth: [...new Set([...known.auth, ...server.auth])],
          username: known.username ?? server.username,
        }
      : server,
  );
}

/** The OAuth endpoints; never the client's id and secret, which the element may also hold. */
function oauthOf(element: XmlElement | null): OAuthFacts | null {
  if (element === null) return null;
  const facts: OAuthFacts = {
    issuer: parseDisplayName(childText(element, 'issuer')),
    authorizationEndpoint: parseWebUrl(childText(element, 'authurl'), ['https:']),
    tokenEndpoint: parseWebUrl(childText(element, 'tokenurl'), ['https:']),
    scopes: printable(childText(element, 'scope')).split(/\s+/).filter(Boolean).slice(0, 50),
  };
  const { issuer, authorizationEndpoint, tokenEndpoint } = facts;
  return issuer || authorizationEndpoint || tokenEndpoint ? facts : null;
}

function nameOf(place: XmlElement, domain: string): string | null {
  const names = ['displayname', 'displayshortname'];
  return firstOf(names, (name) =>
    parseDisplayName(childText(place, name).replace(/%EMAILDOMAIN%/gi, () => domain)),
  );
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
