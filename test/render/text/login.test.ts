/** What a person reads about the login. */
import { describe, expect, it } from 'vitest';
import { warning } from '../../../src/model/warnings.ts';
import { renderText, type TextOptions } from '../../../src/render/text/text.ts';
import type { Report } from '../../../src/report/report.ts';
import {
  loggedIn,
  loggedInAsAnother,
  loginNotTried,
  loginRefused,
  loginTemporary,
  NOW,
  notFound,
  verified,
} from '../samples.ts';

function plain(report: Report, options: Partial<TextOptions> = {}): string {
  return `\n${renderText(report, { width: 80, color: false, unicode: true, now: NOW, ...options })}`;
}

const SETTINGS = /^[\s\S]*?\n\n/;
const afterSettings = (text: string): string => `\n${text.replace(SETTINGS, '')}`;

describe('the text about a login', () => {
  it('says who was let in, how, and as whom they may send', () => {
    expect(plain(loggedIn)).toMatchInlineSnapshot(`
      "
      Server          smtp.example.com
      Port            465
      Encryption      SSL/TLS
      Authentication  normal password (PLAIN, LOGIN), OAuth2 (XOAUTH2)
                      simplest: normal password, or an app password with two-factor
      User name       you@example.com

      ✔ Verified: TLS 1.3 with a trusted certificate, and sign-in is offered.
      ✔ Login accepted (PLAIN) as you@example.com; may send as you@example.com.

      Provider: Example Mail
        • Sign in with an app password when two-factor authentication is on.
        App password: https://help.example.com/app
        Help: https://help.example.com/smtp

      Found in the autoconfig file of example.com
        https://autoconfig.example.com/mail/config-v1.1.xml
      Also found in the SRV records of example.com
      "
    `);
  });

  it('keeps silent about the sender where the address is not known', () => {
    const domain = { ...loggedIn, email: null, login: { ...loggedIn.login, maySendAs: null } };
    expect(plain(domain)).toContain('✔ Login accepted (PLAIN) as you@example.com.\n');
  });

  it('says that the sender could not be asked about', () => {
    const text = plain({ ...loggedIn, login: { ...loggedIn.login, maySendAs: null } });
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'as you@example.com; whether it may send as you@example.com could not be learnt.',
    );
  });

  it('warns below when the login may not send as the address', () => {
    expect(afterSettings(plain(loggedInAsAnother))).toMatchInlineSnapshot(`
      "
      ✔ Verified: TLS 1.3 with a trusted certificate, and sign-in is offered.
      ✔ Login accepted (PLAIN) as you.
      ! The login works, but smtp.example.com:465 will not let it send as
        you@example.com. Use the account's own address, or have the other one allowed.

      Provider: Example Mail
        • Sign in with an app password when two-factor authentication is on.
        App password: https://help.example.com/app
        Help: https://help.example.com/smtp

      Found in the autoconfig file of example.com
        https://autoconfig.example.com/mail/config-v1.1.xml
      Also found in the SRV records of example.com
      "
    `);
  });

  it("gives the server's words when it refuses, and what helps, once", () => {
    expect(afterSettings(plain(loginRefused))).toMatchInlineSnapshot(`
      "
      ✔ Verified: TLS 1.3 with a trusted certificate, and sign-in is offered.
      ✖ Login refused (PLAIN) as you@example.com: 534 5.7.9 Application-specific
        password required.
      ! Example Mail wants an app password here, not the account's own. Make one in
        the account's security settings.

      Provider: Example Mail
        • Sign in with an app password when two-factor authentication is on.
        App password: https://help.example.com/app
        Help: https://help.example.com/smtp

      Found in the autoconfig file of example.com
        https://autoconfig.example.com/mail/config-v1.1.xml
      Also found in the SRV records of example.com
      "
    `);
  });

  it('gives the whole of it when the server had no words', () => {
    const login = { ...loginRefused.login, mechanism: null, reply: null };
    expect(plain({ ...loginRefused, login })).toContain(
      '✖ Login refused as you@example.com. The login at smtp.example.com:465 failed',
    );
  });

  it('tells all that was tried when asked to explain', () => {
    const text = plain(loginRefused, { explain: true }).replaceAll(/\s+/g, ' ');
    expect(text).toContain('! The login at smtp.example.com:465 failed: the server refused');
    expect(text.match(/wants an app password/g)).toHaveLength(1);
  });

  it('says that the server could not tell, and why nothing was tried', () => {
    expect(afterSettings(plain(loginTemporary))).toMatchInlineSnapshot(`
      "
      ✔ Verified: TLS 1.3 with a trusted certificate, and sign-in is offered.
      ! Login not checked. smtp.example.com:465 could not check the login now: the
        server can't say now: 454 4.7.0 Try later. Try again in some minutes.

      Provider: Example Mail
        • Sign in with an app password when two-factor authentication is on.
        App password: https://help.example.com/app
        Help: https://help.example.com/smtp

      Found in the autoconfig file of example.com
        https://autoconfig.example.com/mail/config-v1.1.xml
      Also found in the SRV records of example.com
      "
    `);
    expect(afterSettings(plain(loginNotTried))).toMatchInlineSnapshot(`
      "
      ! Not verified. mail.bücher.example:587 offers no encryption: the password and
        every message would cross the network in the clear. Ask the provider for a
        server with TLS.
      ! The login was not tried: the server could not be verified.
      ! The user name is assumed: the full address is the usual one. If it is refused,
        try the part before the @.
      ! Something timed out or failed for now, so a better answer may exist. Run it
        again, or give it longer with --timeout.

      Guessed from the usual names under bücher.example
      "
    `);
    const nowhere: Report = {
      ...notFound,
      login: loginNotTried.login,
      warnings: [warning('login-not-tried', { reason: 'no server was found' })],
    };
    expect(plain(nowhere)).toContain('! The login was not tried: no server was found.\n');
  });

  it('stays when asked to be quiet, with what the provider says of signing in', () => {
    expect(afterSettings(plain(loggedIn, { quiet: true }))).toMatchInlineSnapshot(`
      "
      ✔ Login accepted (PLAIN) as you@example.com; may send as you@example.com.
      "
    `);
    expect(afterSettings(plain(loginRefused, { quiet: true }))).toMatchInlineSnapshot(`
      "
      ✖ Login refused (PLAIN) as you@example.com: 534 5.7.9 Application-specific
        password required.
      ! Example Mail wants an app password here, not the account's own. Make one in
        the account's security settings.
        • Sign in with an app password when two-factor authentication is on.
        Help: https://help.example.com/smtp
      "
    `);
    expect(afterSettings(plain(loginNotTried, { quiet: true }))).toMatchInlineSnapshot(`
      "
      ! The login was not tried: the server could not be verified.
      "
    `);
  });

  it('no longer calls a user name assumed that was let in', () => {
    const settings = { ...verified.settings, usernameFrom: 'assumed' as const };
    expect(plain({ ...verified, settings })).toContain('you@example.com (assumed)');
    expect(plain({ ...loggedIn, settings })).not.toContain('(assumed)');
  });

  it('still warns of OAuth 2.0 where that is not about the login', () => {
    const told = warning('oauth2-only', { provider: 'Example Mail' });
    const text = plain({ ...loginTemporary, warnings: [...loginTemporary.warnings, told] });
    expect(text.match(/accepts only OAuth 2\.0/g)).toHaveLength(1);
    const twice = [...loginRefused.warnings, told, told];
    expect(plain({ ...loginRefused, warnings: twice }).match(/only OAuth 2\.0/g)).toHaveLength(1);
  });

  it('shows no escapes of a reply', () => {
    const login = { ...loginRefused.login, reply: '535 \u001b[31mno\u202e', username: 'y\u0007ou' };
    expect(plain({ ...loginRefused, login })).toContain('(PLAIN) as you: 535 no.\n');
  });
});
