import { describe, expect, it } from 'vitest';
import { parseNamedServer } from '../../src/model/named-server.ts';

describe('a server that the user names', () => {
  it.each([
    ['smtp.example.com', 'smtp.example.com', null, null],
    [' smtp.example.com:587 ', 'smtp.example.com', 587, null],
    ['SMTP.Example.COM.:587', 'smtp.example.com', 587, null],
    ['localhost', 'localhost', null, null],
    ['bücher.example:25', 'xn--bcher-kva.example', 25, null],
    ['192.0.2.1', '192.0.2.1', null, null],
    ['192.0.2.1:25', '192.0.2.1', 25, null],
    ['2001:db8::1', '2001:db8::1', null, null],
    ['[2001:db8::1]:587', '2001:db8::1', 587, null],
    ['smtp://smtp.example.com', 'smtp.example.com', null, null],
    ['SMTP://smtp.example.com:25/', 'smtp.example.com', 25, null],
    ['smtps://smtp.example.com', 'smtp.example.com', 465, 'tls'],
    ['smtps://[2001:db8::1]:2465', '2001:db8::1', 2465, 'tls'],
    ['submission://smtp.example.com:587', 'smtp.example.com', 587, null],
  ])('%s', (text, host, port, encryption) => {
    expect(parseNamedServer(text)).toEqual({ host, port, encryption });
  });

  it.each([
    ['', 'smtp.example.com:587'],
    ['smtp.example.com:0', '1 to 65535'],
    ['smtp.example.com:65536', '1 to 65535'],
    ['0x7f.1:1', '"0x7f.1" is no host'],
    ['2130706433:1', '"2130706433" is no host'],
    ['0:1', '"0" is no host'],
    ['-smtp.example.com:587', '"-smtp.example.com" is no host'],
    ['2130706433:0', '1 to 65535'],
    ['smtp.example.com:smtp', 'a host and a port'],
    ['smtp.example.com 587', 'try smtp.example.com:587'],
    ['smtp.example.com, port 587', 'try smtp.example.com:587'],
    ['2001:db8::1:58777', 'brackets'],
    ['[smtp.example.com]:587', 'smtp.example.com:587'],
    ['https://smtp.example.com/', 'try smtp.example.com'],
    ['imaps://mail.example.com:993', 'a mail server'],
    ['-smtp.example.com', 'a host'],
    ['a\u001b[31mb', 'a host'],
  ])('not %j', (text, hint) => {
    expect(() => parseNamedServer(text)).toThrow(
      expect.objectContaining({ code: 'bad-option', message: expect.stringContaining(hint) }),
    );
    expect(() => parseNamedServer(text)).not.toThrow(/\p{Control}/u);
  });

  it('is never repeated where a password may stand in it', () => {
    for (const text of ['you:hunter2@smtp.example.com', 'smtps://you:hunter2@smtp.example.com']) {
      expect(() => parseNamedServer(text)).toThrow('takes no @');
      expect(() => parseNamedServer(text)).not.toThrow('hunter2');
    }
  });
});
