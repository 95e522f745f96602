/** Properties of Spring Boot's mail support. */
import type { Encryption } from '../../model/endpoint.ts';
import { type Account, YOUR_ADDRESS, YOUR_USER_NAME } from './account.ts';
import { hashComment } from './comments.ts';
import { secretOf } from './env.ts';
import { createFormat, type Format, orStandIn, type Written } from './format.ts';
import { type Program, signInOf } from './sign-in.ts';

export const spring: Format = createFormat({
  name: 'spring',
  summary: 'spring.mail lines for application.properties',
  comment: hashComment,
  write,
});

const PROGRAM: Program = {
  name: 'Jakarta Mail',
  speaks: ['LOGIN', 'PLAIN', 'DIGEST-MD5', 'NTLM', 'XOAUTH2'],
};

const TLS: { readonly [E in Encryption]: readonly string[] } = {
  tls: ['ssl.enable=true', 'ssl.checkserveridentity=true'],
  starttls: ['starttls.enable=true', 'starttls.required=true', 'ssl.checkserveridentity=true'],
  none: ['starttls.enable=false'],
};

function write(account: Account): Written {
  const { host, port, encryption, username, from } = account;
  const { takes, mechanisms, remarks: limits } = signInOf(account, PROGRAM);
  const [variable, secret] = secretOf(takes);
  const remarks = [
    `For application.properties. The environment has ${variable}=${secret}`,
    ...limits,
  ];
  const user = orStandIn(propertyValue, username, 'user name', YOUR_USER_NAME, remarks);
  const sender = orStandIn(propertyValue, from, 'address', YOUR_ADDRESS, remarks);
  const mail = [
    ...['auth=true', ...TLS[encryption]],
    ...(mechanisms.length === 0 ? [] : [`auth.mechanisms=${mechanisms.join(' ')}`]),
    ...['connectiontimeout=30000', 'timeout=30000', 'writetimeout=30000'],
    `from=${sender}`,
  ];
  return {
    remarks,
    lines: [
      `spring.mail.host=${propertyValue(host) ?? host}`,
      `spring.mail.port=${port}`,
      `spring.mail.username=${user}`,
      `spring.mail.password=\${${variable}}`,
      ...mail.map((line) => `spring.mail.properties.mail.smtp.${line}`),
    ],
  };
}

/**
 * The rest of a line; files are read as Latin-1 by some versions. Spring puts other properties in
 * for `${…}`, so that a stranger's user name could ask for a secret.
 */
export function propertyValue(value: string): string | null {
  if (value.includes('${')) return null;
  return value.replace(
    /[^ -~]|\\|^ | $/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
