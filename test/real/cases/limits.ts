/** Servers that say no at a step of their own: before TLS, at EHLO. */
import { ASSUMED, type Case, startTls, tls, unverified } from './case.ts';

/** The one connection that it takes from each machine is held open: see inside.ts. */
const CROWDED = unverified('', [ASSUMED, 'incomplete', 'temporary-refusal'], {
  complete: false,
  says: /Too many concurrent SMTP connections/,
});
const UNWELCOME = unverified('', [ASSUMED, 'protocol-error'], {
  says: /your network is on our list/,
});

export const limits: readonly Case[] = [
  {
    name: 'is told in the clear, before TLS, that there are too many connections (465)',
    query: 'you@crowded-tls.example',
    expected: { ...CROWDED, server: tls('crowded-tls.example') },
  },
  {
    name: 'is told instead of a greeting that there are too many connections (587)',
    query: 'you@crowded.example',
    expected: { ...CROWDED, server: startTls('crowded.example') },
  },
  {
    name: 'shows why EHLO was refused by a server that then hung up (465)',
    query: 'you@helo-drop-tls.example',
    expected: { ...UNWELCOME, server: tls('helo-drop-tls.example') },
  },
  {
    name: 'shows why EHLO was refused by a server that then hung up (587)',
    query: 'you@helo-drop.example',
    expected: { ...UNWELCOME, server: startTls('helo-drop.example') },
  },
];
