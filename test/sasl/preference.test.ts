import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bestFirst, mechanismNamed, takesSecret } from '../../src/sasl/mechanisms.ts';

describe('the order of mechanisms', () => {
  test('is what a client should choose over TLS', () => {
    const best = [
      'SCRAM-SHA-512-PLUS',
      'SCRAM-SHA-512',
      'SCRAM-SHA-256-PLUS',
      'SCRAM-SHA-256',
      'SCRAM-SHA-1-PLUS',
      'SCRAM-SHA-1',
      'PLAIN',
      'LOGIN',
      'CRAM-MD5',
      'DIGEST-MD5',
      'NTLM',
      'GSSAPI',
      'OAUTHBEARER',
      'XOAUTH2',
      'X-UNKNOWN',
      'EXTERNAL',
      'ANONYMOUS',
    ];
    expect(bestFirst([...best].reverse())).toEqual(best);
  });

  test('puts what shows the secret behind what hides it where there is no TLS', () => {
    const offered = [
      'EXTERNAL',
      'XOAUTH2',
      'X-UNKNOWN',
      'LOGIN',
      'PLAIN',
      'CRAM-MD5',
      'SCRAM-SHA-1',
    ];
    expect(bestFirst(offered, true)).toEqual([
      'SCRAM-SHA-1',
      'CRAM-MD5',
      'PLAIN',
      'LOGIN',
      'XOAUTH2',
      'X-UNKNOWN',
      'EXTERNAL',
    ]);
  });

  test('does not depend on the order given, keeps everything once, and leaves the unknown in order', () => {
    expect(bestFirst(['ZETA', 'LOGIN', 'ALPHA', 'PLAIN', 'LOGIN'])).toEqual([
      'PLAIN',
      'LOGIN',
      'ZETA',
      'ALPHA',
    ]);
    const known = fc.shuffledSubarray([
      'PLAIN',
      'LOGIN',
      'CRAM-MD5',
      'SCRAM-SHA-1',
      'XOAUTH2',
      'EXTERNAL',
    ]);
    fc.assert(
      fc.property(known, (names) => {
        expect(bestFirst(names)).toEqual(bestFirst([...names].sort()));
      }),
    );
  });

  test('does not change what it is given', () => {
    const given = Object.freeze(['LOGIN', 'PLAIN']);
    expect(bestFirst(given)).toEqual(['PLAIN', 'LOGIN']);
  });

  test('EXTERNAL and ANONYMOUS are of no use to somebody with a password', () => {
    const names = ['PLAIN', 'XOAUTH2', 'X-NEW', 'EXTERNAL', 'anonymous'];
    expect(names.map((name) => takesSecret(mechanismNamed(name)))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
