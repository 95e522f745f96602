import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCapabilities } from '../../src/smtp/capabilities.ts';

const auth = (...lines: string[]): readonly string[] => parseCapabilities(['mx', ...lines]).auth;

describe('an EHLO reply', () => {
  test('gives keywords with their parameters', () => {
    const { serverName, keywords } = parseCapabilities([
      'mx.example Hello client [192.0.2.1]',
      'SIZE 52428800',
      'pipelining',
      'X_CUSTOM  a  b ',
      'SMTPUTF8',
    ]);
    expect(serverName).toBe('mx.example');
    expect(keywords).toEqual({
      SIZE: '52428800',
      PIPELINING: '',
      X_CUSTOM: 'a  b',
      SMTPUTF8: '',
    });
  });

  test('offers nothing in its first line', () => {
    expect(parseCapabilities(['AUTH PLAIN']).auth).toEqual([]);
  });

  test.each([
    ['AUTH PLAIN LOGIN'],
    ['AUTH=PLAIN LOGIN'],
    ['AUTH = PLAIN LOGIN'],
    ['AUTH =PLAIN LOGIN'],
    ['auth plain login'],
    ['AUTH\tPLAIN   LOGIN '],
  ])('may spell AUTH as %j', (line) => {
    expect(auth(line)).toEqual(['PLAIN', 'LOGIN']);
  });

  test('may say AUTH several times, and a mechanism twice', () => {
    const { auth, keywords } = parseCapabilities([
      'mx',
      'AUTH LOGIN PLAIN',
      'SIZE',
      'AUTH=LOGIN CRAM-MD5',
      'AUTH XOAUTH2',
    ]);
    expect(auth).toEqual(['LOGIN', 'PLAIN', 'CRAM-MD5', 'XOAUTH2']);
    expect(keywords.AUTH).toBe('LOGIN PLAIN CRAM-MD5 XOAUTH2');
  });

  test('offers no AUTH when it names no mechanism', () => {
    expect(auth('AUTH')).toEqual([]);
    expect(auth('AUTH ')).toEqual([]);
    expect(auth('AUTH=')).toEqual([]);
    expect(auth('AUTHENTICATE PLAIN', 'XAUTH LOGIN')).toEqual([]);
  });

  test('has mechanisms of the syntax of RFC 4422 only', () => {
    expect(auth('AUTH PLAIN LO*GIN \x1b[31m ABCDEFGHIJKLMNOPQRSTU X-Y_Z')).toEqual([
      'PLAIN',
      'X-Y_Z',
    ]);
  });

  test('has keywords of sane syntax only, and values that are safe to show', () => {
    const { keywords } = parseCapabilities([
      '\x1b]0;title\x07evil\u202e.example hi',
      '<b>SIZE 1',
      'XTEXT a\x1b[2Jb',
      `${'K'.repeat(65)} 1`,
      '__proto__ 1',
      'constructor 1',
      '',
    ]);
    expect(keywords).toEqual({ XTEXT: 'ab', CONSTRUCTOR: '1' });
  });

  test('never throws, and its mechanisms are always well-formed', () => {
    const word = fc.oneof(
      fc.constantFrom('AUTH', 'auth=', 'PLAIN', ' ', '='),
      fc.string({ unit: 'binary', maxLength: 12 }),
    );
    const line = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const { auth } = parseCapabilities(lines);
        expect(auth.every((name) => /^[A-Z0-9_-]{1,20}$/.test(name))).toBe(true);
        expect(new Set(auth).size).toBe(auth.length);
      }),
    );
  });
});
