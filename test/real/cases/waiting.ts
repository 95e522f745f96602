/**
 * Servers that take ten seconds, before they greet or at EHLO. Somebody published them, so they
 * have it: until the query's end.
 */
import { type Case, startTls, tls, verified } from './case.ts';

const WITHIN = { withinMs: 16_000 } as const;

export const waiting: readonly Case[] = [
  {
    name: 'waits for a greeting that is held back (Exim)',
    query: 'you@slow-banner.example',
    expected: verified(startTls('slow-banner.example'), 'srv', WITHIN),
  },
  {
    name: 'waits for a reply to EHLO that is held back (Exim)',
    query: 'you@slow-ehlo.example',
    expected: verified(tls('slow-ehlo.example'), 'srv', WITHIN),
  },
  {
    name: 'waits for a server whose resolver is dead (Exim)',
    query: 'you@deaf-exim.example',
    expected: verified(tls('deaf-exim.example'), 'srv', WITHIN),
  },
  {
    name: 'waits for a server whose resolver is dead (Postfix)',
    query: 'you@deaf-postfix.example',
    expected: verified(startTls('deaf-postfix.example'), 'srv', WITHIN),
  },
];
