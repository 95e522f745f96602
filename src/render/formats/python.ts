/** A fragment of Python that connects and signs in, with the standard library alone. */
import type { Account } from './account.ts';
import { codeComment } from './comments.ts';
import { createFormat, type Format, type Written } from './format.ts';
import { quotedString } from './quoted-string.ts';
import { type Program, type SignIn, signInOf } from './sign-in.ts';

export const python: Format = createFormat({
  name: 'python',
  summary: 'Python that connects and signs in, with smtplib',
  comment: codeComment,
  write,
});

const PROGRAM: Program = {
  name: 'smtplib',
  speaks: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2', 'OAUTHBEARER'],
};

function write(account: Account): Written {
  const { host, port, encryption, username } = account;
  const signIn = signInOf(account, PROGRAM);
  const remarks = [...signIn.remarks, ...limitsOf(username)];
  const place = `${pythonString(host)}, ${port}, timeout=30`;
  return {
    remarks,
    lines: [
      'import os',
      'import smtplib',
      ...(encryption === 'none'
        ? ['']
        : ['import ssl', '', 'context = ssl.create_default_context()']),
      encryption === 'tls'
        ? `with smtplib.SMTP_SSL(${place}, context=context) as smtp:`
        : `with smtplib.SMTP(${place}) as smtp:`,
      ...(encryption === 'starttls' ? ['    smtp.starttls(context=context)'] : []),
      ...statements(signIn, username).map((line) => `    ${line}`),
      '    # smtp.send_message(message)',
    ],
  };
}

function statements({ takes, mechanisms }: SignIn, username: string): readonly string[] {
  const user = pythonString(username);
  const [mechanism] = mechanisms;
  if (takes !== 'token' || mechanism === undefined)
    return [`smtp.login(${user}, os.environ['SMTP_PASSWORD'])`];
  // RFC 7628 §3.1 for the one; the other is Google's own. Asked for more, which means that the token
  // was refused, the client answers with nothing.
  const start =
    mechanism === 'XOAUTH2'
      ? `'user=' + ${user}`
      : `'n,a=' + ${pythonString(username.replaceAll('=', '=3D').replaceAll(',', '=2C'))} + ','`;
  return [
    `token = ${start} + '\\x01auth=Bearer ' + os.environ['SMTP_ACCESS_TOKEN'] + '\\x01\\x01'`,
    'smtp.ehlo()',
    `smtp.auth('${mechanism}', lambda challenge=None: '' if challenge else token)`,
  ];
}

/** Of smtplib, which Django sends with as well. */
export function limitsOf(username: string): readonly string[] {
  return /[^\x00-\x7f]/.test(username) ? ['smtplib signs in with ASCII user names only.'] : [];
}

/** A string literal on one line. */
export function pythonString(value: string): string {
  return quotedString(value, "'");
}
