/** What Symfony Mailer speaks, which Laravel has, too. It takes a token in place of a password. */
import type { Program } from './sign-in.ts';

export const symfonyMailer: Program = {
  name: 'Symfony Mailer',
  speaks: ['CRAM-MD5', 'LOGIN', 'PLAIN', 'XOAUTH2'],
};
