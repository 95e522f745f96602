import { describe, expect, it } from 'vitest';
import { normaliseHost, toALabels, toULabels } from '../../src/model/domain.ts';
import {
  inRegistrableDomain,
  parentsOf,
  registrableDomain,
} from '../../src/model/public-suffix.ts';

describe('the registrable domain', () => {
  it.each([
    ['example.com', 'example.com'],
    ['mail.example.com', 'example.com'],
    ['mx1.mail.example.co.uk', 'example.co.uk'],
    ['shop.uk.com', 'shop.uk.com'],
    ['a.shop.uk.com', 'shop.uk.com'],
    ['me.github.io', 'me.github.io'],
    ['host.nowhere.invalid', 'nowhere.invalid'],
    ['co.uk', null],
    ['192.0.2.1', null],
  ])('of %s is %s', (name, expected) => {
    expect(registrableDomain(name)).toBe(expected);
  });
});

it('parents go up to the registrable domain, nearest first', () => {
  expect(parentsOf('a.dept.uni.example')).toEqual(['dept.uni.example', 'uni.example']);
  expect(parentsOf('uni.example')).toEqual([]);
  expect(parentsOf('shop.uk.com')).toEqual([]);
});

it('strangers below a private suffix are not in one registrable domain', () => {
  expect(inRegistrableDomain('smtp.shop.uk.com', 'shop.uk.com')).toBe(true);
  expect(inRegistrableDomain('smtp.other.uk.com', 'shop.uk.com')).toBe(false);
  expect(inRegistrableDomain('smtp.example.com', 'dept.example.com')).toBe(true);
  expect(inRegistrableDomain('notexample.com', 'example.com')).toBe(false);
});

it('hosts are normalised as they are used', () => {
  expect(normaliseHost(' SMTP.Example.com. ')).toBe('smtp.example.com');
  expect(normaliseHost('my_host.example.com')).toBe('my_host.example.com');
  expect(normaliseHost('smtp.münchen.example')).toBe('smtp.xn--mnchen-3ya.example');
  expect(normaliseHost('192.0.2.1')).toBe('192.0.2.1');
  expect(normaliseHost('2001:DB8::1')).toBe('2001:db8::1');
  for (const bad of ['', '.', 'a..b', 'a b.c', 'x/y', 'a:25', '1.2.3', `${'a'.repeat(64)}.com`]) {
    expect(normaliseHost(bad), bad).toBeNull();
  }
});

it('A-labels go on the wire, U-labels to people', () => {
  expect(toALabels('MÜNCHEN.example')).toBe('xn--mnchen-3ya.example');
  expect(toULabels('xn--mnchen-3ya.example')).toBe('münchen.example');
});
