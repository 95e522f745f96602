/** The mechanisms that we speak, by IANA name. */
import { cramMd5 } from './cram-md5.ts';
import type { Mechanism } from './mechanism.ts';
import { oauthBearer, xoauth2 } from './oauth.ts';
import { login, plain } from './plain.ts';
import { scram } from './scram.ts';

/** What a user can have: a password, or an OAuth 2.0 access token. */
export type SecretKind = 'password' | 'token';

interface Known {
  readonly takes: SecretKind;
  readonly begin: Mechanism;
  /**
   * The server gets to see the password itself, so that it can check it in whatever form it keeps
   * its users; others work only where it keeps what they need.
   */
  readonly conclusive: boolean;
}

const known: ReadonlyMap<string, Known> = new Map<string, Known>([
  ['SCRAM-SHA-256', { takes: 'password', begin: scram('sha256'), conclusive: false }],
  ['SCRAM-SHA-1', { takes: 'password', begin: scram('sha1'), conclusive: false }],
  ['PLAIN', { takes: 'password', begin: plain, conclusive: true }],
  ['LOGIN', { takes: 'password', begin: login, conclusive: true }],
  ['CRAM-MD5', { takes: 'password', begin: cramMd5, conclusive: false }],
  ['OAUTHBEARER', { takes: 'token', begin: oauthBearer, conclusive: false }],
  ['XOAUTH2', { takes: 'token', begin: xoauth2, conclusive: false }],
]);

/** @returns undefined for a mechanism that we do not speak */
export function mechanismNamed(name: string): Mechanism | undefined {
  return known.get(name)?.begin;
}

export function takesSecret(name: string, kind: SecretKind): boolean {
  return known.get(name)?.takes === kind;
}

export function isConclusive(name: string): boolean {
  return known.get(name)?.conclusive === true;
}
