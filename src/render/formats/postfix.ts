/** Lines for Postfix's `main.cf`: all mail leaves through this server, signed in. */
import { isIPv6 } from 'node:net';
import type { Encryption } from '../../model/endpoint.ts';
import { printable } from '../../model/printable.ts';
import { isPlaintextMechanism } from '../../sasl/mechanisms.ts';
import { type Account, YOUR_PASSWORD, YOUR_TOKEN, YOUR_USER_NAME } from './account.ts';
import { hashComment } from './comments.ts';
import { createFormat, type Format, orStandIn, type Written } from './format.ts';
import { type Program, type SignIn, signInOf } from './sign-in.ts';

export const postfix: Format = createFormat({
  name: 'postfix',
  summary: 'relayhost with sign-in for main.cf of Postfix',
  comment: hashComment,
  write,
});

const CA_FILE = '/etc/ssl/certs/ca-certificates.crt';
const PASSWORDS = '/etc/postfix/sasl_passwd';

const PROGRAM: Program = {
  name: 'Postfix with Cyrus SASL',
  speaks: [
    'SCRAM-SHA-512',
    'SCRAM-SHA-256',
    'SCRAM-SHA-1',
    'PLAIN',
    'LOGIN',
    'CRAM-MD5',
    'DIGEST-MD5',
    'NTLM',
    'XOAUTH2',
    'GSSAPI',
    'EXTERNAL',
  ],
};

const TLS: { readonly [E in Encryption]: readonly string[] } = {
  tls: ['smtp_tls_wrappermode = yes', 'smtp_tls_security_level = verify'],
  starttls: ['smtp_tls_wrappermode = no', 'smtp_tls_security_level = verify'],
  none: ['smtp_tls_wrappermode = no', 'smtp_tls_security_level = none'],
};

function write(account: Account): Written {
  const { encryption, username } = account;
  const signIn = signInOf(account, PROGRAM);
  const remarks = [
    'These take the place of lines of the same names in main.cf; then run: postfix reload',
    ...signIn.remarks,
  ];
  const user = orStandIn(saslUser, username, 'user name', YOUR_USER_NAME, remarks);
  const mechanisms = filterOf(signIn, encryption);
  if (signIn.takes === 'token') {
    remarks.push('Cyrus SASL needs a plug-in for OAuth 2.0, such as sasl-xoauth2.');
  }
  const secret = signIn.takes === 'token' ? YOUR_TOKEN : YOUR_PASSWORD;
  return {
    remarks,
    lines: [
      `relayhost = ${nexthop(account)}`,
      ...TLS[encryption],
      ...(encryption === 'none'
        ? []
        : [
            hashComment('Debian has its certificates here; Red Hat: /etc/pki/tls/cert.pem'),
            `smtp_tls_CAfile = ${CA_FILE}`,
          ]),
      'smtp_sasl_auth_enable = yes',
      // The default refuses PLAIN and LOGIN.
      'smtp_sasl_security_options = noanonymous',
      ...(mechanisms.length === 0
        ? []
        : [`smtp_sasl_mechanism_filter = ${mechanisms.join(', ').toLowerCase()}`]),
      // texthash needs no postmap, and no database library.
      `smtp_sasl_password_maps = texthash:${PASSWORDS}`,
      hashComment(`The password goes into ${PASSWORDS}, for root's eyes only (chmod 600):`),
      // Not by way of hashComment(), which would change a name that holds a backslash.
      `# ${nexthop(account)} ${user}:${secret}`,
    ],
  };
}

/** Brackets: this very host, not where its MX records lead. */
function nexthop({ host, port }: Account): string {
  return `[${isIPv6(host) ? `ipv6:${host}` : host}]:${port}`;
}

/**
 * Cyrus takes what it thinks strongest, which may be one that only members of a realm, or holders of
 * a token, can use. Over TLS a password that everybody can check does.
 */
function filterOf({ mechanisms }: SignIn, encryption: Encryption): readonly string[] {
  const simple = mechanisms.filter(isPlaintextMechanism);
  return encryption !== 'none' && simple.length > 0 ? simple : mechanisms;
}

/** The password begins after the first colon, and the value at the first character that shows. */
export function saslUser(username: string): string | null {
  return username === '' || username.includes(':') || printable(username) !== username
    ? null
    : username;
}
