/**
 * PACC's document (draft-ietf-mailmaint-pacc, editions -02 to -04), as far as sending mail needs
 * it. All its servers speak implicit TLS on the registered port, and the user name is the address.
 */
import { publishedOAuth, type Statement } from '../../model/candidate.ts';
import { printable } from '../../model/printable.ts';
import { ADDRESS } from '../../model/username.ts';
import { mechanismsOfWord } from '../../sasl/mechanisms.ts';
import { decodeText } from './decode-text.ts';
import { parseDisplayName, parseHost, parseWebUrl } from './field-parsers.ts';

export interface PaccConfig {
  /** May be empty. */
  readonly servers: readonly Statement[];
  /** One line for each entry that could not be used. */
  readonly dropped: readonly string[];
  readonly displayName: string | null;
  readonly documentation: string | null;
}

export type PaccParsed =
  | { readonly ok: true; readonly config: PaccConfig }
  | { readonly ok: false; readonly kind: 'other' | 'malformed'; readonly reason: string };

/** The names of submission in the drafts, newest first. */
const SUBMISSION = ['submit', 'smtp'] as const;
const SUBMISSIONS_PORT = 465; // RFC 8314 §7.3

/** Pure, and never throws. */
export function parsePacc(bytes: Uint8Array, contentType: string): PaccParsed {
  const text = decodeText(bytes, contentType).trim();
  if (text === '') return { ok: false, kind: 'other', reason: 'an empty document' };
  if (text.startsWith('<')) return { ok: false, kind: 'other', reason: 'a web page, not JSON' };
  if (!text.startsWith('{')) return { ok: false, kind: 'other', reason: 'not a JSON object' };
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return { ok: false, kind: 'malformed', reason: 'malformed JSON' };
  }
  const issuer = textAt(root, 'authentication', 'oauth-public', 'issuer');
  const oauth =
    issuer === ''
      ? null
      : publishedOAuth({ issuer, authorizationEndpoint: null, tokenEndpoint: null, scopes: [] });
  const password = at(root, 'authentication', 'password') === true;
  // RFC 7628; a password may go by any mechanism that takes one.
  const auth = [
    ...(oauth ? ['OAUTHBEARER'] : []),
    ...(password ? mechanismsOfWord('password-cleartext') : []),
  ];

  const servers = new Map<string, Statement>();
  const dropped: string[] = [];
  for (const name of SUBMISSION) {
    const published = at(root, 'protocols', name);
    if (published === undefined || published === null) continue;
    const host = parseHost(textAt(published, 'host'), null);
    if (host === null) {
      dropped.push(`protocols.${name} has no usable host`);
    } else if (!servers.has(host)) {
      const username = ADDRESS;
      servers.set(host, { host, port: SUBMISSIONS_PORT, encryption: 'tls', auth, username, oauth });
    }
  }
  const provider = at(root, 'info', 'provider');
  const help = textAt(root, 'info', 'help', 'documentation') || textAt(root, 'info', 'help');
  return {
    ok: true,
    config: {
      servers: [...servers.values()],
      dropped,
      displayName: parseDisplayName(textAt(provider, 'name') || textAt(provider, 'shortName')),
      documentation: parseWebUrl(help),
    },
  };
}

/** The value at a path of own members; undefined where the path ends. */
function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const name of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name)) return undefined;
    here = (here as Record<string, unknown>)[name];
  }
  return here;
}

function textAt(value: unknown, ...path: readonly string[]): string {
  const text = at(value, ...path);
  return typeof text === 'string' ? printable(text, 2048) : '';
}
