/** The mechanisms that are simple enough to be told in a line or two. */
import { describe, expect, test } from 'vitest';
import { cramMd5 } from '../../src/sasl/cram-md5.ts';
import { decodeBase64 } from '../../src/sasl/dialogue.ts';
import { isToken, oauthBearer, xoauth2 } from '../../src/sasl/oauth.ts';
import { login, plain } from '../../src/sasl/plain.ts';
import { play } from './run.ts';

describe('PLAIN', () => {
  test('says it all at once (RFC 4616 §2)', async () => {
    const { said, messages } = await play(plain, [''], { username: 'tim', secret: 'päss' });
    expect(said).toEqual(['\0tim\0päss', null]);
    expect(messages[0]?.secret).toBe(true);
  });
});

describe('LOGIN', () => {
  test.each([
    ['Username:', 'Password:'],
    ['User Name\0', 'Password\0'],
    ['', ''],
    [null, null],
  ])('answers two prompts, whatever they say (%j, %j)', async (...prompts) => {
    const { said, messages } = await play(login, [...prompts, '']);
    expect(said).toEqual([null, 'user', 'pencil', null]);
    expect(messages.map((message) => message?.secret)).toEqual([undefined, false, true, undefined]);
  });

  test('keeps the password to itself when it is not asked for', async () => {
    const { said } = await play(login, ['Username:', { success: '' }]);
    expect(said).toEqual([null, 'user', null]);
  });
});

describe('CRAM-MD5', () => {
  test('has the exchange of RFC 2195 §2', async () => {
    const challenge = '<1896.697170952@postoffice.reston.mci.net>';
    const given = { username: 'tim', secret: 'tanstaaftanstaaf' };
    const { said, messages } = await play(cramMd5, [challenge], given);
    expect(said).toEqual([null, 'tim b913a602c7eda7a495b4e6e7334d3890']);
    expect(messages[1]?.proofs).toEqual(['b913a602c7eda7a495b4e6e7334d3890']);
  });

  test.each([[''], [null]])('answers no challenge of %j', async (challenge) => {
    await expect(play(cramMd5, [challenge])).rejects.toMatchObject({ kind: 'unusable' });
  });
});

describe('OAUTHBEARER', () => {
  test('names user, server and token (RFC 7628 §4.1)', async () => {
    const { said } = await play(oauthBearer, [], {
      username: 'a,b=c@example.com',
      secret: 'vF9df',
    });
    expect(said).toEqual([
      'n,a=a=2Cb=3Dc@example.com,\u0001host=server.example.com\u0001port=587\u0001' +
        'auth=Bearer vF9df\u0001\u0001',
    ]);
  });

  test('answers an error so that the server can refuse (RFC 7628 §3.2.3)', async () => {
    const { said, messages } = await play(oauthBearer, ['{"status":"invalid_token"}']);
    expect(said[1]).toBe('\u0001');
    expect(messages[1]?.serverError).toBe('invalid_token');
  });
});

describe('XOAUTH2', () => {
  test('names user and token, and answers an error with nothing', async () => {
    const { said, messages } = await play(xoauth2, ['{"status":"400","schemes":"Bearer"}', '']);
    expect(said).toEqual(['user=user\u0001auth=Bearer pencil\u0001\u0001', '', null]);
    expect(messages[1]?.serverError).toBe('400');
  });

  test.each(['', 'no JSON', '[]', 'null', '7', '{"status":7}', '{"status":"a b\\u001b[31m"}'])(
    'makes nothing of the error %j',
    async (error) => {
      const { said, messages } = await play(xoauth2, [error]);
      expect(said[1]).toBe('');
      expect(messages[1]?.serverError).toBeUndefined();
    },
  );
});

test('a token is one word of ASCII', () => {
  expect(isToken('ya29.a0Af_b~c+d/e==')).toBe(true);
  for (const no of ['', 'a b', 'a\n', 'a\u0001b', 'tökèn']) expect(isToken(no)).toBe(false);
});

test('base64 is read strictly', () => {
  expect(decodeBase64('')).toEqual(Buffer.alloc(0));
  expect(decodeBase64('YQ==')).toEqual(Buffer.from('a'));
  for (const no of ['Y', 'YQ', 'YQ=', 'YQ==YQ==', 'Y Q=', 'YQ-_', '=', '====']) {
    expect(decodeBase64(no), no).toBeNull();
  }
});
