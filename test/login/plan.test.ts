import { describe, expect, test } from 'vitest';
import { MAX_ATTEMPTS, nextPair, type Tried } from '../../src/login/plan.ts';

/** The pairs, in order, when every one of them becomes what `become` says. */
function plan(
  usernames: readonly string[],
  mechanisms: readonly string[],
  become: (mechanism: string) => Tried['outcome'] = () => 'refused',
  counted: boolean = true,
): readonly string[] {
  const tried: Tried[] = [];
  for (;;) {
    const pair = nextPair(usernames, mechanisms, tried);
    if (!pair) return tried.map(({ mechanism, username }) => `${mechanism} ${username}`);
    expect(tried).not.toContainEqual(expect.objectContaining(pair));
    tried.push({ ...pair, outcome: become(pair.mechanism), counted });
  }
}

describe('the order of attempts', () => {
  test.each([
    [
      ['u', 'v'],
      ['PLAIN', 'LOGIN'],
      ['PLAIN u', 'PLAIN v'],
    ],
    [['u'], ['PLAIN', 'LOGIN', 'CRAM-MD5'], ['PLAIN u']],
    [
      ['u', 'v'],
      ['SCRAM-SHA-256', 'SCRAM-SHA-1', 'PLAIN', 'LOGIN'],
      ['SCRAM-SHA-256 u', 'PLAIN u', 'PLAIN v'],
    ],
    [
      ['u', 'v'],
      ['SCRAM-SHA-256', 'LOGIN'],
      ['SCRAM-SHA-256 u', 'LOGIN u', 'LOGIN v'],
    ],
    [
      ['u', 'v'],
      ['SCRAM-SHA-256', 'SCRAM-SHA-1', 'CRAM-MD5'],
      ['SCRAM-SHA-256 u', 'SCRAM-SHA-1 u', 'SCRAM-SHA-256 v'],
    ],
    [
      ['u'],
      ['SCRAM-SHA-256', 'SCRAM-SHA-1', 'CRAM-MD5'],
      ['SCRAM-SHA-256 u', 'SCRAM-SHA-1 u', 'CRAM-MD5 u'],
    ],
    [['u', 'v'], ['CRAM-MD5'], ['CRAM-MD5 u', 'CRAM-MD5 v']],
    [
      ['u', 'v'],
      ['OAUTHBEARER', 'XOAUTH2'],
      ['OAUTHBEARER u', 'XOAUTH2 u', 'OAUTHBEARER v'],
    ],
    [['u', 'v', 'w', 'x'], ['PLAIN'], ['PLAIN u', 'PLAIN v', 'PLAIN w']],
    [[], ['PLAIN'], []],
    [['u'], [], []],
  ])('for %j with %j', (usernames, mechanisms, expected) => {
    expect(plan(usernames, mechanisms)).toEqual(expected);
    expect(expected.length).toBeLessThanOrEqual(MAX_ATTEMPTS);
  });

  test('drops a mechanism that does not work, for every name', () => {
    const mechanisms = ['SCRAM-SHA-1', 'PLAIN', 'LOGIN'];
    const become = (mechanism: string) => (mechanism === 'LOGIN' ? 'refused' : 'unusable');
    expect(plan(['u', 'v'], mechanisms, become, false)).toEqual([
      'SCRAM-SHA-1 u',
      'PLAIN u',
      'LOGIN u',
      'LOGIN v',
    ]);
  });
});
