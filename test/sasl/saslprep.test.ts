import { describe, expect, test } from 'vitest';
import { saslPrep } from '../../src/sasl/saslprep.ts';

describe('SASLprep', () => {
  // The first seven are those of RFC 4013 §3.
  test.each([
    ['drops a soft hyphen', 'I\u00adX', 'IX'],
    ['leaves ASCII alone', 'user', 'user'],
    ['keeps the case', 'USER', 'USER'],
    ['normalises (NFKC)', '\u00aa', 'a'],
    ['takes compatibility characters apart', '\u2168', 'IX'],
    ['refuses control characters', '\u0007', null],
    ['refuses a mixture of directions', '\u0627\u0031', null],
    ['makes every space a plain one', 'a\u00a0b\u3000c', 'a b c'],
    ['composes', 'e\u0301', '\u00e9'],
    ['allows text from right to left', '\u0627\u0031\u0628', '\u0627\u0031\u0628'],
    ['refuses letters of both directions', '\u05d0a\u05d0', null],
    ['refuses private characters', 'a\ue000', null],
    ['refuses what is no character', 'a\ufdd0', null],
    ['refuses half a character', 'a\ud800', null],
    ['refuses what turns text around', 'a\u202eb', null],
    ['allows what is far from ASCII', 'пароль密码🔑', 'пароль密码🔑'],
  ])('%s', (_what, text, expected) => {
    expect(saslPrep(text)).toBe(expected);
  });
});
