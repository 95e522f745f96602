/**
 * Servers that repeat what they were sent, wherever a text of theirs could end up in a result.
 * `logIn` itself looks for the secret in all that comes back.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { Confidential } from '../../src/login/redaction.ts';
import {
  type Auth,
  base64,
  cleanUp,
  decode,
  logIn,
  SECRET,
  startAuthServer,
  TOKEN,
  USER,
} from './login-lab.ts';

afterEach(cleanUp);

/** All that the client says in an exchange, challenged as the mechanism wants it. */
async function listen(auth: Auth): Promise<string> {
  const { mechanism, initial, ask } = auth;
  if (initial !== undefined && !mechanism.startsWith('SCRAM')) return initial;
  if (mechanism === 'LOGIN') return `${await ask('VXNlcm5hbWU6')} ${await ask('UGFzc3dvcmQ6')}`;
  if (mechanism === 'CRAM-MD5') return ask(base64('<1@lab>'));
  const nonce = decode(initial ?? '').split(',r=')[1];
  return ask(Buffer.from(`r=${nonce}x,s=${base64('salt')},i=4096`));
}

const decoded = (said: string): string =>
  said
    .split(' ')
    .map((word) => decode(word))
    .join(' ')
    .replace(/\p{Control}/gu, ' ');

const repeats: Readonly<Record<string, (said: string, secret: string) => string>> = {
  'as it came': (said) => said,
  'in capitals': (said) => said.toUpperCase(),
  'cut off': (said) => said.slice(0, -9),
  'from the middle': (said) => said.slice(-20),
  'spread out by what is invisible': (said) => [...said].join('\u200b'),
  decoded: decoded,
  'decoded and in hex': (said) => Buffer.from(decoded(said)).toString('hex'),
  'the secret as such': (_said, secret) => secret,
  'the secret with a space behind': (_said, secret) => `[${secret} ]`,
  'the secret in base64': (_said, secret) => base64(`you:${secret}`),
  'the secret with what is not seen between': (_said, secret) => [...secret].join('\u034f'),
  'the secret with its letters apart': (_said, secret) => [...secret].join(' - '),
  'the secret backwards': (_said, secret) => [...secret].reverse().join(''),
  'the secret in hex, apart': (_said, secret) =>
    Buffer.from(secret).toString('hex').match(/../g)?.join('+') ?? '',
  'the secret in an URL': (_said, secret) => `https://x/?p=${encodeURIComponent(secret)}`,
};

const mechanisms = [
  'PLAIN',
  'LOGIN',
  'CRAM-MD5',
  'SCRAM-SHA-1',
  'SCRAM-SHA-256',
  'XOAUTH2',
  'OAUTHBEARER',
];

const codes = ['535 5.7.8', '454 4.7.0', '504 5.5.4', '235 2.7.0', 'nonsense'];

describe.each(mechanisms.map((mechanism, i) => ({ mechanism, i })))(
  'with $mechanism',
  ({ mechanism, i }) => {
    const token = mechanism.includes('OAUTH');
    const secret = token ? TOKEN : SECRET;

    // Each mechanism meets each code and each repetition; not all in each combination.
    test.each(Object.entries(repeats).map(([how, repeat], j) => ({ how, repeat, j })))(
      'a server that repeats it, $how, is not quoted',
      async ({ repeat, j }) => {
        const code = codes[(i + j) % codes.length];
        const server = await startAuthServer({
          offer: mechanism,
          auth: async (auth) => `${code} ${repeat(await listen(auth), secret)}`,
          replies: { MAIL: `550 5.7.1 ${repeat(base64(`\0${USER}\0${secret}`), secret)}` },
        });
        const result = await logIn({ port: server.port, token });
        expect(result.attempts).toBe(1);
        // SCRAM doesn't believe the 235, and says only that.
        expect(`${result.reply} ${result.reason}`).toMatch(/withheld|did not prove/);
      },
    );
  },
);

test.each(['banner', 'nonsense'])('a %s that repeats it later is not quoted', async (kind) => {
  let said = '';
  const server = await startAuthServer({
    offer: 'PLAIN',
    hangUp: true,
    auth({ line }) {
      said = line;
      return '535 5.7.8 no';
    },
    banner: (connection) =>
      connection === 1 ? '220 lab' : kind === 'banner' ? `554 you sent ${said}` : said,
  });
  const result = await logIn({ port: server.port, usernames: [USER, 'you'] });
  expect(result).toMatchObject({ outcome: 'refused', attempts: 1 });
  expect(result.reason).toContain('withheld');
});

test.each<[string, string]>([
  ['a greeting', `554 5.7.1 ${SECRET}`],
  ['lines of a greeting', `554-5.7.1 ${SECRET.slice(0, 8)}\n554 5.7.1 ${SECRET.slice(8)}`],
  ['what is no reply', `hello ${SECRET}`],
])('a secret that the server knows from before is not quoted from %s', async (_, banner) => {
  const server = await startAuthServer({
    offer: 'PLAIN',
    auth: () => '535 5.7.8 no',
    banner: () => banner,
  });
  const result = await logIn({ port: server.port });
  expect(result).toMatchObject({ outcome: 'not-tried', attempts: 0 });
  expect(result.reason).toContain('withheld');
});

