/** Lines for the DragonFly Mail Agent. */
import { isIPv6 } from 'node:net';
import type { Encryption } from '../../model/endpoint.ts';
import { printable } from '../../model/printable.ts';
import { type Account, YOUR_ADDRESS, YOUR_PASSWORD, YOUR_USER_NAME } from './account.ts';
import { hashComment, otherFile } from './comments.ts';
import { createFormat, type Format, orStandIn, type Written } from './format.ts';
import { type Program, signInOf } from './sign-in.ts';

export const dma: Format = createFormat({
  name: 'dma',
  summary: 'dma.conf and auth.conf of the DragonFly Mail Agent',
  comment: hashComment,
  write,
});

const AUTH = '/etc/dma/auth.conf';

const PROGRAM: Program = { name: 'dma', speaks: ['CRAM-MD5', 'LOGIN'] };

/** Without OPPORTUNISTIC_TLS, STARTTLS has to succeed. INSECURE lets the password go in the clear. */
const TLS: { readonly [E in Encryption]: readonly string[] } = {
  tls: ['SECURETRANSFER'],
  starttls: ['SECURETRANSFER', 'STARTTLS'],
  none: ['INSECURE'],
};

function write(account: Account): Written {
  const { host, port, encryption, username, from } = account;
  const remarks = [
    'For /etc/dma/dma.conf, in place of lines of the same names.',
    ...signInOf(account, PROGRAM).remarks,
  ];
  if (encryption !== 'none') {
    remarks.push(
      'warning: dma does not check the certificate, so that somebody on the way could take the password. FINGERPRINT pins it, until it is renewed.',
    );
  }
  if (isIPv6(host)) remarks.push('dma reads no IPv6 address in auth.conf: use a name.');
  const user = orStandIn(dmaUser, username, 'user name', YOUR_USER_NAME, remarks);
  const sender = orStandIn(dmaValue, from, 'address', YOUR_ADDRESS, remarks);
  return {
    remarks,
    lines: [
      `SMARTHOST ${host}`,
      `PORT ${port}`,
      `AUTHPATH ${AUTH}`,
      ...TLS[encryption],
      `MASQUERADE ${sender}`,
      ...otherFile(`${AUTH} (chmod 640, owner root:mail)`, [`${user}|${host}:${YOUR_PASSWORD}`]),
    ],
  };
}

/** The rest of a line, less white space around it. */
export function dmaValue(value: string): string | null {
  return /^[^\s#"\\]+$/.test(value) && printable(value) === value ? value : null;
}

/** Ends at the first bar. */
export function dmaUser(username: string): string | null {
  return /^[^#|][^|]*$/.test(username) && printable(username) === username ? username : null;
}
