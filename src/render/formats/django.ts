/** Settings of Django's. */
import { type Account, YOUR_PASSWORD } from './account.ts';
import { codeComment } from './comments.ts';
import { createFormat, type Format, type Written } from './format.ts';
import { limitsOf, pythonString } from './python.ts';
import { type Program, signInOf } from './sign-in.ts';

export const django: Format = createFormat({
  name: 'django',
  summary: "EMAIL_ settings for Django's settings.py",
  comment: codeComment,
  write,
});

const PROGRAM: Program = { name: 'Django', speaks: ['PLAIN', 'LOGIN', 'CRAM-MD5'] };

function write(account: Account): Written {
  const { host, port, encryption, username, from } = account;
  const remarks = [
    `For settings.py. The password is in the environment: SMTP_PASSWORD=${YOUR_PASSWORD}`,
    ...signInOf(account, PROGRAM).remarks,
    ...limitsOf(username),
  ];
  if (encryption !== 'none') remarks.push('Django checks the certificate from version 4.2 on.');
  const sender = pythonString(from);
  return {
    remarks,
    lines: [
      'import os',
      '',
      "EMAIL_BACKEND = 'django.core.mail.backends.smtp.EmailBackend'",
      `EMAIL_HOST = ${pythonString(host)}`,
      `EMAIL_PORT = ${port}`,
      `EMAIL_USE_SSL = ${encryption === 'tls' ? 'True' : 'False'}`,
      `EMAIL_USE_TLS = ${encryption === 'starttls' ? 'True' : 'False'}`,
      `EMAIL_HOST_USER = ${pythonString(username)}`,
      "EMAIL_HOST_PASSWORD = os.environ['SMTP_PASSWORD']",
      'EMAIL_TIMEOUT = 30',
      `DEFAULT_FROM_EMAIL = ${sender}`,
      `SERVER_EMAIL = ${sender}`,
    ],
  };
}
