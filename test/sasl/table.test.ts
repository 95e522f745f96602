/** The table of mechanisms: their order, and that nobody else states what it states. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bestFirst,
  isPlaintextMechanism,
  mechanismNamed,
  mechanisms,
  mechanismsOfWord,
  takesSecret,
} from '../../src/sasl/mechanisms.ts';

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

describe('the table', () => {
  const names = mechanisms.flatMap(({ name }) => (typeof name === 'string' ? [name] : []));

  test('has one row for each name, and finds it in any case', () => {
    for (const name of names) {
      const rows = mechanisms.filter((row) => row.name === name);
      expect(rows.map((row) => row === mechanismNamed(name.toLowerCase()))).toEqual([true]);
    }
  });

  test('knows the families, and nothing of the unknown', () => {
    expect(mechanismNamed('SCRAM-SHA3-512')?.takes).toBe('password');
    expect(mechanismNamed('GS2-KRB5-PLUS')?.takes).toBe('ticket');
    expect(mechanismNamed('X-NEW')).toBeUndefined();
  });

  test('has a client where the login needs one, which takes a secret', async () => {
    const spoken = mechanisms.filter(({ load }) => load !== undefined);
    for (const { load, takes } of spoken) {
      expect(['password', 'token']).toContain(takes);
      expect(await load?.()).toBeTypeOf('function');
    }
    expect(spoken.map(({ name }) => name)).toEqual([
      'SCRAM-SHA-256',
      'SCRAM-SHA-1',
      'PLAIN',
      'LOGIN',
      'CRAM-MD5',
      'OAUTHBEARER',
      'XOAUTH2',
    ]);
  });

  test('calls a refusal conclusive where the server saw the password itself', () => {
    expect(names.filter(isPlaintextMechanism)).toEqual(['PLAIN', 'LOGIN']);
  });

  test('gives the mechanisms of a clientConfig word in any case, best first', () => {
    expect(mechanismsOfWord('Password-Cleartext')).toEqual(['PLAIN', 'LOGIN']);
    expect(mechanismsOfWord('oauth2')).toEqual(['OAUTHBEARER', 'XOAUTH2']);
    expect(mechanismsOfWord('none')).toEqual([]);
  });

  const src = fileURLToPath(new URL('../../src/', import.meta.url));

  /** What each may say of a mechanism by its name: nothing that the table says. */
  const others: ReadonlyMap<string, string> = new Map([
    ['login/verdict.ts', 'RFC 4954 §6 has a reply code about PLAIN'],
    ['render/formats/aerc.ts', 'which ones aerc speaks'],
    ['render/formats/django.ts', 'which ones Django speaks'],
    ['render/formats/dma.ts', 'which ones dma speaks'],
    ['render/formats/exim.ts', "which ones Debian's Exim speaks"],
    ['render/formats/git.ts', 'which ones git speaks'],
    ['render/formats/himalaya.ts', 'which ones Himalaya speaks'],
    ['render/formats/msmtp.ts', 'which ones msmtp speaks'],
    ['render/formats/mutt.ts', 'which ones mutt speaks'],
    ['render/formats/nodemailer.ts', 'which ones nodemailer speaks'],
    ['render/formats/nullmailer.ts', 'which ones nullmailer speaks'],
    ['render/formats/opensmtpd.ts', 'which ones OpenSMTPD speaks'],
    ['render/formats/postfix.ts', 'which ones Cyrus SASL speaks'],
    ['render/formats/python.ts', 'which ones smtplib speaks; a token has to be encoded there'],
    ['render/formats/rails.ts', 'which ones Rails speaks'],
    ['render/formats/s-nail.ts', 'which ones S-nail speaks'],
    ['render/formats/spring.ts', 'which ones Jakarta Mail speaks'],
    ['render/formats/swaks.ts', 'which ones swaks speaks'],
    ['render/formats/symfony.ts', 'which ones Symfony Mailer speaks'],
    ['sources/documents/pacc-json.ts', 'the draft names OAUTHBEARER without saying so'],
  ]);

  test('is the only place that tells mechanisms apart by name', () => {
    const quoted = new RegExp(`['"/^(|](?:${names.join('|')})['"/$)|]`);
    const naming = readdirSync(src, { recursive: true, encoding: 'utf8' })
      .map((file) => file.replaceAll('\\', '/'))
      .filter((file) => file.endsWith('.ts') && !/^(?:sasl|providers\/compiled)/.test(file))
      .filter((file) =>
        readFileSync(src + file, 'utf8')
          .split('\n')
          .some((line) => !/^\s*(?:\/\*|\*|\/\/)/.test(line) && quoted.test(line)),
      );
    expect(naming.sort()).toEqual([...others.keys()].sort());
  });

  test('costs a look-up that never logs in next to nothing', () => {
    const text = readFileSync(`${src}sasl/mechanisms.ts`, 'utf8');
    expect(text).not.toMatch(/^import (?!type )/m);
    expect(text).not.toMatch(/\\p\{/);
  });
});
