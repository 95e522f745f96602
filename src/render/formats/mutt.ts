/** Lines for the configuration of mutt or NeoMutt. */
import type { Encryption } from '../../model/endpoint.ts';
import { printable } from '../../model/printable.ts';
import { type Account, YOUR_ADDRESS } from './account.ts';
import { hashComment } from './comments.ts';
import { createFormat, type Format, orStandIn, type Written } from './format.ts';
import { type Program, signInOf } from './sign-in.ts';
import { smtpUrl } from './url.ts';

export const mutt: Format = createFormat({
  name: 'mutt',
  summary: 'set lines for ~/.muttrc or neomuttrc',
  comment: hashComment,
  write,
});

/** Both switches are set either way: their defaults differ between versions. */
const TLS: { readonly [E in Encryption]: readonly string[] } = {
  tls: ['set ssl_force_tls = yes'],
  starttls: ['set ssl_force_tls = yes', 'set ssl_starttls = yes'],
  none: ['set ssl_force_tls = no', 'set ssl_starttls = no'],
};

const PROGRAM: Program = {
  name: 'mutt',
  speaks: [
    'SCRAM-SHA-256',
    'SCRAM-SHA-1',
    'PLAIN',
    'LOGIN',
    'CRAM-MD5',
    'DIGEST-MD5',
    'OAUTHBEARER',
    'XOAUTH2',
    'GSSAPI',
    'EXTERNAL',
  ],
};

/** Elsewhere it is a matter of the build, and one name that it lacks costs NeoMutt the whole list. */
const EVERYWHERE: readonly string[] = ['PLAIN', 'LOGIN', 'OAUTHBEARER', 'XOAUTH2'];

function write(account: Account): Written {
  const { encryption } = account;
  const { takes, mechanisms, remarks: limits } = signInOf(account, PROGRAM);
  const remarks = [...limits];
  if (encryption === 'none') {
    remarks.push('ssl_force_tls = no lets IMAP and POP go without encryption as well.');
  }
  const from = orStandIn(muttString, account.from, 'address', `'${YOUR_ADDRESS}'`, remarks);
  // Without a list, mutt tries what both sides speak. In the clear that may spare the password.
  const listed =
    encryption === 'none' && mechanisms.some((name) => !EVERYWHERE.includes(name))
      ? []
      : mechanisms.filter((name) => EVERYWHERE.includes(name));
  return {
    remarks,
    lines: [
      `set from = ${from}`,
      `set smtp_url = '${smtpUrl(account)}/'`,
      ...TLS[encryption],
      ...(listed.length === 0
        ? []
        : [`set smtp_authenticators = '${listed.join(':').toLowerCase()}'`]),
      ...(takes === 'token'
        ? [
            hashComment('A command that prints an access token:'),
            "set smtp_oauth_refresh_command = 'YOUR-TOKEN-COMMAND'",
          ]
        : [
            hashComment('mutt asks for the password; or let a command print it:'),
            hashComment('set smtp_pass = "`YOUR-PASSWORD-COMMAND`"'),
          ]),
    ],
  };
}

/**
 * A string of muttrc's: in single quotes nothing is special; in double quotes variables, commands in
 * backquotes, and escapes are.
 */
export function muttString(value: string): string | null {
  if (printable(value) !== value) return null;
  if (!value.includes("'")) return `'${value}'`;
  return `"${value.replace(/["$`\\]/g, '\\$&')}"`;
}
