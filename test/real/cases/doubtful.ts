/** Servers that are not quite as they should be. */
import { ASSUMED, type Case, notFound, startTls, tls, unverified, verified } from './case.ts';

export const doubtful: readonly Case[] = [
  {
    name: 'verifies TLS 1.2',
    query: 'you@tls12.example',
    expected: verified(tls('tls12.example'), 'srv', { protocol: 'TLSv1.2' }),
  },
  {
    name: 'tells TLS 1.0 from a dead server (465)',
    query: 'you@tls10.example',
    expected: unverified(tls('tls10.example'), [ASSUMED, 'tls-outdated'], { protocol: 'TLSv1' }),
  },
  {
    name: 'tells TLS 1.1 from a dead server (587)',
    query: 'you@tls11.example',
    expected: unverified(startTls('tls11.example'), [ASSUMED, 'tls-outdated'], {
      protocol: 'TLSv1.1',
    }),
  },
  {
    name: 'finds no AUTH on port 25, behind a banner that asks to wait',
    query: 'you@port25.example',
    expected: unverified('mx.port25.example:25 starttls', [ASSUMED, 'no-auth'], {
      withinMs: 8000,
    }),
  },
  {
    name: 'verifies STARTTLS where AUTH is offered in the clear as well',
    query: 'you@lax.example',
    expected: verified(startTls('lax.example'), 'srv', { warnings: [ASSUMED, 'clear-auth'] }),
  },
  {
    name: 'does not verify AUTH in the clear alone (published as STARTTLS)',
    query: 'you@clear.example',
    expected: unverified(startTls('clear.example'), [ASSUMED, 'tls-failed']),
  },
  {
    name: 'does not verify AUTH in the clear alone (guessed)',
    query: 'you@clear-guess.example',
    expected: unverified('smtp.clear-guess.example:587 none', [ASSUMED, 'plaintext']),
  },
  {
    name: 'verifies a server that asks for a client certificate and does without',
    query: 'you@asks.example',
    expected: verified(tls('asks.example'), 'srv'),
  },
  {
    name: 'does not verify a server that insists on a client certificate',
    query: 'you@insists.example',
    // It says 421, and will say so for ever.
    expected: unverified(tls('insists.example'), [ASSUMED, 'tls-failed']),
  },
  {
    name: 'tells a server that turns us away',
    query: 'you@rejects.example',
    expected: unverified(tls('rejects.example'), [ASSUMED, 'protocol-error']),
  },
  {
    name: 'tells a server that is busy for now',
    query: 'you@busy.example',
    expected: unverified(startTls('busy.example'), [ASSUMED, 'incomplete', 'temporary-refusal'], {
      complete: false,
    }),
  },
  {
    name: 'tells a server that is down',
    query: 'you@down.example',
    expected: unverified('only.down.example:465 tls', [ASSUMED, 'connection-refused']),
  },
  {
    name: 'tells a server that is silent, and does not blame this network',
    query: 'you@hole.example',
    expected: unverified(tls('hole.example'), [ASSUMED, 'connection-timeout', 'incomplete'], {
      complete: false,
    }),
  },
  {
    name: 'finds nothing behind guessed names that are silent',
    query: 'you@quiet.example',
    // From here it can't be told whether it is them or this network.
    expected: notFound(['incomplete', 'mail-ports-blocked'], { complete: false }),
  },
  {
    name: 'goes to no address on this machine',
    query: 'you@loopback.example',
    expected: unverified(tls('loopback.example'), [ASSUMED, 'address-refused']),
  },
  {
    name: 'verifies a chain with an intermediate certificate',
    query: 'you@chain.example',
    expected: verified(tls('chain.example'), 'srv'),
  },
  {
    name: 'does not verify a server that forgets its intermediate certificate',
    query: 'you@forgotten.example',
    expected: unverified(tls('forgotten.example'), [ASSUMED, 'certificate-untrusted']),
  },
  {
    name: 'says which name it wants (SNI)',
    query: 'you@sni.example',
    expected: verified('mail.sni.example:465 tls', 'srv'),
  },
  {
    name: 'trusts nobody who is not to be trusted',
    query: 'you@srv.example',
    trust: 'nobody',
    expected: unverified(tls('srv.example'), [ASSUMED, 'certificate-untrusted']),
  },
  {
    name: 'trusts SSL_CERT_FILE',
    query: 'you@srv.example',
    trust: 'SSL_CERT_FILE',
    expected: verified(tls('srv.example'), 'srv'),
  },
  {
    name: 'contacts no server with --no-probe',
    query: 'you@srv.example',
    args: ['--no-probe'],
    expected: {
      exit: 0,
      status: 'unverified',
      server: tls('srv.example'),
      warnings: [ASSUMED, 'not-probed'],
    },
  },
];
