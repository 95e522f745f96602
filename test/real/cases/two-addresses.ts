/** A host has two addresses; the first accepts and hangs up, or has no room; the second is well. */
import { PASSWORD } from '../world.ts';
import { ASSUMED, type Case, startTls, tls, verified } from './case.ts';

export const oneDead: readonly Case[] = [
  {
    name: 'goes around an IPv6 address that hangs up',
    query: 'you@dead-v6.example',
    expected: verified(tls('dead-v6.example'), 'srv', { warnings: [ASSUMED, 'bad-address'] }),
  },
  {
    name: 'goes around an IPv4 address that hangs up',
    query: 'you@dead-v4.example',
    expected: verified(tls('dead-v4.example'), 'srv', { warnings: [ASSUMED, 'bad-address'] }),
  },
  {
    name: 'goes around an address that has no room (421)',
    query: 'you@crowded-v4.example',
    expected: verified(startTls('crowded-v4.example'), 'srv', {
      warnings: [ASSUMED, 'bad-address'],
    }),
  },
  {
    name: 'goes around it to log in, too',
    query: 'you@dead-v6.example',
    password: PASSWORD,
    expected: verified(tls('dead-v6.example'), 'srv', {
      login: { outcome: 'accepted', maySendAs: true },
      warnings: ['bad-address'],
    }),
  },
  {
    name: 'goes around a web address that hangs up, and not by plain HTTP',
    query: 'you@dead-web.example',
    expected: verified(tls('dead-web.example'), 'autoconfig', { trust: 'secure' }),
  },
];
