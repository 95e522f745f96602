/** The object that nodemailer's `createTransport` takes. */
import type { Account } from './account.ts';
import { slashComment } from './comments.ts';
import { createFormat, type Format, type Written } from './format.ts';
import { type Program, signInOf } from './sign-in.ts';

export const nodemailer: Format = createFormat({
  name: 'nodemailer',
  summary: "options for nodemailer's createTransport()",
  comment: slashComment,
  write,
});

const PROGRAM: Program = {
  name: 'nodemailer',
  speaks: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'],
};

function write(account: Account): Written {
  const { host, port, encryption, username } = account;
  const { takes, remarks } = signInOf(account, PROGRAM);
  const user = javascriptString(username);
  return {
    remarks,
    lines: [
      '{',
      `  host: ${javascriptString(host)},`,
      `  port: ${port},`,
      `  secure: ${encryption === 'tls'},`,
      ...(encryption === 'starttls' ? ['  requireTLS: true,'] : []),
      ...(encryption === 'none' ? ['  ignoreTLS: true,'] : []),
      '  auth: {',
      ...(takes === 'token'
        ? [
            "    type: 'OAuth2',",
            `    user: ${user},`,
            '    accessToken: process.env.SMTP_ACCESS_TOKEN,',
          ]
        : [`    user: ${user},`, '    pass: process.env.SMTP_PASSWORD,']),
      '  },',
      '}',
    ],
  };
}

/** A string literal on one line that survives being put in HTML, too. */
export function javascriptString(value: string): string {
  const body = value
    .replace(/[\\']/g, '\\$&')
    .replace(/[^ -~\p{L}\p{M}\p{N}]|[<>]/gu, (character) => escapes(character));
  return `'${body}'`;
}

function escapes(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');
}
