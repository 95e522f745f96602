/** Settings of Action Mailer, for an environment of Rails. */
import type { Encryption } from '../../model/endpoint.ts';
import type { Account } from './account.ts';
import { codeComment } from './comments.ts';
import { secretOf } from './env.ts';
import { createFormat, type Format, type Written } from './format.ts';
import { type Program, signInOf } from './sign-in.ts';

export const rails: Format = createFormat({
  name: 'rails',
  summary: 'Action Mailer smtp_settings for an environment of Rails',
  comment: codeComment,
  write,
});

const PROGRAM: Program = {
  name: 'Rails',
  speaks: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'],
};

/** Older versions of the gem mail know only the pair, newer ones the first. */
const TLS: { readonly [E in Encryption]: readonly string[] } = {
  tls: ['tls: true', 'enable_starttls_auto: false'],
  starttls: ['enable_starttls: true', 'enable_starttls_auto: false'],
  none: ['enable_starttls: false', 'enable_starttls_auto: false'],
};

function write(account: Account): Written {
  const { host, port, encryption, username, from } = account;
  const { takes, mechanisms, remarks: limits } = signInOf(account, PROGRAM);
  const [variable, secret] = secretOf(takes);
  const remarks = [
    `For config/environments/production.rb, within configure. The environment has ${variable}=${secret}`,
    ...limits,
  ];
  if (takes === 'token') remarks.push('XOAUTH2 needs the gem net-smtp 0.5 or newer.');
  const [mechanism = 'PLAIN'] = mechanisms;
  const settings = [
    `address: ${rubyString(host)}`,
    `port: ${port}`,
    ...TLS[encryption],
    ...(encryption === 'none' ? [] : ["openssl_verify_mode: 'peer'"]),
    `authentication: :${mechanism.toLowerCase().replace('-', '_')}`,
    `user_name: ${rubyString(username)}`,
    `password: ENV.fetch('${variable}')`,
  ];
  return {
    remarks,
    lines: [
      'config.action_mailer.delivery_method = :smtp',
      `config.action_mailer.default_options = { from: ${rubyString(from)} }`,
      'config.action_mailer.smtp_settings = {',
      ...settings.map((setting) => `  ${setting},`),
      '}',
    ],
  };
}

/** In single quotes nothing is expanded; else each character by its number. */
export function rubyString(value: string): string {
  if (/^[ -~\p{L}\p{M}\p{N}]*$/u.test(value)) return `'${value.replace(/[\\']/g, '\\$&')}'`;
  const body = value.replace(
    /[^ -~\p{L}\p{M}\p{N}]|[\\"#]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return `"${body}"`;
}
