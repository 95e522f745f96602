import { describe, expect, test } from 'vitest';
import {
  standInFor,
  usernameWithoutStandIn,
  withoutStandIn,
} from '../../../src/sources/documents/stand-in.ts';

const STAND_IN = standInFor('example.com');

describe('the stand-in address', () => {
  test('is one that every domain has', () => {
    expect(STAND_IN).toBe('postmaster@example.com');
  });

  const texts: [string, string][] = [
    ['postmaster@example.com', '%EMAILADDRESS%'],
    ['Postmaster@EXAMPLE.com', '%EMAILADDRESS%'],
    ['postmaster%40example.com', '%EMAILADDRESS%'],
    ['Mail (postmaster@example.com)', 'Mail (%EMAILADDRESS%)'],
    ['postmaster', '%EMAILLOCALPART%'],
    ['postmaster.example.com', '%EMAILLOCALPART%.example.com'],
    ['postmaster@other.example', '%EMAILLOCALPART%@other.example'],
    ['postmasters', 'postmasters'],
    ['hostpostmaster', 'hostpostmaster'],
    ['smtp.example.com', 'smtp.example.com'],
  ];
  test.each(texts)('"%s" becomes a template', (text, expected) => {
    expect(withoutStandIn(text, STAND_IN)).toBe(expected);
  });

  test('is known by the name that people read, too', () => {
    const standIn = standInFor('xn--bcher-kva.example');
    expect(withoutStandIn('postmaster@bücher.example', standIn)).toBe('%EMAILADDRESS%');
    expect(withoutStandIn('postmaster@xn--bcher-kva.example', standIn)).toBe('%EMAILADDRESS%');
  });

  const usernames: [string, string][] = [
    ['postmaster@example.com', '%EMAILADDRESS%'],
    ['postmaster', '%EMAILLOCALPART%'],
    ['CORP\\postmaster', 'CORP\\%EMAILLOCALPART%'],
    ['example.com/postmaster', 'example.com/%EMAILLOCALPART%'],
    ['postmaster.example.com', '%EMAILLOCALPART%.example.com'],
    ['postmaster_example.com', '%EMAILLOCALPART%_example.com'],
    ['postmaster%example.com', '%EMAILLOCALPART%%example.com'],
    ['example.com_postmaster', 'example.com_%EMAILLOCALPART%'],
    // What is a template already.
    ['%EMAILADDRESS%', '%EMAILADDRESS%'],
    ['x-%EMAILLOCALPART%', 'x-%EMAILLOCALPART%'],
    // Made up from it, or the postmaster's own.
    ['mx-postmaster', ''],
    ['postmaster-17', ''],
    ['postmaster1', ''],
    ['u1234', ''],
    ['info@example.com', ''],
    ['', ''],
  ];
  test.each(usernames)('the user name "%s"', (text, expected) => {
    expect(usernameWithoutStandIn(text, STAND_IN)).toBe(expected);
  });
});
