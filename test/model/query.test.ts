import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SmtpFindError } from '../../src/model/errors.ts';
import { parseQuery } from '../../src/model/query.ts';

describe('a query', () => {
  it.each([
    ['you@example.com', 'you@example.com', 'you', 'example.com'],
    ['  you@example.com\n', 'you@example.com', 'you', 'example.com'],
    ['You+Tag@Example.COM.', 'You+Tag@example.com', 'You+Tag', 'example.com'],
    ['"a b"@example.com', '"a b"@example.com', '"a b"', 'example.com'],
    ['"a@b\\"c"@example.com', '"a@b\\"c"@example.com', '"a@b\\"c"', 'example.com'],
    ["o'brien/x=y@example.com", "o'brien/x=y@example.com", "o'brien/x=y", 'example.com'],
    ['用户@例子.公司', '用户@xn--fsqu00a.xn--55qx5d', '用户', 'xn--fsqu00a.xn--55qx5d'],
    ['you@münchen.example', 'you@xn--mnchen-3ya.example', 'you', 'xn--mnchen-3ya.example'],
    ['example.com', null, null, 'example.com'],
    ['EXAMPLE.com.', null, null, 'example.com'],
    ['a-b.xn--p1ai', null, null, 'a-b.xn--p1ai'],
  ])('%j is understood', (input, email, localPart, domain) => {
    expect(parseQuery(input)).toEqual({ input: input.trim(), email, localPart, domain });
  });

  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['you', 'top-level domain'],
    ['@example.com', 'before the @'],
    ['you@', 'no domain after'],
    ['you@@example.com', 'not an address'],
    ['a b@example.com', 'quote it: "a b"@'],
    ['.you@example.com', 'quote it'],
    ['yo..u@example.com', 'quote it'],
    ['"unclosed@example.com', 'not an address'],
    ['you@[192.0.2.1]', 'IP address'],
    ['you@[IPv6:2001:db8::1]', 'IP address'],
    ['you@192.0.2.1', 'IP address'],
    ['192.0.2.1', 'IP address'],
    ['::1', 'IP address'],
    ['you@0x7f.1', 'not an address'],
    ['you@example.123', 'not an address'],
    ['you@localhost', 'top-level domain'],
    ['you@exa mple.com', 'not an address'],
    ['you@exa_mple.com', 'not an address'],
    ['you@-example.com', 'not an address'],
    ['you@example..com', 'not an address'],
    ['https://example.com/', 'not an address'],
    ['you@ex%61mple.com', 'not an address'],
    [`you@${'a'.repeat(64)}.com`, 'not an address'],
    [`you@${'abcdefgh.'.repeat(33)}com`, 'not an address'],
    [`${'a'.repeat(65)}@example.com`, '64 bytes'],
    [`${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(59)}.org`, '254 bytes'],
    ['you @example.com', 'quote it: "you "@'],
    ['You Yourself <you@example.com>', 'try you@example.com'],
    ['<you@example.com>', 'try you@example.com'],
    ['mailto:you@example.com?subject=x', 'try you@example.com'],
    ['a\u202eb@example.com', 'invisible'],
    ['a\u0007b@example.com', 'control'],
    ['x'.repeat(5000), 'too long'],
  ])('%j is refused in one line that says why', (input, why) => {
    try {
      parseQuery(input);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(SmtpFindError);
      expect(error).toMatchObject({ code: 'bad-input', message: expect.stringContaining(why) });
      expect((error as Error).message).not.toMatch(/[\n\u0000-\u001f\u202e]/);
    }
  });

  it('throws nothing but a typed error, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (input) => {
        try {
          const { domain } = parseQuery(input);
          expect(domain).toMatch(/^[a-z0-9.-]+$/);
        } catch (error) {
          expect(error).toBeInstanceOf(SmtpFindError);
        }
      }),
    );
  });

  it('accepts every address of plain words', () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,10}$/);
    fc.assert(
      fc.property(word, word, fc.constantFrom('com', 'example', 'co.uk'), (local, name, suffix) => {
        expect(parseQuery(`${local}@${name}.${suffix}`).domain).toBe(`${name}.${suffix}`);
      }),
    );
  });
});

describe('names that the DNS must not be asked about', () => {
  it.each(['you@example.onion', 'shop.onion', 'you@printer.local', 'office.LOCAL'])(
    '%s is refused with the reason',
    (input) => {
      expect(() => parseQuery(input)).toThrow(
        expect.objectContaining({
          code: 'bad-input',
          message: expect.stringMatching(/RFC (7686|6762)/),
        }),
      );
    },
  );

  it('are no more than those', () => {
    expect(parseQuery('you@onion.example').domain).toBe('onion.example');
    expect(parseQuery('you@local.example').domain).toBe('local.example');
  });
});
