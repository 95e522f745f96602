/** Variables of Laravel's mail configuration, for its `.env` file. */
import { hostPort } from '../../model/endpoint.ts';
import {
  type Account,
  YOUR_ADDRESS,
  YOUR_PASSWORD,
  YOUR_TOKEN,
  YOUR_USER_NAME,
} from './account.ts';
import { shellComment } from './comments.ts';
import { dotenvValue } from './env.ts';
import { createFormat, type Format, orStandIn, type Written } from './format.ts';
import { signInOf } from './sign-in.ts';
import { INSISTS_LATELY, queries, symfonyMailer } from './symfony.ts';

export const laravel: Format = createFormat({
  name: 'laravel',
  summary: 'MAIL_ variables of Laravel for .env',
  comment: shellComment,
  write,
});

function write(account: Account): Written {
  const { host, port, encryption, username, from } = account;
  const { takes, remarks: limits } = signInOf(account, symfonyMailer);
  const remarks = ['For .env, which stays out of Git.', ...limits];
  if (encryption === 'starttls') {
    remarks.push(INSISTS_LATELY);
  }
  const user = orStandIn(dotenvValue, username, 'user name', YOUR_USER_NAME, remarks);
  const sender = orStandIn(dotenvValue, from, 'address', YOUR_ADDRESS, remarks);
  // No variable but the URL can say that STARTTLS is required, or unwanted.
  const query = queries[encryption];
  return {
    remarks,
    lines: [
      'MAIL_MAILER=smtp',
      ...(query === '' ? [] : [`MAIL_URL='smtp://${hostPort(host, port)}${query}'`]),
      `MAIL_SCHEME=${encryption === 'tls' ? 'smtps' : 'smtp'}`,
      `MAIL_HOST=${host}`,
      `MAIL_PORT=${port}`,
      `MAIL_USERNAME=${user}`,
      `MAIL_PASSWORD=${takes === 'token' ? YOUR_TOKEN : YOUR_PASSWORD}`,
      `MAIL_FROM_ADDRESS=${sender}`,
    ],
  };
}
