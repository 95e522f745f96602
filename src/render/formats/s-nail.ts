/** Lines for the configuration of S-nail, which many systems have as `mail` or `mailx`. */
import type { Encryption } from '../../model/endpoint.ts';
import { type Account, YOUR_ADDRESS, YOUR_PASSWORD } from './account.ts';
import { hashComment } from './comments.ts';
import { createFormat, type Format, orStandIn, type Written } from './format.ts';
import { shellWord } from './shell-words.ts';
import { type Program, signInOf } from './sign-in.ts';
import { smtpUrl } from './url.ts';

export const sNail: Format = createFormat({
  name: 's-nail',
  summary: 'set lines for ~/.mailrc of S-nail (mailx)',
  comment: hashComment,
  write,
});

const PROGRAM: Program = {
  name: 'S-nail',
  speaks: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'OAUTHBEARER', 'GSSAPI', 'EXTERNAL'],
};

const TLS: { readonly [E in Encryption]: readonly string[] } = {
  tls: ['set tls-verify=strict'],
  starttls: ['set tls-verify=strict', 'set smtp-use-starttls'],
  none: ['unset smtp-use-starttls'],
};

function write(account: Account): Written {
  const { encryption } = account;
  const { takes, mechanisms, remarks: limits } = signInOf(account, PROGRAM);
  const remarks = ['For ~/.mailrc (chmod 600).', ...limits];
  const from = orStandIn(mailrcWord, account.from, 'address', YOUR_ADDRESS, remarks);
  const [mechanism = 'PLAIN'] = mechanisms;
  return {
    remarks,
    lines: [
      // Without it, the user name could not stand in the URL.
      'set v15-compat=yes',
      `set mta=${smtpUrl(account)}`,
      ...TLS[encryption],
      `set smtp-auth=${mechanism.toLowerCase()}`,
      `set from=${from}`,
      hashComment(
        `S-nail asks for the ${takes === 'token' ? 'token' : 'password'} where there is a terminal; or:`,
      ),
      hashComment(`set password='${YOUR_PASSWORD}'`),
    ],
  };
}

/** Quoted as in a shell; but a backslash at the end of a line joins it to the next. */
function mailrcWord(value: string): string | null {
  return value.endsWith('\\') ? null : shellWord(value);
}
