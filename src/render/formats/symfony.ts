/** A DSN for Symfony Mailer, in a `.env` file. */
import type { Encryption } from '../../model/endpoint.ts';
import { type Account, YOUR_PASSWORD, YOUR_TOKEN } from './account.ts';
import { shellComment } from './comments.ts';
import { createFormat, type Format, type Written } from './format.ts';
import { type Program, signInOf } from './sign-in.ts';
import { authority } from './url.ts';

export const symfony: Format = createFormat({
  name: 'symfony',
  summary: 'MAILER_DSN of Symfony for .env.local',
  comment: shellComment,
  write,
});

/** Laravel sends with it as well. A token goes in place of a password. */
export const symfonyMailer: Program = {
  name: 'Symfony Mailer',
  speaks: ['CRAM-MD5', 'LOGIN', 'PLAIN', 'XOAUTH2'],
};
export const INSISTS_LATELY =
  'warning: Symfony Mailer insists on STARTTLS from 7.3 on. Older ones would do without.';

/** What to do about STARTTLS, for the end of a URL. */
export const queries: { readonly [E in Encryption]: string } = {
  tls: '',
  starttls: '?require_tls=true',
  none: '?auto_tls=false',
};

function write(account: Account): Written {
  const { encryption } = account;
  const { takes, remarks: limits } = signInOf(account, symfonyMailer);
  const remarks = [
    'For .env.local, which stays out of Git. The password is percent-encoded there.',
    ...limits,
  ];
  if (encryption === 'starttls') {
    remarks.push(INSISTS_LATELY);
  }
  const scheme = encryption === 'tls' ? 'smtps' : 'smtp';
  const place = authority(account, takes === 'token' ? YOUR_TOKEN : YOUR_PASSWORD);
  return {
    remarks,
    lines: [`MAILER_DSN='${scheme}://${place}${queries[encryption]}'`],
  };
}
