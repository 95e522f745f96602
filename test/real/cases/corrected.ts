/** What a probe corrects, and what is not there. */
import { ASSUMED, type Case, notFound, startTls, tls, verified } from './case.ts';

export const corrected: readonly Case[] = [
  {
    name: 'falls back from 465, refused, to 587',
    query: 'you@fallback.example',
    expected: verified(startTls('fallback.example'), 'srv'),
  },
  {
    name: 'says so with all there is to say',
    query: 'you@fallback.example',
    args: ['--all', '--explain'],
    expected: verified(startTls('fallback.example'), 'srv'),
  },
  {
    name: 'takes the second server when the first refuses',
    query: 'you@refused.example',
    expected: verified(tls('refused.example'), 'srv', { withinMs: 2500 }),
  },
  {
    name: 'takes the second server when the first is silent, and says that it may be wrong',
    query: 'you@silent.example',
    expected: verified(tls('silent.example'), 'srv', {
      complete: false,
      warnings: [ASSUMED, 'incomplete'],
      withinMs: 6000,
    }),
  },
  {
    name: 'finds STARTTLS where no encryption was published',
    query: 'you@plain.example',
    expected: verified(startTls('plain.example'), 'autoconfig'),
  },
  {
    name: 'finds STARTTLS where SSL was published for 587',
    query: 'you@ssl587.example',
    expected: verified(startTls('ssl587.example'), 'autoconfig'),
  },
  {
    name: 'finds STARTTLS where _submissions names 587',
    query: 'you@swapped.example',
    expected: verified(startTls('swapped.example'), 'srv'),
  },
];

export const nothing: readonly Case[] = [
  {
    name: 'finds nothing where there is nothing',
    query: 'you@nothing.example',
    expected: notFound(),
  },
  {
    name: 'finds nothing for a domain that is not',
    query: 'you@no-such.example',
    expected: notFound(),
  },
  {
    name: 'says that a null MX takes no mail',
    query: 'you@nullmx.example',
    expected: notFound(['null-mx']),
  },
  {
    name: 'takes no for an answer (SRV target ".")',
    query: 'you@denied.example',
    expected: notFound(['submission-denied']),
  },
];
