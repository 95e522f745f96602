/** IPv4 and IPv6, and networks that get in the way. */
import { ASSUMED, type Case, notFound, tls, unverified, verified } from './case.ts';

export const networks: readonly Case[] = [
  {
    name: 'reaches a server that has only IPv6',
    query: 'you@six.example',
    expected: verified(tls('six.example'), 'srv'),
  },
  {
    name: 'reaches a server that has both',
    query: 'you@dual.example',
    expected: verified(tls('dual.example'), 'srv'),
  },
  {
    name: 'goes around IPv6 that leads nowhere',
    query: 'you@half.example',
    expected: verified(tls('half.example'), 'srv', { withinMs: 2500 }),
  },
  {
    name: 'reads autoconfig over IPv6 alone',
    query: 'you@dual-web.example',
    expected: verified(tls('dual-web.example'), 'autoconfig'),
  },
  {
    name: 'works with IPv6 alone',
    query: 'you@dual.example',
    client: 'v6',
    expected: verified(tls('dual.example'), 'srv'),
  },
  {
    name: 'works with IPv4 alone',
    query: 'you@dual.example',
    client: 'v4',
    expected: verified(tls('dual.example'), 'srv'),
  },
  {
    name: 'does not reach IPv6 over IPv4',
    query: 'you@six.example',
    client: 'v4',
    expected: unverified(tls('six.example'), [ASSUMED, 'host-unreachable', 'incomplete'], {
      complete: false,
    }),
  },
  {
    name: 'does not reach IPv4 over IPv6',
    query: 'you@srv.example',
    client: 'v6',
    expected: unverified(tls('srv.example'), [ASSUMED, 'host-unreachable', 'incomplete'], {
      complete: false,
    }),
  },
  {
    name: 'obeys -4',
    query: 'you@dual.example',
    args: ['-4'],
    expected: verified(tls('dual.example'), 'srv'),
  },
  {
    name: 'obeys -6',
    query: 'you@dual.example',
    args: ['-6'],
    expected: verified(tls('dual.example'), 'srv'),
  },
  {
    name: 'sees that a network blocks mail (published)',
    query: 'you@srv.example',
    client: 'hotel',
    expected: unverified(
      tls('srv.example'),
      [ASSUMED, 'connection-timeout', 'incomplete', 'mail-ports-blocked'],
      { complete: false },
    ),
  },
  {
    name: 'sees that a network blocks mail (known provider)',
    query: 'you@gmail.com',
    client: 'hotel',
    expected: unverified(
      'smtp.gmail.com:465 tls',
      ['connection-timeout', 'incomplete', 'mail-ports-blocked'],
      { complete: false },
    ),
  },
  {
    name: 'sees that a network may block mail (guessed)',
    query: 'you@guess.example',
    client: 'hotel',
    expected: notFound(['incomplete', 'mail-ports-blocked'], { complete: false }),
  },
  {
    name: 'knows a provider without a network (cable out)',
    query: 'you@gmail.com',
    client: 'unplugged',
    expected: unverified('smtp.gmail.com:465 tls', ['network-unreachable'], {
      complete: false,
      source: 'database',
    }),
  },
  {
    name: 'says that there is no network (cable out)',
    query: 'you@srv.example',
    client: 'unplugged',
    expected: notFound(['network-unreachable'], {
      exit: 5,
      complete: false,
    }),
  },
  {
    name: 'knows a provider without a network (silence)',
    query: 'you@gmail.com',
    client: 'tunnel',
    expected: unverified('smtp.gmail.com:465 tls', ['network-unreachable'], { complete: false }),
  },
  {
    name: 'says that there is no network (silence)',
    query: 'you@srv.example',
    client: 'tunnel',
    expected: notFound(['network-unreachable'], {
      exit: 5,
      complete: false,
    }),
  },
  {
    name: 'needs no network with --offline',
    query: 'you@gmail.com',
    client: 'unplugged',
    args: ['--offline'],
    expected: {
      exit: 0,
      status: 'unverified',
      server: 'smtp.gmail.com:465 tls',
      warnings: ['not-probed'],
    },
  },
];
