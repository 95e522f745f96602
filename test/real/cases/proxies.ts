/** Proxies behind which nobody answers, or a Postfix with which they disagree about PROXY headers. */
import { ASSUMED, type Case, startTls, tls, unverified } from './case.ts';

/** A balancer whose backend is away: that may be mended in a minute. */
const hungUp = (server: string, where: 'protocol-error' | 'tls-failed'): Case['expected'] =>
  unverified(server, [ASSUMED, 'incomplete', where], { complete: false });
/** What Postfix says when it got no header. */
const localError = (server: string): Case['expected'] =>
  unverified(server, [ASSUMED, 'incomplete', 'temporary-refusal'], {
    complete: false,
    says: /421 4\.3\.0 .*Server local error/,
  });

export const deadBackends: readonly Case[] = [
  {
    name: 'tells that haproxy accepts and hangs up (465)',
    query: 'you@haproxy-dead-tls.example',
    expected: hungUp(tls('haproxy-dead-tls.example'), 'tls-failed'),
  },
  {
    name: 'tells that haproxy accepts and hangs up (587)',
    query: 'you@haproxy-dead.example',
    expected: hungUp(startTls('haproxy-dead.example'), 'protocol-error'),
  },
  {
    name: 'tells that stunnel hangs up after TLS (465)',
    query: 'you@stunnel-dead-tls.example',
    expected: hungUp(tls('stunnel-dead-tls.example'), 'protocol-error'),
  },
  {
    name: 'tells that stunnel accepts and hangs up (587)',
    query: 'you@stunnel-dead.example',
    expected: hungUp(startTls('stunnel-dead.example'), 'protocol-error'),
  },
  {
    name: 'tells that Postfix hangs up on a PROXY header (465)',
    query: 'you@unwanted-tls.example',
    expected: hungUp(tls('unwanted-tls.example'), 'tls-failed'),
  },
  {
    name: 'shows what Postfix says to a PROXY header (587)',
    query: 'you@unwanted.example',
    expected: unverified(startTls('unwanted.example'), [ASSUMED, 'protocol-error'], {
      says: /554 5\.5\.0/,
    }),
  },
  {
    name: 'shows what Postfix says in the clear, before TLS, without its PROXY header (465)',
    query: 'you@missing-tls.example',
    expected: localError(tls('missing-tls.example')),
  },
  {
    name: 'shows what Postfix says after a while without its PROXY header (587)',
    query: 'you@missing.example',
    expected: localError(startTls('missing.example')),
  },
  {
    name: 'shows what Postfix says through stunnel without its PROXY header (465)',
    query: 'you@stunnel-missing.example',
    expected: localError(tls('stunnel-missing.example')),
  },
];
