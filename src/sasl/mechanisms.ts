/**
 * The SASL mechanisms: all that anybody needs to know of one is in its row. To add one, add its row
 * and, if the login is to speak it, its implementation. Cheap to load: implementations come when
 * they are called for.
 */
import type { SaslClient } from './dialogue.ts';

/** What a user can have: a password, or an OAuth 2.0 access token. */
export type SecretKind = 'password' | 'token';

export interface Mechanism {
  /** IANA name, or those of a family. */
  readonly name: string | RegExp;
  readonly takes: SecretKind | 'ticket' | 'certificate' | 'nothing';
  /** Whether everybody on the way sees the password or token, unless TLS hides it. */
  readonly showsSecret?: true;
  /** What account forms of mail programs call it; its own name where they have no word. */
  readonly label?: string;
  /** Its words in clientConfig documents (draft-ietf-mailmaint-autoconfig), the one to write first. */
  readonly clientConfig?: readonly string[];
  /** The login's side of it; none where the login does not speak it. */
  readonly load?: () => Promise<SaslClient>;
}

const encrypted = { takes: 'password', label: 'encrypted password' } as const;
const clear = {
  takes: 'password',
  showsSecret: true,
  label: 'normal password',
  clientConfig: ['password-cleartext', 'plain'],
} as const;
const bearer = {
  takes: 'token',
  showsSecret: true,
  label: 'OAuth2',
  clientConfig: ['OAuth2', 'oauth'],
} as const;

const scram = (hash: 'sha1' | 'sha256') => async (): Promise<SaslClient> =>
  (await import('./scram.ts')).scram(hash);

/**
 * Best first. TLS protects the password on its way, so what counts is what the server gets to know
 * and keep, and whether it works in practice.
 */
export const mechanisms: readonly Mechanism[] = [
  // The server never sees the password and proves that it knows it (RFC 5802, RFC 7677). With
  // channel binding (-PLUS) it can't be relayed either.
  { name: /^SCRAM-SHA3?-512-PLUS$/, ...encrypted },
  { name: /^SCRAM-SHA3?-512$/, ...encrypted },
  { name: 'SCRAM-SHA-384-PLUS', ...encrypted },
  { name: 'SCRAM-SHA-384', ...encrypted },
  { name: 'SCRAM-SHA-256-PLUS', ...encrypted },
  { name: 'SCRAM-SHA-256', ...encrypted, load: scram('sha256') },
  { name: 'SCRAM-SHA-224-PLUS', ...encrypted },
  { name: 'SCRAM-SHA-224', ...encrypted },
  { name: 'SCRAM-SHA-1-PLUS', ...encrypted },
  { name: 'SCRAM-SHA-1', ...encrypted, load: scram('sha1') },
  // What everybody implements and every server's user store can check (RFC 4616).
  { name: 'PLAIN', ...clear, load: async () => (await import('./plain.ts')).plain },
  // PLAIN in two steps and without a standard: only where PLAIN is missing.
  { name: 'LOGIN', ...clear, load: async () => (await import('./plain.ts')).login },
  // Hides the password from the wire, where TLS hides it already, and needs the server to keep it
  // recoverable; often offered by default where no user could log in with it. The draft's word
  // means any mechanism that hides the password; servers that publish it offer this one.
  {
    name: 'CRAM-MD5',
    ...encrypted,
    clientConfig: ['password-encrypted', 'secure'],
    load: async () => (await import('./cram-md5.ts')).cramMd5,
  },
  // The same, and moved to Historic (RFC 6331).
  { name: 'DIGEST-MD5', ...encrypted },
  // Broken, but found on Exchange.
  { name: 'NTLM', takes: 'password', clientConfig: ['NTLM'] },
  // Kerberos: for members of a realm only.
  { name: 'GSSAPI', takes: 'ticket', label: 'Kerberos', clientConfig: ['GSSAPI'] },
  { name: /^(?:GS2-.*|GSS-SPNEGO)$/, takes: 'ticket', label: 'Kerberos' },
  { name: /^KERBEROS_V[45]$/, takes: 'ticket' },
  // These take a token, which a client must be registered to obtain (RFC 7628).
  { name: 'OAUTHBEARER', ...bearer, load: async () => (await import('./oauth.ts')).oauthBearer },
  { name: 'XOAUTH2', ...bearer, load: async () => (await import('./oauth.ts')).xoauth2 },
  // Others of the family, which nobody offers.
  { name: /^SCRAM-.*$/, ...encrypted },
  // Not for somebody with a password or token.
  {
    name: 'EXTERNAL',
    takes: 'certificate',
    label: 'TLS certificate',
    clientConfig: ['TLS-client-cert'],
  },
  { name: 'ANONYMOUS', takes: 'nothing' },
];

/** @returns undefined for a mechanism that is not in the table */
export function mechanismNamed(name: string): Mechanism | undefined {
  const upper = name.toUpperCase();
  return mechanisms.find(({ name: own }) =>
    typeof own === 'string' ? own === upper : own.test(upper),
  );
}

/** Whether somebody with a password or token may log in with it. An unknown one may have a use for them. */
export function takesSecret(mechanism: Mechanism | undefined): boolean {
  return mechanism?.takes !== 'certificate' && mechanism?.takes !== 'nothing';
}

export function takesToken(name: string): boolean {
  return mechanismNamed(name)?.takes === 'token';
}

/**
 * Whether the server gets to see the password itself. Then a refusal is conclusive: it can check the
 * password in whatever form it keeps its users, where other mechanisms need it in their own.
 */
export function isPlaintextMechanism(name: string): boolean {
  const mechanism = mechanismNamed(name);
  return mechanism?.takes === 'password' && mechanism.showsSecret === true;
}

/**
 * The same mechanisms, best first, each once; equals stay in the order given. Unknown ones stand
 * behind the known, and before those that take no secret.
 * @param inTheClear without TLS: what shows the secret comes behind what hides it
 */
export function bestFirst(names: readonly string[], inTheClear = false): readonly string[] {
  const isLast = ({ showsSecret }: Mechanism): boolean => inTheClear && showsSecret === true;
  const useful = mechanisms.filter(takesSecret);
  const order = [
    ...useful.filter((mechanism) => !isLast(mechanism)),
    ...useful.filter(isLast),
    undefined,
    ...mechanisms.filter((mechanism) => !takesSecret(mechanism)),
  ];
  const place = (name: string): number => order.indexOf(mechanismNamed(name));
  return [...new Set(names)].sort((a, b) => place(a) - place(b));
}

/** The mechanisms that a word of a clientConfig document stands for, best first. */
export function mechanismsOfWord(word: string): readonly string[] {
  const lower = word.toLowerCase();
  return mechanisms.flatMap(({ name, clientConfig = [] }) =>
    typeof name === 'string' && clientConfig.some((own) => own.toLowerCase() === lower)
      ? [name]
      : [],
  );
}
