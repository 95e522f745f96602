/** An account for `~/.msmtprc`. */
import type { Encryption } from '../../model/endpoint.ts';
import { printable } from '../../model/printable.ts';
import { type Account, YOUR_ADDRESS, YOUR_USER_NAME } from './account.ts';
import { hashComment } from './comments.ts';
import { createFormat, type Format, orStandIn, type Written } from './format.ts';
import { type Program, type SignIn, signInOf } from './sign-in.ts';

export const msmtp: Format = createFormat({
  name: 'msmtp',
  summary: 'account block for ~/.msmtprc',
  comment: hashComment,
  write,
});

const PROGRAM: Program = {
  name: 'msmtp',
  speaks: [
    'SCRAM-SHA-256',
    'SCRAM-SHA-1',
    'PLAIN',
    'LOGIN',
    'CRAM-MD5',
    'DIGEST-MD5',
    'NTLM',
    'OAUTHBEARER',
    'XOAUTH2',
    'GSSAPI',
    'EXTERNAL',
  ],
};

function write(account: Account): Written {
  const { host, port, encryption } = account;
  const signIn = signInOf(account, PROGRAM);
  const remarks = [...signIn.remarks];
  const name = account.domain ?? host;
  const user = orStandIn(msmtpValue, account.username, 'user name', YOUR_USER_NAME, remarks);
  const from = orStandIn(msmtpAddress, account.from, 'address', YOUR_ADDRESS, remarks);
  return {
    remarks,
    lines: [
      `account ${name}`,
      `host ${host}`,
      `port ${port}`,
      `tls ${encryption === 'none' ? 'off' : 'on'}`,
      ...(encryption === 'none'
        ? []
        : [`tls_starttls ${encryption === 'starttls' ? 'on' : 'off'}`]),
      `auth ${authOf(signIn, encryption)}`,
      `user ${user}`,
      `from ${from}`,
      hashComment(
        `A command that prints the ${signIn.takes === 'token' ? 'access token' : 'password'}, such as: pass show smtp`,
      ),
      'passwordeval "YOUR-PASSWORD-COMMAND"',
      hashComment('To make it the default:'),
      hashComment(`account default : ${name}`),
    ],
  };
}

/** `on` takes the best that both sides speak, of passwords over TLS; all else has to be named. */
function authOf({ takes, mechanisms }: SignIn, encryption: Encryption): string {
  const [best] = mechanisms;
  if (best === undefined || (takes === 'password' && encryption !== 'none')) return 'on';
  return best.toLowerCase();
}

/** Bytes: a line may have 500. */
const MAX_VALUE = 480;

/** The rest of the line, less white space and one pair of double quotes around it. */
export function msmtpValue(value: string): string | null {
  if (value === '' || printable(value) !== value) return null;
  if (Buffer.byteLength(value) > MAX_VALUE) return null;
  return /^[A-Za-z0-9@+._-]+$/.test(value) ? value : `"${value}"`;
}

/** In a sender, msmtp expands `%` and takes shell patterns. */
export function msmtpAddress(value: string): string | null {
  return /[%*?[\]\\]/.test(value) ? null : msmtpValue(value);
}
