/** What a server says of a password, and whom it lets send as whom. */
import { PASSWORD } from '../world.ts';
import { type Case, startTls, tls, verified } from './case.ts';

const accepted = { outcome: 'accepted', maySendAs: true } as const;
const refused = { outcome: 'refused', maySendAs: null } as const;

export const logins: readonly Case[] = [
  {
    name: 'may send as oneself (Postfix, sender maps, judged at RCPT)',
    query: 'you@mapped.example',
    password: PASSWORD,
    expected: verified(startTls('mapped.example'), 'srv', { login: accepted, warnings: [] }),
  },
  {
    name: 'may not send as somebody else (Postfix, sender maps, judged at RCPT)',
    query: 'other@mapped.example',
    args: ['--user', 'you@mapped.example'],
    password: PASSWORD,
    expected: verified(startTls('mapped.example'), 'srv', {
      login: { outcome: 'accepted', maySendAs: false },
      warnings: ['sender-refused'],
      username: 'you@mapped.example',
    }),
  },
  {
    name: 'logs in through nginx (465)',
    query: 'you@nginx-tls.example',
    password: PASSWORD,
    expected: verified(tls('nginx-tls.example'), 'srv', { login: accepted, warnings: [] }),
  },
  {
    name: 'logs in through haproxy (587)',
    query: 'you@haproxy.example',
    password: PASSWORD,
    expected: verified(startTls('haproxy.example'), 'srv', { login: accepted, warnings: [] }),
  },
  {
    name: 'logs in through stunnel (465)',
    query: 'you@stunnel-tls.example',
    password: PASSWORD,
    expected: verified(tls('stunnel-tls.example'), 'srv', { login: accepted, warnings: [] }),
  },
  {
    name: 'logs in at sendmail',
    query: 'you@sendmail.example',
    password: PASSWORD,
    expected: verified(tls('sendmail.example'), 'srv', { login: accepted, warnings: [] }),
  },
  {
    name: 'logs in at Courier',
    query: 'you@other.courier.example',
    password: PASSWORD,
    expected: verified(startTls('other.courier.example'), 'srv', {
      login: accepted,
      warnings: [],
    }),
  },
  {
    name: 'does not take a no to the recipient for one to the sender (Courier)',
    query: 'you@courier.example',
    password: PASSWORD,
    expected: verified(tls('courier.example'), 'srv', {
      login: { outcome: 'accepted', maySendAs: null },
      warnings: [],
    }),
  },
  {
    name: 'logs in where one connection at a time is taken (Exim)',
    query: 'you@one-each.example',
    client: 'v4',
    password: PASSWORD,
    expected: verified(startTls('one-each.example'), 'srv', { login: accepted, warnings: [] }),
  },
  {
    name: 'shows why logins are refused (Exim, acl_smtp_auth)',
    query: 'you@auth-denied.example',
    password: PASSWORD,
    expected: verified(tls('auth-denied.example'), 'srv', {
      exit: 4,
      login: refused,
      warnings: ['login-refused'],
      says: /no logins from your network/,
    }),
  },
  {
    // That it was one attempt, the server's log shows: see logs.ts.
    name: 'stops when there were too many logins (Exim, acl_smtp_auth)',
    query: 'you@auth-locked.example',
    password: PASSWORD,
    expected: verified(startTls('auth-locked.example'), 'srv', {
      exit: 4,
      login: refused,
      warnings: ['login-refused'],
      says: /too many logins/,
    }),
  },
];
