/** Commands that set `git send-email` up. */
import type { Encryption } from '../../model/endpoint.ts';
import { type Account, YOUR_USER_NAME } from './account.ts';
import { shellComment } from './comments.ts';
import { createFormat, type Format, orStandIn, type Written } from './format.ts';
import { shellWord } from './shell-words.ts';
import { type Program, signInOf } from './sign-in.ts';

export const git: Format = createFormat({
  name: 'git',
  summary: 'git config commands for git send-email',
  comment: shellComment,
  write,
});

/** In git's words `tls` is STARTTLS; anything that is neither means no encryption. */
const ENCRYPTIONS: { readonly [E in Encryption]: string } = {
  tls: 'ssl',
  starttls: 'tls',
  none: 'none',
};

/** What Perl's Authen::SASL brings. */
const PROGRAM: Program = {
  name: 'git send-email',
  speaks: [
    'PLAIN',
    'LOGIN',
    'CRAM-MD5',
    'DIGEST-MD5',
    'OAUTHBEARER',
    'XOAUTH2',
    'GSSAPI',
    'EXTERNAL',
  ],
};

function write(account: Account): Written {
  const { host, port, encryption, username, email } = account;
  const { takes, mechanisms, remarks: limits } = signInOf(account, PROGRAM);
  const remarks = [...limits];
  const user = orStandIn(shellWord, username, 'user name', YOUR_USER_NAME, remarks);
  const sender = email === null ? null : shellWord(email);
  const [token = null] = takes === 'token' ? mechanisms : [];
  if (token !== null) {
    remarks.push("For OAuth 2.0, git needs Perl's Authen::SASL 2.1800 or newer.");
  }
  return {
    remarks,
    lines: [
      set('smtpServer', host),
      set('smtpServerPort', String(port)),
      set('smtpEncryption', ENCRYPTIONS[encryption]),
      set('smtpUser', user),
      token === null ? unset('smtpAuth') : set('smtpAuth', token),
      ...(sender === null ? [] : [set('from', sender)]),
      shellComment(
        `git asks for the ${token === null ? 'password' : 'token'} when it sends, or its credential helper does.`,
      ),
    ],
  };
}

/** @param word safe for a shell */
function set(key: string, word: string): string {
  return `git config --global sendemail.${key} ${word}`;
}

/** What an earlier server had. git fails where there is nothing to unset. */
function unset(key: string): string {
  return `git config --global --unset-all sendemail.${key} || true`;
}
