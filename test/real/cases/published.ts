/** Where settings are published, and what is offered there. */

import { mechanismSets } from '../zone.ts';
import { ASSUMED, type Case, notFound, startTls, tls, unverified, verified } from './case.ts';

export const mechanisms: readonly Case[] = Object.entries(mechanismSets).map(([name, auth]) => ({
  name: `reports ${auth.join(' ')}`,
  query: `you@${name}.example`,
  expected: verified(tls(`${name}.example`), 'srv', { auth }),
}));

export const published: readonly Case[] = [
  {
    name: 'takes 465 where SRV offers both',
    query: 'you@srv.example',
    expected: verified(tls('srv.example'), 'srv', { trust: 'secure' }),
  },
  {
    name: 'takes 587 where SRV offers no other',
    query: 'you@srv587.example',
    expected: verified(startTls('srv587.example'), 'srv'),
  },
  {
    name: 'follows SRV to an odd port',
    query: 'you@odd.example',
    expected: verified('out.odd.example:2525 starttls', 'srv'),
  },
  {
    name: 'takes a domain without an address',
    query: 'srv.example',
    expected: verified(tls('srv.example'), 'srv', { username: '%EMAILADDRESS%' }),
  },
  {
    name: 'reads autoconfig over HTTPS',
    query: 'you@web.example',
    expected: verified(tls('web.example'), 'autoconfig', {
      trust: 'secure',
      username: 'you@web.example',
    }),
  },
  {
    name: 'reads autoconfig under .well-known, with a user name of its own',
    query: 'you@well-known.example',
    expected: verified(startTls('well-known.example'), 'autoconfig', { username: 'you' }),
  },
  {
    name: 'follows a redirect to autoconfig',
    query: 'you@redirected.example',
    expected: verified(tls('redirected.example'), 'autoconfig'),
  },
  {
    name: 'reads autoconfig over HTTP, last of all',
    query: 'you@http.example',
    expected: verified(tls('http.example'), 'autoconfig-http'),
  },
  {
    name: 'believes no site with an expired certificate',
    query: 'you@bad-web.example',
    expected: notFound(),
  },
  {
    name: 'asks the ISPDB',
    query: 'you@ispdb.example',
    expected: verified(startTls('ispdb.example'), 'ispdb', { trust: 'secure' }),
  },
  {
    name: 'reads PACC',
    query: 'you@pacc.example',
    expected: verified(tls('pacc.example'), 'pacc', { trust: 'secure' }),
  },
  {
    name: 'asks the company that runs the MX, and says that it lies outside the domain',
    query: 'you@customer.example',
    expected: verified('out.hoster.example:465 tls', 'mx-autoconfig', {
      trust: 'insecure',
      warnings: ['host-outside-domain'],
    }),
  },
  {
    name: 'knows providers by heart',
    query: 'you@gmail.com',
    expected: verified('smtp.gmail.com:465 tls', 'database', {
      auth: ['PLAIN', 'LOGIN'],
      trust: 'secure',
    }),
  },
  {
    name: 'warns of SRV to a stranger',
    query: 'you@foreign.example',
    expected: verified('out.hoster.example:465 tls', 'srv-foreign', {
      trust: 'insecure',
      warnings: [ASSUMED, 'host-outside-domain'],
    }),
  },
  {
    name: 'trusts SRV to a stranger that DNSSEC vouches for, by a resolver of its own',
    query: 'you@foreign.example',
    args: ['--resolver', '192.0.2.53'],
    expected: verified('out.hoster.example:465 tls', 'srv', { trust: 'secure' }),
  },
  {
    name: 'guesses 465',
    query: 'you@guess.example',
    expected: verified('smtp.guess.example:465 tls', 'guess'),
  },
  {
    name: 'guesses 587',
    query: 'you@guess587.example',
    expected: verified('mail.guess587.example:587 starttls', 'guess'),
  },
  {
    name: "finds a hoster's own name for its machine",
    query: 'you@shared.example',
    expected: verified('box7.hoster.example:465 tls', 'guess', {
      warnings: [ASSUMED, 'host-outside-domain'],
    }),
  },
  {
    name: "does not take a neighbour's name for the machine's",
    query: 'you@tenant.example',
    expected: unverified('smtp.tenant.example:465 tls', [ASSUMED, 'certificate-name']),
  },
];
