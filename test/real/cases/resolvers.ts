/** Machines that can't look anything up: the program says so, and blames no domain for it. */
import { type Case, notFound, unverified } from './case.ts';

export const resolvers: readonly Case[] = [
  {
    name: 'says that its resolver finds nothing at all (NXDOMAIN)',
    query: 'you@srv.example',
    client: 'denied',
    expected: notFound(['incomplete', 'resolver-failed'], {
      exit: 5,
      complete: false,
      says: /192\.0\.2\.55/,
    }),
  },
  {
    name: 'does not say that a provider it knows does not exist (NXDOMAIN)',
    query: 'you@gmail.com',
    client: 'denied',
    expected: unverified(
      'smtp.gmail.com:465 tls',
      ['dns-failed', 'incomplete', 'resolver-failed'],
      {
        complete: false,
        source: 'database',
        says: /192\.0\.2\.55/,
        saysNot: /does not exist|no such host/,
      },
    ),
  },
  {
    name: 'says that its resolver fails (SERVFAIL)',
    query: 'you@srv.example',
    client: 'failing',
    expected: notFound(['incomplete', 'resolver-failed'], {
      exit: 5,
      complete: false,
      says: /192\.0\.2\.56/,
    }),
  },
  {
    name: 'does not say that a provider it knows does not exist (SERVFAIL)',
    query: 'you@gmail.com',
    client: 'failing',
    expected: unverified(
      'smtp.gmail.com:465 tls',
      ['dns-failed', 'incomplete', 'resolver-failed'],
      {
        complete: false,
        source: 'database',
        says: /192\.0\.2\.56/,
        saysNot: /does not exist|no such host/,
      },
    ),
  },
];
