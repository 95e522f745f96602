/** SCRAM against the exchanges in the RFCs, and against servers that cheat. */
import { describe, expect, test } from 'vitest';
import { scram } from '../../src/sasl/scram.ts';
import { play } from './run.ts';

const rfc5802 = {
  mechanism: scram('sha1', () => 'fyko+d2lbbFgONRv9qkxdawL'),
  serverFirst: 'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096',
  clientFinal: 'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
  serverFinal: 'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=',
};

const broken = { name: 'SaslFailure', kind: 'unusable' };
const notAuthenticated = { name: 'SaslFailure', kind: 'server-not-authenticated' };

describe('SCRAM', () => {
  test('with SHA-1 has the exchange of RFC 5802 §5', async () => {
    const { mechanism, serverFirst, clientFinal, serverFinal } = rfc5802;
    const { said, messages } = await play(mechanism, [serverFirst, serverFinal, { success: 'ok' }]);
    expect(said).toEqual(['n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL', clientFinal, '', null]);
    expect(messages.map((message) => message?.secret ?? null)).toEqual([false, true, false, null]);
  });

  test('with SHA-256 has the exchange of RFC 7677 §3', async () => {
    const { said } = await play(
      scram('sha256', () => 'rOprNGfwEbeRWgbNEkqO'),
      [
        'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
        'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
      ],
    );
    expect(said).toEqual([
      'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,' +
        'p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
      '',
    ]);
  });

  test('takes the signature from the reply that lets us in, too', async () => {
    const { mechanism, serverFirst, serverFinal } = rfc5802;
    const success = `${Buffer.from(serverFinal).toString('base64')} welcome`;
    await expect(play(mechanism, [serverFirst, { success }])).resolves.toBeDefined();
  });

  test('escapes commas and equals signs in user names, and prepares them', async () => {
    const { said } = await play(
      scram('sha1', () => 'x'),
      [],
      { username: 'a=b,c\u00adⅨ' },
    );
    expect(said).toEqual(['n,,n=a=3Db=2CcIX,r=x']);
  });

  test('uses a fresh nonce each time', async () => {
    const one = await play(scram('sha256'), []);
    const two = await play(scram('sha256'), []);
    expect(one.said).not.toEqual(two.said);
    expect(one.said[0]).toMatch(/^n,,n=user,r=[!-+\--~]{32}$/);
  });

  test.each([
    ['with a nonce that is not ours', 'r=other,s=QSXCR+Q6sek8bf92,i=4096'],
    ['that adds nothing to the nonce', 'r=fyko+d2lbbFgONRv9qkxdawL,s=QSXCR+Q6sek8bf92,i=4096'],
    ['without iterations', 'r=fyko+d2lbbFgONRv9qkxdawLx,s=QSXCR+Q6sek8bf92'],
    ['with too few iterations', 'r=fyko+d2lbbFgONRv9qkxdawLx,s=QSXCR+Q6sek8bf92,i=4095'],
    ['with too many iterations', 'r=fyko+d2lbbFgONRv9qkxdawLx,s=QSXCR+Q6sek8bf92,i=1000001'],
    [
      'with endless iterations',
      `r=fyko+d2lbbFgONRv9qkxdawLx,s=QSXCR+Q6sek8bf92,i=${'9'.repeat(99)}`,
    ],
    ['with a salt that is no base64', 'r=fyko+d2lbbFgONRv9qkxdawLx,s=QSX,i=4096'],
    ['without a salt', 'r=fyko+d2lbbFgONRv9qkxdawLx,s=,i=4096'],
    ['with an extension that we must know', `m=x,${rfc5802.serverFirst}`],
    ['that is empty', ''],
    ['that is no base64', null],
  ])('goes no further after a challenge %s', async (_what, challenge) => {
    await expect(play(rfc5802.mechanism, [challenge])).rejects.toMatchObject(broken);
  });

  test.each([
    ['a wrong signature', 'v=rmF9pqV8S7suAoZWja4dJRkFsKA='],
    ['a short signature', 'v=rmF9'],
    ['no signature', 'hello'],
    ['a success in its place', { success: '2.7.0 welcome' }],
  ])('does not believe a server with %s', async (_what, last) => {
    const { mechanism, serverFirst } = rfc5802;
    await expect(play(mechanism, [serverFirst, last])).rejects.toMatchObject(notAuthenticated);
  });

  test.each([
    ['at once', [{ success: '' }]],
    ['after an error', [rfc5802.serverFirst, 'e=invalid-proof', { success: '' }]],
    ['after an early error', ['e=unknown-user', { success: '' }]],
  ])('does not believe a success %s', async (_when, words) => {
    await expect(play(rfc5802.mechanism, words)).rejects.toMatchObject(notAuthenticated);
  });

  test('hears what the server complains about', async () => {
    const { mechanism, serverFirst } = rfc5802;
    const { messages } = await play(mechanism, [serverFirst, 'e=invalid-proof']);
    expect(messages.at(-1)).toMatchObject({ serverError: 'invalid-proof', secret: false });
  });

  test.each([{ username: 'a\u0007b' }, { secret: 'a\u0007b' }, { secret: '\u00ad' }])(
    'is not to be used with %j',
    async (given) => {
      await expect(play(rfc5802.mechanism, [rfc5802.serverFirst], given)).rejects.toMatchObject(
        broken,
      );
    },
  );
});