test('an error in JSON that is the secret is not quoted', async () => {
  const secret = 'abcdefXYZ-token_123';
  const server = await startAuthServer({
    offer: 'XOAUTH2',
    async auth({ ask }) {
      await ask(Buffer.from(JSON.stringify({ status: secret })));
      return '535 5.7.8 no';
    },
  });
  const result = await logIn({ port: server.port, token: true, secret });
  expect(result).toMatchObject({ outcome: 'refused', reply: '535 5.7.8 no' });
});

test('a user name that is the secret is not shown', async () => {
  const server = await startAuthServer({ offer: 'PLAIN', auth: () => '535 5.7.8 no' });
  const result = await logIn({ port: server.port, usernames: [SECRET, USER] });
  expect(result).toMatchObject({ outcome: 'refused', mechanism: 'PLAIN', username: null });
});

describe('what is confidential', () => {
  test('does not swallow what servers usually say', () => {
    const hidden = new Confidential(SECRET);
    hidden.sent(Buffer.from(`\0${USER}\0${SECRET}`));
    for (const text of [
      '5.7.8 Username and Password not accepted. https://support.google.com/mail/?p=BadCredentials d9443c01a7336-1f7 - gsmtp',
      'Authentication unsuccessful [BN0PR04CA0011.namprd04.prod.outlook.com 2024-01-01T00:00:00.000Z]',
      `user ${USER} unknown`,
    ]) {
      expect(hidden.quote([text], 300)).toBe(text);
    }
  });

  const pieces = (length: number, text: string): readonly string[] =>
    text.match(new RegExp(`.{1,${length}}`, 'gsu')) ?? [];
  const each = (encode: (byte: number) => string, joint = '') =>
    [...Buffer.from(SECRET)].map(encode).join(joint);
  const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

  test.each<[string, readonly string[]]>([
    ['lines', pieces(3, SECRET)],
    ['lines with codes', pieces(3, SECRET).map((piece) => `535-5.7.8 ${piece}`)],
    ['lines with other codes', pieces(3, SECRET).map((piece) => `4.7.0 ${piece}`)],
    ...['\u034f', '\ufe0f', '\u0301', '\u3164', '\u00ad', ' ', '.', ' - ', '\t'].map(
      (joint): [string, readonly string[]] => [
        `letters with ${JSON.stringify(joint)} between`,
        [[...SECRET].join(joint)],
      ],
    ),
    ['percent encoding', [each((byte) => `%${hex(byte)}`)]],
    ['percent encoding of some', [SECRET.replace(/[aeiouz7]/g, (c) => `%${hex(c.charCodeAt(0))}`)]],
    ['quoted-printable', [each((byte) => `=${hex(byte).toUpperCase()}`)]],
    ['xtext', [each((byte) => `+${hex(byte).toUpperCase()}`)]],
    [
      'xtext in lines',
      pieces(
        9,
        each((byte) => `+${hex(byte)}`),
      ).map((piece) => `535-${piece}`),
    ],
    ['references', [[...SECRET].map((char) => `&#${char.codePointAt(0)};`).join('')]],
    ['references in hex', [each((byte) => `&#x${hex(byte)};`)]],
    ['references for some', [SECRET.replace(/[aeiouz7]/g, (c) => `&#${c.charCodeAt(0)};`)]],
    ['escapes', [each((byte) => `\\x${hex(byte)}`)]],
    ['escapes of JSON', [each((byte) => `\\u00${hex(byte)}`)]],
    ['hex with spaces', [each(hex, ' ')]],
    ['hex with 0x', [each((byte) => `0x${hex(byte)}`, ', ')]],
    ['hex with colons', [each(hex, ':')]],
    ['decimal', [[...SECRET].map((char) => char.codePointAt(0)).join(', ')]],
    ['reverse', [[...SECRET].reverse().join('')]],
    ['a part', [SECRET.slice(4, 10)]],
    [
      'wide letters',
      [SECRET.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))],
    ],
  ])('is found in %s', (_, lines) => {
    expect(new Confidential(SECRET).isIn(...lines)).toBe(true);
  });

  test.each(['!#%&/()=?', '¿¿¡¡##%%'])('is found without letters: %s', (secret) => {
    const hidden = new Confidential(secret);
    expect(hidden.isIn(`no ${secret}`)).toBe(true);
    expect(hidden.isIn(...pieces(2, secret))).toBe(true);
    expect(hidden.isIn('535 5.7.8 Username and Password not accepted!')).toBe(false);
  });

  test.each(['a', 'ab', 'abc', 'abcd'])('copes with a secret as short as %j', (secret) => {
    const hidden = new Confidential(secret);
    expect(hidden.isIn(`x${secret}y`)).toBe(true);
    expect(hidden.isIn('-------')).toBe(false);
    expect(hidden.isIn('')).toBe(false);
  });

  test('is found in base64 wherever it begins', () => {
    const hidden = new Confidential(SECRET);
    for (const before of ['', 'x', 'xy', 'xyz']) {
      expect(hidden.isIn(base64(before + SECRET + before))).toBe(true);
    }
  });
});
