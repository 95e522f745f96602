import { describe, expect, test } from 'vitest';
import { ehloName } from '../../src/smtp/ehlo-name.ts';

describe('the name in EHLO', () => {
  test('is the machine’s own where that is a real one', () => {
    expect(ehloName('mail.example.org', '192.0.2.1')).toBe('mail.example.org');
  });

  test.each([
    ['laptop'],
    ['annas-macbook.local'],
    ['pc.fritz.box.lan'],
    ['host.localdomain'],
    ['vm.internal'],
    ['nas.home.arpa'],
    ['a_b.example.org'],
    ['-x.example.org'],
    ['host..example.org'],
    ['192.0.2.7'],
    [''],
    ['evil.example.org\r\nMAIL FROM:<x>'],
  ])('is the address where the machine is called %j', (hostname) => {
    expect(ehloName(hostname, '192.0.2.1')).toBe('[192.0.2.1]');
  });

  test.each([
    ['192.0.2.1', '[192.0.2.1]'],
    ['::ffff:192.0.2.1', '[192.0.2.1]'],
    ['2001:db8::1', '[IPv6:2001:db8::1]'],
    ['fe80::1%eth0', '[IPv6:fe80::1]'],
    [undefined, '[127.0.0.1]'],
  ])('writes the address %j as %s', (address, literal) => {
    expect(ehloName('laptop', address)).toBe(literal);
  });
});
