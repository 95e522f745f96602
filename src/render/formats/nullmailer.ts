/** A line for nullmailer's `remotes`. */
import type { Encryption } from '../../model/endpoint.ts';
import { printable } from '../../model/printable.ts';
import { type Account, YOUR_ADDRESS, YOUR_PASSWORD, YOUR_USER_NAME } from './account.ts';
import { hashComment, otherFile } from './comments.ts';
import { createFormat, type Format, orStandIn, type Written } from './format.ts';
import { type Program, signInOf } from './sign-in.ts';

export const nullmailer: Format = createFormat({
  name: 'nullmailer',
  summary: "line for nullmailer's remotes",
  comment: hashComment,
  write,
});

const PROGRAM: Program = { name: 'nullmailer', speaks: ['PLAIN', 'LOGIN'] };

const TLS: { readonly [E in Encryption]: readonly string[] } = {
  tls: ['tls'],
  starttls: ['starttls'],
  none: [],
};

function write(account: Account): Written {
  const { host, port, encryption, username, from } = account;
  const remarks = [
    'For /etc/nullmailer/remotes (chmod 600, owner mail:mail). Quotes are as in a shell.',
    ...signInOf(account, PROGRAM).remarks,
  ];
  const user = orStandIn(remotesWord, username, 'user name', YOUR_USER_NAME, remarks);
  const sender = orStandIn(wholeLine, from, 'address', YOUR_ADDRESS, remarks);
  return {
    remarks,
    lines: [
      [
        ...[host, 'smtp', `port=${port}`, ...TLS[encryption]],
        ...[`user=${user}`, `pass=${YOUR_PASSWORD}`],
      ].join(' '),
      ...otherFile('/etc/nullmailer/allmailfrom, where all mail is to have this sender', [sender]),
    ],
  };
}

function wholeLine(value: string): string | null {
  return /^[^\s\\]+$/.test(value) ? value : null;
}

/** Bare, or in double quotes, where a backslash makes the next character plain. */
export function remotesWord(value: string): string | null {
  if (value === '' || printable(value) !== value) return null;
  if (/^[A-Za-z0-9@+:./_-]+$/.test(value)) return value;
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
