/** A smarthost for Exim as Debian sets it up: all mail leaves through this server, signed in. */
import { isIPv6 } from 'node:net';
import type { Encryption } from '../../model/endpoint.ts';
import { printable } from '../../model/printable.ts';
import { type Account, YOUR_PASSWORD, YOUR_USER_NAME } from './account.ts';
import { hashComment, otherFile } from './comments.ts';
import { createFormat, type Format, orStandIn, type Written } from './format.ts';
import { type Program, signInOf } from './sign-in.ts';

export const exim: Format = createFormat({
  name: 'exim',
  summary: "smarthost with sign-in for Debian's Exim",
  comment: hashComment,
  write,
});

/** What Debian's configuration knows as a client. */
const PROGRAM: Program = { name: "Debian's Exim", speaks: ['CRAM-MD5', 'PLAIN', 'LOGIN'] };

const VERIFIED = [
  'REMOTE_SMTP_SMARTHOST_HOSTS_REQUIRE_TLS = *',
  'REMOTE_SMTP_SMARTHOST_TLS_VERIFY_CERTIFICATES = system',
  'REMOTE_SMTP_SMARTHOST_TLS_VERIFY_HOSTS = *',
];
const MACROS: { readonly [E in Encryption]: readonly string[] } = {
  tls: ['REMOTE_SMTP_SMARTHOST_PROTOCOL = smtps', ...VERIFIED],
  starttls: VERIFIED,
  none: ['REMOTE_SMTP_SMARTHOST_HOSTS_AVOID_TLS = *', 'AUTH_CLIENT_ALLOW_NOTLS_PASSWORDS = true'],
};

function write(account: Account): Written {
  const { encryption, username } = account;
  const remarks = [
    'For /etc/exim4/update-exim4.conf.conf, in place of lines of the same names. Then run: update-exim4.conf && systemctl restart exim4',
    ...signInOf(account, PROGRAM).remarks,
  ];
  const user = orStandIn(eximUser, username, 'user name', YOUR_USER_NAME, remarks);
  return {
    remarks,
    lines: [
      "dc_eximconfig_configtype='smarthost'",
      `dc_smarthost='${smarthost(account)}'`,
      ...otherFile(
        '/etc/exim4/exim4.conf.localmacros (split: conf.d/main/000_localmacros)',
        MACROS[encryption],
      ),
      // Exim looks for the name that an alias in the DNS leads to.
      ...otherFile('/etc/exim4/passwd.client (chmod 640, owner root:Debian-exim)', [
        `*:${user}:${YOUR_PASSWORD}`,
      ]),
    ],
  };
}

/** In Exim's lists a colon is written twice. */
function smarthost({ host, port }: Account): string {
  return `${isIPv6(host) ? `[${host.replaceAll(':', '::')}]` : host}::${port}`;
}

/** The password begins after the second colon; a caret separates what is sent. */
export function eximUser(username: string): string | null {
  return username === '' || /[:^]/.test(username) || printable(username) !== username
    ? null
    : username;
}
