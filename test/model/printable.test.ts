import fc from 'fast-check';
import { expect, it } from 'vitest';
import { printable, printableDeep } from '../../src/model/printable.ts';

it('escape sequences, control and bidirectional characters go', () => {
  expect(printable('220 \u001b[31mred\u001b[0m\u0007 ok')).toBe('220 red ok');
  expect(printable('\u001b]0;title\u0007hello')).toBe('hello');
  expect(printable('\u009b31mx')).toBe('31mx');
  expect(printable('a\u202eb\u2066c\u200bd')).toBe('abcd');
  expect(printable('one\r\ntwo\tthree')).toBe('one two three');
  expect(printable('emoji 📧 and ü stay')).toBe('emoji 📧 and ü stay');
});

it('what has no shape of its own goes', () => {
  const unseen = [0xad, 0x34f, 0x115f, 0x17b4, 0x180b, 0x200d, 0x2064, 0x3164, 0xfe00, 0xfe0f];
  for (const code of [...unseen, 0xffa0, 0xe0001, 0xe0100, 0x1d173]) {
    expect(printable(`a${String.fromCodePoint(code)}b`)).toBe('ab');
  }
  expect(printable('e\u0301')).toBe('e\u0301');
});

it('a limit cuts', () => {
  expect(printable('abcdef', 4)).toBe('abc…');
  expect(printable('abcd', 4)).toBe('abcd');
});

it('every string in a value is cleaned, and nothing else changes', () => {
  expect(printableDeep({ a: ['x\u0000y', 1, null], b: { c: '\u001b[2J' }, d: true })).toEqual({
    a: ['xy', 1, null],
    b: { c: '' },
    d: true,
  });
});

it('nothing that steers a terminal survives', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }),
  );
});
