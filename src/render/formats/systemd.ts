/** A drop-in for a service of systemd's: the settings in its environment, the password encrypted. */

import { printable } from '../../model/printable.ts';
import { type Account, YOUR_ADDRESS, YOUR_USER_NAME } from './account.ts';
import { hashComment } from './comments.ts';
import { variablesOf } from './env.ts';
import { createFormat, type Format, orStandIn, type Written } from './format.ts';
import { signInOf } from './sign-in.ts';

export const systemd: Format = createFormat({
  name: 'systemd',
  summary: 'drop-in for a systemd unit, with an encrypted credential',
  comment: hashComment,
  write,
});

const FOLDER = '/etc/systemd/system/YOUR-SERVICE.service.d';

function write(account: Account): Written {
  const { takes, remarks: limits } = signInOf(account);
  const secret = takes === 'token' ? 'access token' : 'password';
  const credential = takes === 'token' ? 'smtp-access-token' : 'smtp-password';
  const encrypted = `/etc/credstore.encrypted/${credential}`;
  const remarks = [
    `For ${FOLDER}/smtp.conf; then run: systemctl daemon-reload`,
    `The ${secret} never stands in the unit. First, as root:`,
    'mkdir -p -m 700 /etc/credstore.encrypted',
    `systemd-ask-password -n | systemd-creds encrypt --name=${credential} - ${encrypted}`,
    ...limits,
  ];
  const set = (name: string, value: string, what: string, standIn: string): string =>
    `Environment=${orStandIn((text) => assignment(name, text), value, what, `${name}=${standIn}`, remarks)}`;
  return {
    remarks,
    lines: [
      '[Service]',
      ...variablesOf(account).map(([name, value]) => `Environment=${name}=${value}`),
      set('SMTP_USER', account.username, 'user name', YOUR_USER_NAME),
      set('SMTP_FROM', account.from, 'address', YOUR_ADDRESS),
      hashComment(`The service finds the ${secret} in the file that this names (systemd 250):`),
      `LoadCredentialEncrypted=${credential}:${encrypted}`,
      `Environment=${takes === 'token' ? 'SMTP_ACCESS_TOKEN_FILE' : 'SMTP_PASSWORD_FILE'}=%d/${credential}`,
    ],
  };
}

/** An assignment as one word, where `%` begins a specifier and `$` nothing. */
export function assignment(name: string, value: string): string | null {
  if (printable(value) !== value) return null;
  const text = `${name}=${value}`.replaceAll('%', '%%');
  if (/^[A-Za-z0-9_=@+:./%-]+$/.test(text)) return text;
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
