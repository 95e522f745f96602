/** Lines for OpenSMTPD's `smtpd.conf`: all mail leaves through this server, signed in. */
import { type Encryption, hostPort } from '../../model/endpoint.ts';
import { printable } from '../../model/printable.ts';
import { type Account, YOUR_ADDRESS, YOUR_PASSWORD, YOUR_USER_NAME } from './account.ts';
import { hashComment, otherFile } from './comments.ts';
import { createFormat, type Format, orStandIn, type Written } from './format.ts';
import { type Program, signInOf } from './sign-in.ts';

export const opensmtpd: Format = createFormat({
  name: 'opensmtpd',
  summary: 'relay with sign-in for smtpd.conf of OpenSMTPD',
  comment: hashComment,
  write,
});

const SECRETS = '/etc/mail/secrets';
/** Says which line of the secrets belongs to the server. */
const LABEL = 'smarthost';

const PROGRAM: Program = { name: 'OpenSMTPD', speaks: ['PLAIN', 'LOGIN'] };

/** `smtp` alone would take TLS or leave it. The certificate is verified where TLS is required. */
const SCHEMES: { readonly [E in Encryption]: string } = {
  tls: 'smtps',
  starttls: 'smtp+tls',
  none: 'smtp+notls',
};

function write(account: Account): Written {
  const { host, port, encryption, username, from } = account;
  const remarks = [
    'For smtpd.conf (/etc/mail on OpenBSD and FreeBSD, /etc on Debian), above other match lines. Then restart smtpd.',
    ...signInOf(account, PROGRAM).remarks,
  ];
  const signsIn = encryption !== 'none';
  if (!signsIn) remarks.push('OpenSMTPD signs in over TLS only: here it sends without.');
  const user = orStandIn(secretsUser, username, 'user name', YOUR_USER_NAME, remarks);
  const sender = orStandIn(smtpdString, from, 'address', `"${YOUR_ADDRESS}"`, remarks);
  const place = `${SCHEMES[encryption]}://${signsIn ? `${LABEL}@` : ''}${hostPort(host, port)}`;
  return {
    remarks,
    lines: [
      ...(signsIn ? [`table secrets file:${SECRETS}`] : []),
      `action "${LABEL}" relay host "${place}"${signsIn ? ' auth <secrets>' : ''} mail-from ${sender}`,
      `match from local for any action "${LABEL}"`,
      ...(signsIn
        ? otherFile(`${SECRETS} (chmod 640, owner root:_smtpd; on Debian root:opensmtpd)`, [
            `${LABEL} ${user}:${YOUR_PASSWORD}`,
          ])
        : []),
    ],
  };
}

/** The rest of a line of a table, to its first colon. */
export function secretsUser(username: string): string | null {
  return /^[^\s:#]+$/.test(username) && printable(username) === username ? username : null;
}

/** A string in smtpd.conf, where `$` begins a macro outside quotes only. */
export function smtpdString(value: string): string | null {
  return /["\\%]/.test(value) || printable(value) !== value ? null : `"${value}"`;
}
