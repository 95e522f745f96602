import { encode } from 'dns-packet';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { interpret } from '../../../src/net/dns/interpret.ts';
import { encodeQuestion, readReply } from '../../../src/net/dns/message.ts';
import { foldName } from '../../../src/net/dns/wire.ts';

const question = { name: 'x.example', type: 'MX' } as const;
const whole = encode({
  type: 'response',
  id: 7,
  questions: [question],
  answers: [
    { type: 'CNAME', name: 'x.example', ttl: 60, data: 'y.example' },
    { type: 'MX', name: 'y.example', ttl: 60, data: { preference: 1, exchange: 'mx.example' } },
    { type: 'TXT', name: 'y.example', ttl: 60, data: 'text' },
  ],
  authorities: [
    { type: 'SOA', name: 'example', ttl: 60, data: { mname: 'ns.example', rname: 'a.example' } },
  ],
});

it('reading never throws, whatever bytes come', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const message = Buffer.from(bytes);
      const reply = readReply(message, question, message.length > 1 ? message.readUInt16BE(0) : 7);
      if (typeof reply !== 'string') interpret(reply, question, new Set([question.name]));
    }),
  );
});

it('reading never throws, whatever becomes of a good reply', () => {
  const damage = fc.array(
    fc.tuple(fc.integer({ min: 12, max: whole.length - 1 }), fc.integer({ min: 0, max: 255 })),
    { maxLength: 6 },
  );
  const cut = fc.integer({ min: 0, max: 20 });
  fc.assert(
    fc.property(damage, cut, (changes, cutBytes) => {
      const bytes = Buffer.from(whole.subarray(0, whole.length - cutBytes));
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      const reply = readReply(bytes, question, 7);
      if (typeof reply === 'string') return;
      for (const type of ['MX', 'TXT', 'A'] as const) {
        const reading = interpret(reply, { name: 'y.example', type }, new Set(['y.example']));
        expect(['records', 'alias', 'none']).toContain(reading.kind);
      }
    }),
    { numRuns: 500 },
  );
});

it('a time to live with its top bit set counts as none', () => {
  const bytes = encode({
    type: 'response',
    id: 7,
    questions: [{ name: 'x.example', type: 'TXT' }],
    answers: [{ type: 'TXT', name: 'x.example', ttl: 0x80000001, data: 'text' }],
  });
  const reply = readReply(bytes, { name: 'x.example', type: 'TXT' }, 7);
  expect(reply).toMatchObject({ answers: [{ ttl: 0 }] });
});

it('a question is itself no reply', () => {
  expect(readReply(encodeQuestion(question, 7, { edns: true }), question, 7)).toBe('foreign');
});

it('names are folded as the DNS folds them: ASCII letters only', () => {
  expect(foldName('SMTP.Exämple.É.')).toBe('smtp.exämple.É');
  expect(foldName('.')).toBe('');
});
