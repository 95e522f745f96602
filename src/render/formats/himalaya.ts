/** The sending side of an account for Himalaya's `config.toml`. */
import type { Encryption } from '../../model/endpoint.ts';
import type { Account } from './account.ts';
import { hashComment } from './comments.ts';
import { createFormat, type Format, type Written } from './format.ts';
import { quotedString } from './quoted-string.ts';
import { type Program, type SignIn, signInOf } from './sign-in.ts';

export const himalaya: Format = createFormat({
  name: 'himalaya',
  summary: 'sending side of an account for config.toml of Himalaya 1',
  comment: hashComment,
  write,
});

const PROGRAM: Program = {
  name: 'Himalaya',
  speaks: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'OAUTHBEARER', 'XOAUTH2'],
};

/** STARTTLS is required where it is named. */
const ENCRYPTIONS: { readonly [E in Encryption]: string } = {
  tls: 'tls',
  starttls: 'start-tls',
  none: 'none',
};

function write(account: Account): Written {
  const { host, port, encryption, username, from } = account;
  const signIn = signInOf(account, PROGRAM);
  const remarks = [
    'For ~/.config/himalaya/config.toml (chmod 600). Where mail is read from is for you to add.',
    ...signIn.remarks,
  ];
  const send: readonly (readonly [string, string | number])[] = [
    ['type', 'smtp'],
    ['host', host],
    ['port', port],
    ['encryption.type', ENCRYPTIONS[encryption]],
    ['login', username],
  ];
  return {
    remarks,
    lines: [
      `[accounts.${quotedString(account.domain ?? host)}]`,
      `email = ${quotedString(from)}`,
      ...send.map(
        ([key, value]) =>
          `message.send.backend.${key} = ${typeof value === 'number' ? value : quotedString(value)}`,
      ),
      ...authentication(account, signIn).map((line) => `message.send.backend.auth.${line}`),
    ],
  };
}

function authentication({ oauth }: Account, { takes, mechanisms }: SignIn): readonly string[] {
  if (takes !== 'token') {
    return ['type = "password"', 'cmd = "YOUR-PASSWORD-COMMAND"'];
  }
  const [method = 'XOAUTH2'] = mechanisms;
  const scopes = oauth?.scopes.map((scope) => quotedString(scope)) ?? [];
  return [
    'type = "oauth2"',
    `method = ${quotedString(method.toLowerCase())}`,
    'client-id = "YOUR-CLIENT-ID"',
    'access-token.cmd = "YOUR-TOKEN-COMMAND"',
    `auth-url = ${quotedString(oauth?.authorizationEndpoint || 'YOUR-AUTHORIZATION-URL')}`,
    `token-url = ${quotedString(oauth?.tokenEndpoint || 'YOUR-TOKEN-URL')}`,
    `scopes = [${scopes.join(', ')}]`,
  ];
}
