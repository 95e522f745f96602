import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Reply,
  ReplyError,
  ReplyParser,
  replyLimits,
  showReply,
} from '../../src/smtp/reply.ts';

/** Everything there is to learn from the chunks: the replies, and how it ended. */
function readAll(...chunks: (string | Uint8Array)[]): { replies: Reply[]; end: string } {
  const parser = new ReplyParser();
  const replies: Reply[] = [];
  try {
    for (const chunk of chunks) {
      parser.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
      for (let reply = parser.next(); reply; reply = parser.next()) replies.push(reply);
    }
  } catch (error) {
    if (error instanceof ReplyError) return { replies, end: error.message };
    throw error;
  }
  return { replies, end: 'more' };
}

const one = (text: string): Reply | undefined => readAll(text).replies[0];

describe('the reply parser', () => {
  test('reads a reply of one line', () => {
    expect(one('220 mx.example ESMTP\r\n')).toEqual({
      code: 220,
      enhanced: null,
      lines: ['mx.example ESMTP'],
    });
  });

  test('reads a reply of several lines', () => {
    expect(one('250-mx.example\r\n250-SIZE 1000\r\n250 AUTH PLAIN\r\n')?.lines).toEqual([
      'mx.example',
      'SIZE 1000',
      'AUTH PLAIN',
    ]);
  });

  test('reads lines that end in a bare LF, and in several CR', () => {
    expect(one('250-a\n250 b\r\r\n')?.lines).toEqual(['a', 'b']);
  });

  test('reads codes without text', () => {
    expect(one('250-\r\n250\r\n')).toEqual({ code: 250, enhanced: null, lines: ['', ''] });
  });

  test('keeps NUL bytes, 8-bit text and a CR inside the line', () => {
    expect(one('220 a\0b\rc é\r\n')?.lines).toEqual(['a\0b\rc é']);
    expect(readAll(Buffer.from([0x32, 0x32, 0x30, 0x20, 0xff, 0x0a])).replies[0]?.lines).toEqual([
      '\ufffd',
    ]);
  });

  test('takes the enhanced code out of the text', () => {
    expect(one('550-5.7.1 go\r\n550 5.7.1 away\r\n')).toEqual({
      code: 550,
      enhanced: '5.7.1',
      lines: ['go', 'away'],
    });
  });

  test('leaves an enhanced code of another class in the text', () => {
    expect(one('250 5.7.1 ok\r\n')).toEqual({ code: 250, enhanced: null, lines: ['5.7.1 ok'] });
  });

  test('returns replies one by one, and what follows them later', () => {
    expect(readAll('220 a\r\n250 b\r\n25').replies.map(({ code }) => code)).toEqual([220, 250]);
  });

  test.each([
    ['* OK IMAP4 ready\r\n'],
    ['+OK POP3\r\n'],
    ['SSH-2.0-OpenSSH_9.2\r\n'],
    ['HTTP/1.1 400 Bad Request\r\n'],
    ['\r\n'],
    ['22 a\r\n'],
    ['2200 a\r\n'],
    ['120 a\r\n'],
    ['620 a\r\n'],
    ['220_a\r\n'],
  ])('does not take %j for a reply', (text) => {
    expect(readAll(text).end).toMatch(/^not an SMTP reply: /);
  });

  test('refuses two codes in one reply', () => {
    expect(readAll('250-a\r\n550 b\r\n').end).toBe('one reply with the codes 250 and 550');
  });

  test('shows nothing dangerous of what it refuses', () => {
    expect(readAll('\x1b[2Jboo\u202e\r\n').end).toBe('not an SMTP reply: "boo"');
  });

  test('refuses a line without end', () => {
    const line = `220 ${'a'.repeat(replyLimits.lineBytes)}`;
    expect(readAll(line).end).toBe('a line of more than 8192 bytes');
    expect(readAll(`${line}\r\n`).end).toBe('a line of more than 8192 bytes');
  });

  test('refuses a reply without end', () => {
    expect(readAll('250-a\r\n'.repeat(replyLimits.replyLines + 1)).end).toBe(
      'a reply of more than 256 lines',
    );
    expect(readAll(`220-${'a'.repeat(8000)}\r\n`.repeat(20)).end).toBe(
      'more than 131072 bytes of replies',
    );
  });

  test('fails again the same way when asked again', () => {
    const parser = new ReplyParser();
    parser.push(Buffer.from('nonsense\n220 ok\n'));
    expect(() => parser.next()).toThrow(ReplyError);
    parser.push(Buffer.from('220 ok\n'));
    expect(() => parser.next()).toThrow('not an SMTP reply: "nonsense"');
  });

  test('tells how much it discards', () => {
    const parser = new ReplyParser();
    parser.push(Buffer.from('220 go\r\n250 evil\r\n'));
    expect(parser.next()?.code).toBe(220);
    expect(parser.discard()).toBe(10);
    expect(parser.discard()).toBe(0);
    expect(parser.next()).toBeNull();
  });

  test('discards the beginning of a reply too', () => {
    const parser = new ReplyParser();
    parser.push(Buffer.from('250-evil\r\n'));
    expect(parser.next()).toBeNull();
    expect(parser.discard()).toBeGreaterThan(0);
    parser.push(Buffer.from('220 good\r\n'));
    expect(parser.next()?.lines).toEqual(['good']);
  });

  test('shows a reply on one line, safely', () => {
    const reply = { code: 550, enhanced: '5.7.1', lines: ['go\x1b[31m', '\u202eaway'] };
    expect(showReply(reply)).toBe('550 5.7.1 go away');
  });
});

describe('whatever the bytes are', () => {
  const noise = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
  const nearly = fc
    .constantFrom(
      '250',
      '220',
      '-',
      ' ',
      '\r\n',
      '\n',
      '\r',
      '\0',
      '5.7.1 ',
      'AUTH PLAIN',
      'é',
      '250-a\r\n',
    )
    .map((text) => Buffer.from(text));
  const stream = fc
    .array(fc.oneof({ weight: 4, arbitrary: nearly }, { weight: 1, arbitrary: noise }), {
      maxLength: 60,
    })
    .map((parts) => Buffer.concat(parts));

  test('nothing but the typed error comes out, and cutting them otherwise changes nothing', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat({ max: 300 })), (bytes, cuts) => {
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b)];
        const chunks = places.map((from, i) => bytes.subarray(from, places[i + 1] ?? bytes.length));
        expect(readAll(...chunks)).toEqual(readAll(bytes));
      }),
    );
  });

  test('the limits fall at the same place, however the bytes are cut', () => {
    const limits = { lineBytes: 8, replyLines: 3, totalBytes: 40 };
    const read = (chunks: Buffer[]): unknown => {
      const parser = new ReplyParser(limits);
      const seen: unknown[] = [];
      try {
        for (const chunk of chunks) {
          parser.push(chunk);
          for (let reply = parser.next(); reply; reply = parser.next()) seen.push(reply);
        }
      } catch (error) {
        seen.push(String(error));
      }
      return seen;
    };
    fc.assert(
      fc.property(stream, (bytes) => {
        const single = Array.from(bytes, (byte) => Buffer.from([byte]));
        expect(read(single)).toEqual(read([bytes]));
      }),
    );
  });
});
