/** A swaks command that goes as far as signing in. */
import type { Encryption } from '../../model/endpoint.ts';
import { type Account, YOUR_USER_NAME } from './account.ts';
import { shellComment } from './comments.ts';
import { createFormat, type Format, orStandIn, type Written } from './format.ts';
import { shellWord } from './shell-words.ts';
import { type Program, signInOf } from './sign-in.ts';

export const swaks: Format = createFormat({
  name: 'swaks',
  summary: 'swaks command that tries to sign in, and asks for the password',
  comment: shellComment,
  write,
});

const PROGRAM: Program = {
  name: 'swaks',
  speaks: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'DIGEST-MD5', 'NTLM'],
};

const TLS: { readonly [E in Encryption]: readonly string[] } = {
  tls: ['--tls-on-connect', '--tls-verify'],
  starttls: ['--tls', '--tls-verify'],
  none: [],
};

function write(account: Account): Written {
  const { host, port, encryption, username } = account;
  const { mechanisms, hopeless, remarks: limits } = signInOf(account, PROGRAM);
  const remarks = [...limits];
  const user = orStandIn(swaksUser, username, 'user name', YOUR_USER_NAME, remarks);
  const [mechanism = 'PLAIN,LOGIN'] = mechanisms;
  const signIn = [
    `--auth ${mechanism}`,
    `--auth-user ${user}`,
    '--protect-prompt',
    '--auth-hide-password',
    '--quit-after AUTH',
  ];
  const options = [
    `--server ${host}`,
    `--port ${port}`,
    ...TLS[encryption],
    ...(hopeless ? ['--quit-after HELO'] : signIn),
  ];
  return { remarks, lines: [`swaks ${options.join(' ')}`] };
}

/** What begins with a hyphen would be an option, and `<>` stands for an empty name. */
function swaksUser(username: string): string | null {
  return username.startsWith('-') || username === '<>' || username === ''
    ? null
    : shellWord(username);
}
