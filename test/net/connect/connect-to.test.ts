import { describe, expect, it } from 'vitest';
import { SmtpFindError } from '../../../src/model/errors.ts';
import {
  matchConnectTo,
  parseConnectTo,
  standInHost,
} from '../../../src/net/connect/connect-to.ts';

describe('parsing --connect-to', () => {
  it.each([
    ['a.example:465:127.0.0.1:4465', ['a.example', 465, '127.0.0.1', 4465]],
    ['::127.0.0.1:4465', [null, null, '127.0.0.1', 4465]],
    [':25::2525', [null, 25, null, 2525]],
    ['a.example:465:b.example:', ['a.example', 465, 'b.example', null]],
    ['a.example:465:b.example', ['a.example', 465, 'b.example', null]],
    ['[2001:DB8::1]:465:[::1]:4465', ['2001:db8::1', 465, '::1', 4465]],
    ['SMTP.Example.COM.:465:localhost:1', ['smtp.example.com', 465, 'localhost', 1]],
    ['bücher.example:465:localhost:1', ['xn--bcher-kva.example', 465, 'localhost', 1]],
    [':::', [null, null, null, null]],
  ])('understands %s', (text, [fromHost, fromPort, toHost, toPort]) => {
    expect(parseConnectTo(text)).toEqual({ fromHost, fromPort, toHost, toPort });
  });

  it.each([
    ['', 'expected HOST1:PORT1:HOST2:PORT2'],
    ['a.example', 'expected HOST1:PORT1:HOST2:PORT2'],
    ['a.example:465', 'expected HOST1:PORT1:HOST2:PORT2'],
    ['a:1:b:2:c', 'expected HOST1:PORT1:HOST2:PORT2'],
    ['::1:465:127.0.0.1:4465', 'expected HOST1:PORT1:HOST2:PORT2'],
    ['a.example:0:b.example:1', '"0" is not a port'],
    ['a.example:65536:b.example:1', '"65536" is not a port'],
    ['a.example:smtp:b.example:1', '"smtp" is not a port'],
    ['a example:1:b.example:1', '"a example" is not a host name'],
    ['a.example:1:[]:1', '"" is not a host name'],
  ])('rejects "%s" with one line that says what is expected', (text, expected) => {
    const error = errorOf(() => parseConnectTo(text));
    expect(error).toBeInstanceOf(SmtpFindError);
    expect(error).toMatchObject({ code: 'bad-option' });
    expect(String(error)).toContain(expected);
    expect(String(error)).not.toContain('\n');
  });
});

describe('matching --connect-to', () => {
  const rules = ['a.example:465:one:1', 'a.example::two:2', ':587::3', '::four:'].map(
    parseConnectTo,
  );

  it.each([
    ['a.example', 465, { toHost: 'one', toPort: 1 }],
    ['a.example', 587, { toHost: 'two', toPort: 2 }],
    ['b.example', 587, { toHost: null, toPort: 3 }],
    ['b.example', 25, { toHost: 'four', toPort: null }],
  ])('takes the first rule that fits %s:%d', (host, port, expected) => {
    expect(matchConnectTo(rules, host, port)).toMatchObject(expected);
  });

  it('finds no rule where none fits', () => {
    expect(matchConnectTo(rules.slice(0, 3), 'b.example', 25)).toBeNull();
  });

  it('knows which host stands in for one that is named exactly', () => {
    expect(standInHost(rules, 'a.example')).toBe('one');
    expect(standInHost(rules, 'b.example')).toBeNull();
  });
});

function errorOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
