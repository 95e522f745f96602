/** What servers say to AUTH, and what it means. */
import { describe, expect, test } from 'vitest';
import { judgeSender, senderCommands } from '../../src/login/may-send-as.ts';
import { judgeAuthReply } from '../../src/login/verdict.ts';
import { type Reply, ReplyParser } from '../../src/smtp/reply.ts';

function reply(text: string): Reply {
  const parser = new ReplyParser();
  parser.push(Buffer.from(`${text.replaceAll('\n', '\r\n')}\r\n`));
  const parsed = parser.next();
  if (!parsed) throw new Error(`no whole reply: ${text}`);
  return parsed;
}

const refused = (hint: string | null = null, final: boolean = hint !== null) => ({
  kind: 'refused',
  hint,
  final,
});

describe('the last word on AUTH', () => {
  test.each([
    ['235 2.7.0 Accepted', { kind: 'accepted' }],
    ['235', { kind: 'accepted' }],
    ['250 ok', { kind: 'unusable' }],
    ['421 4.3.0 closing', { kind: 'temporary' }],
    ['454 4.7.0 Temporary authentication failure', { kind: 'temporary' }],
    ['432 4.7.12 A password transition is needed', refused()],
    ['500 5.5.2 unrecognized command', { kind: 'unusable' }],
    ['501 5.5.2 cannot decode', { kind: 'unusable' }],
    ['503 5.5.1 AUTH not enabled', { kind: 'unusable' }],
    ['504 5.5.4 Unrecognized Authentication Type', { kind: 'unusable' }],
    ['504 5.7.8 invalid credentials, and a wrong code', refused()],
    ['530 5.7.0 Must issue a STARTTLS command first', { kind: 'unusable' }],
    ['538 5.7.11 Encryption required', { kind: 'unusable' }],
    ['534 5.7.9 Authentication mechanism is too weak', { kind: 'unusable' }],
    ['535 5.7.4 Unrecognized mechanism', { kind: 'unusable' }],
    ['535 Incorrect authentication data', refused()],
    ['535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6', refused()],
    ['535 5.7.3 Authentication unsuccessful', refused()],
    ['550 relay not allowed', refused()],
    [
      '535-5.7.8 Username and Password not accepted. For more information, go to\n535 5.7.8  https://support.google.com/mail/?p=BadCredentials 1 - gsmtp',
      refused(),
    ],
    [
      '534-5.7.9 Application-specific password required. For more information, go to\n534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor 1 - gsmtp',
      refused('app-password'),
    ],
    [
      '534-5.7.9 Please log in with your web browser and then try again. For more\n534 5.7.9 information, go to https://support.google.com/mail/?p=WebLoginRequired 1 - gsmtp',
      refused(null, true),
    ],
    ['534 5.7.9 需要', refused('app-password')],
    [
      '535 5.7.0 NEOBHODIM parol prilozheniya / Application password is REQUIRED',
      refused('app-password'),
    ],
    ['535 Login Fail. Please enter your authorization code to login.', refused('app-password')],
    ['535 Error: 请使用授权码登录', refused('app-password')],
    ['535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.', refused()],
    [
      '535 5.7.139 Authentication unsuccessful, basic authentication is disabled.',
      refused('oauth2-only'),
    ],
    [
      "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy.",
      refused('oauth2-only'),
    ],
    [
      '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.',
      refused('smtp-auth-disabled'),
    ],
    ['550 User has no permission', refused('smtp-auth-disabled')],
    [
      '535 5.7.8 Error: authentication failed: This user does not have access rights to this service',
      refused('smtp-auth-disabled'),
    ],
    ['535 5.7.0 (#AUTH005) Too many bad auth attempts', refused(null, true)],
    ['535 5.7.8 account has been locked', refused(null, true)],
    ['503 too many logins', refused(null, true)],
    ['503 5.5.1 Too many failed authentication attempts', refused(null, true)],
    ['504 5.7.4 user is suspended', refused(null, true)],
    ['504 5.7.4 mechanism blocked by policy', { kind: 'unusable' }],
    ['530 5.7.0 Access blocked', refused(null, true)],
    ['535 5.7.8 Your IP is temporarily blocked', refused(null, true)],
    ['535 5.7.8 Mailbox is suspended', refused(null, true)],
    ['454 4.7.0 Too many login attempts', { kind: 'temporary' }],
    ['501 5.5.4 too many arguments', { kind: 'unusable' }],
  ])('%s', (text, expected) => {
    expect(judgeAuthReply(reply(text), 'CRAM-MD5')).toEqual(expected);
  });
});

