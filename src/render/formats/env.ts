/** A `.env` file: for dotenv and its like, `docker --env-file`, and `source` in a shell. */

import { printable } from '../../model/printable.ts';
import type { Account } from './account.ts';
import { YOUR_ADDRESS, YOUR_PASSWORD, YOUR_TOKEN, YOUR_USER_NAME } from './account.ts';
import { shellComment } from './comments.ts';
import { createFormat, type Format, orStandIn, type Written } from './format.ts';
import { type SignIn, signInOf } from './sign-in.ts';

export const env: Format = createFormat({
  name: 'env',
  summary: '.env file: SMTP_HOST, SMTP_PORT and so on, for dotenv or a shell',
  comment: shellComment,
  write,
});

function write(account: Account): Written {
  const { username, from } = account;
  const { takes, remarks: limits } = signInOf(account);
  const remarks = [...limits];
  const user = orStandIn(dotenvValue, username, 'user name', YOUR_USER_NAME, remarks);
  const sender = orStandIn(dotenvValue, from, 'address', YOUR_ADDRESS, remarks);
  return {
    remarks,
    lines: [
      ...variablesOf(account).map(([name, value]) => `${name}=${value}`),
      `SMTP_USER=${user}`,
      secretOf(takes).join('='),
      `SMTP_FROM=${sender}`,
    ],
  };
}

/** What other formats have in the environment as well; no value needs quotes anywhere. */
export function variablesOf(account: Account): readonly (readonly [string, string])[] {
  const { host, port, encryption } = account;
  return [
    ['SMTP_HOST', host],
    ['SMTP_PORT', String(port)],
    ['SMTP_ENCRYPTION', encryption],
    // As nodemailer has them: TLS from the first byte; and never without TLS.
    ['SMTP_SECURE', String(encryption === 'tls')],
    ['SMTP_REQUIRE_TLS', String(encryption !== 'none')],
  ];
}

/** The variable for what signs in, which other formats have as well, and what stands in for it. */
export function secretOf(takes: SignIn['takes']): readonly [name: string, standIn: string] {
  return takes === 'token' ? ['SMTP_ACCESS_TOKEN', YOUR_TOKEN] : ['SMTP_PASSWORD', YOUR_PASSWORD];
}

/**
 * A value that shells and the readers of such files agree on: bare where possible, as Docker takes
 * quotes for part of the value; else in single quotes, where a shell expands nothing; in double
 * quotes only what means nothing there. Readers differ over backslashes; and some put variables in
 * for `$` in any quotes, so that a stranger's user name could ask for a secret.
 */
export function dotenvValue(value: string): string | null {
  if (printable(value) !== value || /[\\$]/.test(value)) return null;
  if (/^[A-Za-z0-9@+:./_-]+$/.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  return /["`!]/.test(value) ? null : `"${value}"`;
}
