/** SASL mechanisms, ordered by what a client should choose over TLS. Pure. */

/**
 * Best first, one group after the other. TLS protects the password on its way, so what counts is
 * what the server gets to know and keep, and whether it works in practice.
 */
const preference: readonly RegExp[] = [
  // The server never sees the password and proves that it knows it (RFC 5802, RFC 7677). With
  // channel binding (-PLUS) it can't be relayed either.
  /^SCRAM-SHA3?-512-PLUS$/,
  /^SCRAM-SHA3?-512$/,
  /^SCRAM-SHA-384-PLUS$/,
  /^SCRAM-SHA-384$/,
  /^SCRAM-SHA-256-PLUS$/,
  /^SCRAM-SHA-256$/,
  /^SCRAM-SHA-224-PLUS$/,
  /^SCRAM-SHA-224$/,
  /^SCRAM-SHA-1-PLUS$/,
  /^SCRAM-SHA-1$/,
  // What everybody implements and every server's user store can check (RFC 4616).
  /^PLAIN$/,
  // PLAIN in two steps and without a standard: only where PLAIN is missing.
  /^LOGIN$/,
  // Hides the password from the wire, where TLS hides it already, and needs the server to keep it
  // recoverable; often offered by default where no user could log in with it.
  /^CRAM-MD5$/,
  // The same, and moved to Historic (RFC 6331).
  /^DIGEST-MD5$/,
  // Broken, but found on Exchange.
  /^NTLM$/,
  // Kerberos: for members of a realm only.
  /^(?:GSSAPI|GS2-KRB5(?:-PLUS)?|GSS-SPNEGO|KERBEROS_V[45])$/,
  // These take a token, which a client must be registered to obtain (RFC 7628).
  /^OAUTHBEARER$/,
  /^XOAUTH2$/,
];

/** Between the known and these stand the unknown: whoever offers those may have a use for them. */
const withoutCredential: readonly RegExp[] = [/^EXTERNAL$/, /^ANONYMOUS$/];

/** These show the password or token to everybody on the way, unless TLS hides it. */
const SHOWS_SECRET = /^(?:PLAIN|LOGIN|OAUTHBEARER|XOAUTH2)$/i;

/**
 * The same mechanisms, best first, each once; equals stay in the order given.
 * @param inTheClear without TLS: what shows the secret comes behind what hides it
 */
export function bestFirst(mechanisms: readonly string[], inTheClear = false): readonly string[] {
  const place = (name: string): number =>
    inTheClear && SHOWS_SECRET.test(name)
      ? preference.length - 1 + rank(name) / preference.length
      : rank(name);
  return [...new Set(mechanisms)].sort((a, b) => place(a) - place(b));
}

/**
 * Whether somebody with an address and a password or token can log in with it: EXTERNAL takes a
 * client certificate, ANONYMOUS takes nobody in particular.
 */
export function takesCredential(mechanism: string): boolean {
  return !withoutCredential.some((pattern) => pattern.test(mechanism.toUpperCase()));
}

function rank(mechanism: string): number {
  const name = mechanism.toUpperCase();
  const known = preference.findIndex((pattern) => pattern.test(name));
  if (known !== -1) return known;
  const last = withoutCredential.findIndex((pattern) => pattern.test(name));
  return preference.length + 1 + last;
}