describe('MAIL FROM', () => {
  test.each([
    ['you@example.com', {}, 'MAIL FROM:<you@example.com>'],
    ['a.b+c@example.com', {}, 'MAIL FROM:<a.b+c@example.com>'],
    ['jürgen@example.com', { SMTPUTF8: '' }, 'MAIL FROM:<jürgen@example.com> SMTPUTF8'],
    ['jürgen@example.com', {}, null],
    ['a b@example.com', {}, null],
    ['a"b@example.com', {}, null],
    ['a@b@example.com', {}, null],
    ['"a\\"b>"@example.com', {}, 'MAIL FROM:<"a\\"b>"@example.com>'],
    ['"a\r\nb"@example.com', {}, null],
    ['a@example.com>\r\nRCPT TO:<b', {}, null],
    ['@example.com', {}, null],
    ['example.com', {}, null],
    ['', {}, null],
  ])('for %j', (address, keywords, expected) => {
    expect(senderCommands(address, keywords)?.mail ?? null).toBe(expected);
  });
});

test('RCPT TO names the same mailbox, without the parameters of MAIL FROM', () => {
  expect(senderCommands('jürgen@bücher.example', { SMTPUTF8: '' })?.rcpt).toBe(
    'RCPT TO:<jürgen@xn--bcher-kva.example>',
  );
});

describe('whether the login may send as the address', () => {
  test.each([
    ['250 2.1.0 Ok', '250 2.1.5 Ok', true],
    ['250 2.1.0 Ok', '251 will forward', true],
    ['250 2.1.0 Ok', null, null],
    [null, null, null],
    // Postfix as it comes rejects a sender only after RCPT.
    [
      '250 2.1.0 Ok',
      '553 5.7.1 <a@b.example>: Sender address rejected: not owned by user c',
      false,
    ],
    ['250 2.1.0 Ok', '554 5.7.1 <a@b.example>: Sender address rejected: Access denied', false],
    ['250 ok', '550 5.7.60 Client does not have permissions to send as this sender', false],
    ['250 ok', '550 5.7.1 You are not allowed to use this From address', false],
    ['250 ok', '553 not yours', false],
    ['553 5.7.1 not owned', null, false],
    ['550 no such sender', null, false],
    ['250 ok', '554 5.7.1 <a@b.example>: Relay access denied', null],
    ['250 ok', '550 5.7.1 Unable to relay', null],
    ['250 ok', '550 5.7.1 blocked for spam', null],
    ['250 ok', "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", null],
    ['250 ok', '553 5.1.3 bad recipient address syntax', null],
    ['250 ok', '550 5.1.1 <a@b.example>: Recipient address rejected: User unknown', null],
    ['250 ok', '554 5.7.1 <a@b.example>: Recipient address rejected: Access denied', null],
    ['250 ok', '550 relay not permitted', null],
    ['250 ok', '450 4.2.0 Greylisted', null],
    ['451 4.3.0 later', null, null],
  ])('%j and %j: %j', (mail, rcpt, expected) => {
    const said = (text: string | null): Reply | null => (text === null ? null : reply(text));
    expect(judgeSender({ mail: said(mail), rcpt: said(rcpt) }).may).toBe(expected);
  });
});
