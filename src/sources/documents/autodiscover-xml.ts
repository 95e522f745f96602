/**
 * Exchange Autodiscover in its plain XML form (MS-OXDSCLI, "POX"), as far as sending mail needs it:
 * what is asked, and what the answer says.
 */
import type { Statement } from '../../model/candidate.ts';
import { printable } from '../../model/printable.ts';
import { templateOf } from '../../model/username.ts';
import { parseHost, parsePort, parseUsername, quoted } from './field-parsers.ts';
import { usernameWithoutStandIn, withoutStandIn } from './stand-in.ts';
import { child, childrenNamed, childText, escapeXml, readXml, type XmlElement } from './xml.ts';

const REQUEST_SCHEMA =
  'http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006';
const RESPONSE_SCHEMA =
  'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a';

/** The address that was asked about: the user's own, or the one that stands in for it. */
export interface Asked {
  readonly address: string;
  readonly standIn: boolean;
}

export function autodiscoverRequest(email: string): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<Autodiscover xmlns="${REQUEST_SCHEMA}"><Request>`,
    `<EMailAddress>${escapeXml(email)}</EMailAddress>`,
    `<AcceptableResponseSchema>${RESPONSE_SCHEMA}</AcceptableResponseSchema>`,
    '</Request></Autodiscover>',
  ].join('');
}

export type AutodiscoverParsed =
  | {
      readonly kind: 'settings';
      /** In the publisher's order; may be empty. */
      readonly servers: readonly Statement[];
      /** One line for each SMTP section that could not be used. */
      readonly dropped: readonly string[];
    }
  | { readonly kind: 'redirect-url'; readonly url: string }
  | { readonly kind: 'redirect-address'; readonly email: string }
  /** The server understood and refused. */
  | { readonly kind: 'error'; readonly code: string; readonly message: string }
  /** No such document: a web page, or broken. */
  | { readonly kind: 'other' | 'malformed'; readonly reason: string };

const MAX_SERVERS = 8;

/**
 * Pure, and never throws.
 *
 * @param asked where the answer repeats that address, a placeholder takes its place
 */
export async function parseAutodiscover(
  bytes: Uint8Array,
  contentType: string,
  asked: Asked,
): Promise<AutodiscoverParsed> {
  const xml = await readXml(bytes, contentType);
  if (!xml.ok) return xml;
  if (xml.root.name !== 'autodiscover') {
    const name = printable(xml.root.name, 40);
    return { kind: 'other', reason: `an XML document of another kind (${name})` };
  }
  const response = child(xml.root, 'response');
  const error = (response && child(response, 'error')) ?? child(xml.root, 'error');
  const account = response && child(response, 'account');
  if (!account) return error ? errorOf(error) : { kind: 'other', reason: 'an empty answer' };

  const servers: Statement[] = [];
  const dropped: string[] = [];
  for (const section of sectionsOf(account)) {
    const found = serversOf(section, asked);
    if (typeof found === 'string') dropped.push(found);
    else servers.push(...found);
  }
  if (servers.length === 0) {
    const url = childText(account, 'redirecturl');
    if (url !== '') return { kind: 'redirect-url', url };
    const address = childText(account, 'redirectaddr');
    if (address !== '') return { kind: 'redirect-address', email: address };
  }
  return { kind: 'settings', servers: servers.slice(0, MAX_SERVERS), dropped };
}

function sectionsOf(account: XmlElement): readonly XmlElement[] {
  return childrenNamed(account, 'protocol').filter((section) => {
    const type = childText(section, 'type') || (section.attributes.get('type') ?? '');
    return type.toLowerCase() === 'smtp';
  });
}

/** The servers that a section describes, best first, or why it can't be used. */
function serversOf(section: XmlElement, asked: Asked): readonly Statement[] | string {
  const name = childText(section, 'server');
  const host = parseHost(asked.standIn ? withoutStandIn(name, asked.address) : name, null);
  if (host === null) return `server ${quoted(name)} cannot be used`;
  const ports = portsOf(section);
  if (ports === null) return `port ${quoted(childText(section, 'port'))} is not a port`;
  const username = usernameOf(section, asked);
  return ports.map(({ port, encryption }) => ({
    host,
    port,
    encryption,
    // SPA and AuthPackage name Outlook's mechanisms, not those of SASL.
    auth: [],
    username,
    oauth: null,
  }));
}

type PortAndEncryption = Pick<Statement, 'port' | 'encryption'>;

/** The scheme lets a section do without a port; then the usual ones stand in turn. */
function portsOf(section: XmlElement): readonly PortAndEncryption[] | null {
  const text = childText(section, 'port');
  if (text !== '') {
    const port = parsePort(text);
    return port === null ? null : [{ port, encryption: encryptionOf(section, port) }];
  }
  // What is said of 587, where the words that leave it open to the port mean STARTTLS.
  const said = encryptionOf(section, 587);
  const submission = [587, 25].map((port): PortAndEncryption => {
    return { port, encryption: said === 'none' ? 'none' : 'starttls' };
  });
  const submissions: PortAndEncryption = { port: 465, encryption: 'tls' };
  switch (wordOf(section, 'encryption')) {
    case 'tls':
    case 'starttls':
      return [...submission, submissions];
    default:
      return said === 'none' ? submission : [submissions, ...submission];
  }
}

/** `Encryption` outweighs `SSL`, whose absence means `on`. */
function encryptionOf(section: XmlElement, port: number): Statement['encryption'] {
  switch (wordOf(section, 'encryption')) {
    case 'ssl':
      return 'tls';
    case 'tls':
      return port === 465 ? 'tls' : 'starttls';
    // Outside the scheme, and common.
    case 'starttls':
      return 'starttls';
    case 'auto':
      return port === 587 || port === 25 ? 'starttls' : 'tls';
    case 'none':
      return 'none';
    default:
      return wordOf(section, 'ssl') === 'off' ? 'none' : 'tls';
  }
}

/** Without case, hyphens and spaces. */
function wordOf(section: XmlElement, name: string): string {
  return childText(section, name)
    .toLowerCase()
    .replace(/[-_\s]/g, '');
}

function usernameOf(section: XmlElement, { address, standIn }: Asked): string | null {
  const login = childText(section, 'loginname');
  const template = standIn ? usernameWithoutStandIn(login, address) : templateOf(login, address);
  const username = parseUsername(template);
  const windowsDomain = printable(childText(section, 'domainname'), 60);
  const wanted = childText(section, 'domainrequired').toLowerCase() === 'on';
  return username !== null && wanted && windowsDomain !== ''
    ? parseUsername(`${windowsDomain}\\${username}`)
    : username;
}

function errorOf(error: XmlElement): AutodiscoverParsed {
  return {
    kind: 'error',
    code: printable(childText(error, 'errorcode'), 20),
    message: printable(childText(error, 'message'), 120),
  };
}
