import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SmtpFindError } from '../../src/model/errors.ts';
import { parseQuery, splitQueries } from '../../src/model/query.ts';

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
    ['you', 'only the part before the @'],
    ["o'brien_x", 'only the part before the @'],
    ['@example.com', 'before the @'],
    ['you@', 'no domain after'],
    ['you@', 'expected you@example.com'],
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
    ['https://example.com/', 'is a URL'],
    ['you@ex%61mple.com', 'not an address'],
    [`you@${'a'.repeat(64)}.com`, 'not an address'],
    [`you@${'abcdefgh.'.repeat(33)}com`, 'not an address'],
    [`${'a'.repeat(65)}@example.com`, '64 bytes'],
    [`${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(59)}.org`, '254 bytes'],
    ['you @example.com', 'quote it: "you "@'],
    ['<>', 'not an address'],
    ['jane, a@x.example', 'not an address'],
    ['a@x.example, b@x.example', 'holds 2 addresses'],
    ['mailto:a@x.example,b@x.example', 'holds 2 addresses'],
    ['a\u202eb@example.com', 'invisible'],
    ['a\u0007b@example.com', 'control'],
    ['y\ufffdu@example.com', 'not in UTF-8'],
    ['you@ex\ufffdmple.com', 'not in UTF-8'],
    ['J\ufffdn <you@example.com>', 'not in UTF-8'],
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

  it.each([
    'jane@library.example/',
    'jane@library.example!',
    '*jane@library.example*',
    'jane@library.example?subject=x',
    'jane@library,example',
    'jane[at]library.example',
    'jane (at) library.example',
    'jane(AT)library(DOT)example',
    'jane\uff20library.example',
    'E-Mail: jane@library.example',
    '\u00b7 jane@library.example',
    'my address is jane@library.example',
  ])('%j has an address plainly inside', (input) => {
    try {
      parseQuery(input);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        code: 'bad-input',
        suggestions: ['jane@library.example'],
        message: expect.stringMatching(/did you mean jane@library\.example\?$/),
      });
    }
  });

  it.each([
    ['{bad', /^"\{bad" is not an address or a domain name/],
    ['"jane@library.example', /^"+jane@library/],
    ['\u0007\u0001', /^"\\x07\\x01" is not an address/],
    ['\u200b', /^"\\u200b"/],
  ])('%j is shown as it can be', (input, message) => {
    expect(() => parseQuery(input)).toThrow(message);
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

  const pasted: readonly (readonly [text: string, understood: string])[] = [
    ['Jane <j@x.example>', 'j@x.example'],
    ['"Jane Doe" <j@x.example>', 'j@x.example'],
    ['"Doe, Jane <work>" <j@x.example>', 'j@x.example'],
    ['Doe, Jane <j@x.example>', 'j@x.example'],
    ['“Jane” <j@x.example>', 'j@x.example'],
    ['j@x.example <j@x.example>', 'j@x.example'],
    ['"j@x.example" <j@x.example>', 'j@x.example'],
    ['"J@X.example" <j@x.example>', 'j@x.example'],
    ['"Jane @ Work" <j@x.example>', 'j@x.example'],
    ['j@x.example (j@x.example)', 'j@x.example'],
    ['o’brien@x.example', 'o’brien@x.example'],
    ['On Monday, Jane <j@x.example> wrote:', 'j@x.example'],
    ['Jane <j@x.example', 'j@x.example'],
    ['<j@x.example>', 'j@x.example'],
    ['<x.example>', 'x.example'],
    ['<<j@x.example>>', 'j@x.example'],
    ['<"a<b, c"@x.example>', '"a<b, c"@x.example'],
    ['<mailto:j@x.example>', 'j@x.example'],
    ['Write to <j@x.example>.', 'j@x.example'],
    ['j@x.example (Jane Doe)', 'j@x.example'],
    ['(j@x.example)', 'j@x.example'],
    ['[j@x.example](mailto:j@x.example)', 'j@x.example'],
    ['mailto:j@x.example', 'j@x.example'],
    ['MAILTO:j@x.example?subject=Hello, world&body=b@y.example', 'j@x.example'],
    ['mailto:j%2Bt@x.example', 'j+t@x.example'],
    ['mailto:%22a%20b%22@x.example', '"a b"@x.example'],
    ['mailto:j%zz@x.example', 'j%zz@x.example'],
    ['mailto:?to=j@x.example', 'j@x.example'],
    ['mailto:j@x.example#top', 'j@x.example'],
    ['"j@x.example"', 'j@x.example'],
    ["'j@x.example'", 'j@x.example'],
    ['`j@x.example`', 'j@x.example'],
    ['“j@x.example”', 'j@x.example'],
    ['„j@x.example“', 'j@x.example'],
    ['« j@x.example »', 'j@x.example'],
    ['‘j@x.example’', 'j@x.example'],
    ['"<j@x.example>",', 'j@x.example'],
    ['"""a b""@x.example"', '"a b"@x.example'],
    ['j@x.example,', 'j@x.example'],
    [',;j@x.example; ,', 'j@x.example'],
    ['\u00a0j@x.example\u00a0', 'j@x.example'],
    ['\u200b\ufeffj@x.example\u200b', 'j@x.example'],
    ['\u202aj@x.example\u202c', 'j@x.example'],
    ['j@x.example.', 'j@x.example'],
    ['x.example,', 'x.example'],
  ];
  it.each(pasted)('%j is understood as %s', (input, understood) => {
    const query = parseQuery(input);
    expect(query.email ?? query.domain).toBe(understood);
    expect(query.input).toBe(input.trim());
  });

  it.each([
    ['"a b"@x.example'],
    ['"a@b, <c>"@x.example'],
    ["'j'@x.example"],
    ["'j@x.example"],
    ['`j`@x.example'],
    ['"mailto:a"@x.example'],
    ['{jane}@x.example'],
  ])('%s is an address as it stands, and stays so', (input) => {
    expect(parseQuery(input)).toMatchObject({ input, email: input });
    expect(splitQueries(input)).toEqual([input]);
  });

  it.each([
    ['https://x.example/contact?a=b', ['x.example']],
    ['http://www.x.example', ['x.example']],
    ['smtps://u:p@smtp.x.example:465', ['smtp.x.example']],
    ['x.example/contact', ['x.example']],
    ['x.example:587', ['x.example']],
    ['@x.example', ['x.example']],
    ['To: j@x.example', ['j@x.example']],
    ['j @ x.example', ['j@x.example']],
    ['j\u200b@x.example', ['j@x.example']],
    ['a@x.example <b@y.example>', ['a@x.example', 'b@y.example']],
    ['“jane”@x.example', ['jane@x.example']],
    ['„jane“@x.example', ['jane@x.example']],
    ['«jane»@x.example', ['jane@x.example']],
    ['jane＠x.example', ['jane@x.example']],
    ...[
      'jane@b.example <jane@e.example>',
      'jane＠b.example <jane@e.example>',
      '"jane@b.example" <jane@e.example>',
      '"jane＠b.example" <jane@e.example>',
      '“jane@b.example” <jane@e.example>',
      '"Jane (jane@b.example)" <jane@e.example>',
    ].map((text): [string, readonly string[]] => [text, ['jane@b.example', 'jane@e.example']]),
    ...[
      'jane@e.example (jane@b.example)',
      'jane@e.example (jane＠b.example)',
      'Jane <jane@e.example> (jane@b.example)',
      'Jane <jane@e.example> jane＠b.example',
    ].map((text): [string, readonly string[]] => [text, ['jane@e.example', 'jane@b.example']]),
    ['a@x.example b@y.example', ['a@x.example', 'b@y.example']],
    ['a@x.example, jane', ['a@x.example']],
    ['a@x.example; "B" <b@y.example>', ['a@x.example', 'b@y.example']],
    ['https://localhost/', []],
    ['jane', []],
    ['jane doe', []],
  ])('%j is refused, and suggests %j', (input, suggestions) => {
    const error = refusal(input);
    expect([error.code, error.suggestions]).toEqual(['bad-input', suggestions]);
    const told = suggestions.every((meant) => error.message.includes(meant));
    expect(told).toBe(true);
  });

  it('suggests only what it would take', () => {
    const piece = fc.constantFrom(
      ...'aj@x.,;:<>"\'/?# \u200b\n()[]'.split(''),
      'x.example',
      'mailto:',
    );
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, (input) => {
        try {
          const { email, domain } = parseQuery(input);
          // What was understood is understood as itself.
          expect(parseQuery(email ?? domain)).toMatchObject({ email, domain });
        } catch (error) {
          if (!(error instanceof SmtpFindError)) throw error;
          for (const meant of error.suggestions) expect(parseQuery(meant).input).toBe(meant);
          expect(error.message).not.toMatch(/[\u0000-\u001f\u200b]/);
        }
      }),
      { numRuns: 2000 },
    );
  });

  // A quadratic pattern would take minutes.
  it('ends soon, whatever is pasted', () => {
    for (const unit of [
      '<',
      '"',
      '(a) ',
      ' ',
      '@',
      '"\\',
      '<"',
      ',',
      "'",
      'a@',
      '\u200b',
      'mailto:',
    ]) {
      for (const text of [unit.repeat(1024), `x${unit.repeat(20_000)}x`]) {
        splitQueries(text.slice(0, 20_000));
        try {
          parseQuery(text.slice(0, 1024));
        } catch (error) {
          expect(error).toBeInstanceOf(SmtpFindError);
        }
      }
    }
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

function refusal(input: string): SmtpFindError {
  try {
    parseQuery(input);
  } catch (error) {
    if (error instanceof SmtpFindError) return error;
    throw error;
  }
  throw new Error(`${input} was taken`);
}

describe('several queries in one text', () => {
  it.each([
    ['a@x.example, b@y.example; c.example', ['a@x.example', 'b@y.example', 'c.example']],
    ['a@x.example\nb@y.example\r\n', ['a@x.example', 'b@y.example']],
    ['a@x.example\tb@y.example', ['a@x.example', 'b@y.example']],
    [
      'Jane <a@x.example>, "Doe, Bob" <b@y.example>,',
      ['Jane <a@x.example>', '"Doe, Bob" <b@y.example>'],
    ],
    ['"a,b"@x.example, c@y.example', ['"a,b"@x.example', 'c@y.example']],
    ['mailto:a@x.example,b%2Bc@y.example?cc=d@z.example', ['a@x.example', 'b+c@y.example']],
    [
      'mailto:a@x.example?to=b@y.example,c@z.example',
      ['a@x.example', 'b@y.example', 'c@z.example'],
    ],
    ['mailto:a@x.example;b@y.example', ['a@x.example', 'b@y.example']],
    ['mailto:a@x.example, mailto:b@y.example', ['a@x.example', 'mailto:b@y.example']],
  ])('%j', (text, expected) => {
    expect(splitQueries(text)).toEqual(expected);
  });

  it.each([
    'a@x.example,',
    'a@x.example, jane',
    'Doe, Jane <j@x.example>',
    ',',
    '',
    '<a@x.example, b>',
  ])('are not what %j holds', (text) => {
    expect(splitQueries(text)).toEqual([text]);
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
