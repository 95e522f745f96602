/** The outgoing side of an account for aerc's `accounts.conf`. */
import type { Encryption } from '../../model/endpoint.ts';
import { type Account, YOUR_ADDRESS } from './account.ts';
import { hashComment } from './comments.ts';
import { createFormat, type Format, orStandIn, type Written } from './format.ts';
import { type Program, signInOf } from './sign-in.ts';
import { authority } from './url.ts';

export const aerc: Format = createFormat({
  name: 'aerc',
  summary: "outgoing side of an account for aerc's accounts.conf",
  comment: hashComment,
  write,
});

const PROGRAM: Program = {
  name: 'aerc',
  speaks: ['PLAIN', 'LOGIN', 'OAUTHBEARER', 'XOAUTH2'],
};

/** `smtp` means STARTTLS, and nothing without it. */
const SCHEMES: { readonly [E in Encryption]: string } = {
  tls: 'smtps',
  starttls: 'smtp',
  none: 'smtp+insecure',
};

function write(account: Account): Written {
  const { encryption } = account;
  const { takes, mechanisms, remarks: limits } = signInOf(account, PROGRAM);
  const remarks = ['For ~/.config/aerc/accounts.conf (chmod 600).', ...limits];
  const from = orStandIn(iniAddress, account.from, 'address', YOUR_ADDRESS, remarks);
  const [mechanism = 'PLAIN'] = mechanisms;
  const scheme = `${SCHEMES[encryption]}+${mechanism.toLowerCase()}`;
  return {
    remarks,
    lines: [
      `[${account.domain ?? account.host}]`,
      `outgoing = ${scheme}://${authority(account)}`,
      ...(encryption === 'starttls'
        ? [hashComment('Before aerc 0.15, this is needed as well: smtp-starttls = true')]
        : []),
      hashComment(
        `A command that prints the ${takes === 'token' ? 'access token' : 'password'}, such as: pass show smtp`,
      ),
      'outgoing-cred-cmd = YOUR-PASSWORD-COMMAND',
      `from = ${from}`,
      hashComment('Where mail is read from is for you to add:'),
      hashComment('source = YOUR-SOURCE'),
    ],
  };
}

/** Bare: quotes, escapes and comments are matters of the reader's version. */
export function iniAddress(value: string): string | null {
  return /^[\p{L}\p{N}][\p{L}\p{M}\p{N}@+._'-]*$/u.test(value) ? value : null;
}
