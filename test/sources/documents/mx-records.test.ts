import { describe, expect, test } from 'vitest';
import { mxSubjects, readMx } from '../../../src/sources/documents/mx-records.ts';
import { dnsFailure, mxRecord, paperNetwork } from '../paper-network.ts';

async function read(records: readonly string[] | object) {
  const zone = { 'example.com MX': Array.isArray(records) ? records.map(mxRecord) : records };
  return readMx('example.com', paperNetwork({ zone }), new AbortController().signal);
}

describe('MX records', () => {
  test('stand by preference and then name, and the best share the lowest preference', async () => {
    expect(await read(['20 z.example', '10 b.example', '10 A.example.', '10 b.example'])).toEqual({
      kind: 'hosts',
      hosts: ['a.example', 'b.example', 'z.example'],
      best: ['a.example', 'b.example'],
      authentic: false,
    });
  });

  const cases: [string, string[], string][] = [
    ['a null MX is a statement of its own', ['0 .'], 'null-mx'],
    ['whatever its preference', ['10 .'], 'null-mx'],
    ['beside another record it means nothing', ['0 .', '10 a.example'], 'hosts'],
    ['names that are none are passed over', ['10 <b>'], 'none'],
  ];
  test.each(cases)('%s', async (_, records, kind) => {
    expect((await read(records)).kind).toBe(kind);
  });

  test('no record and a failure are told apart', async () => {
    expect(await read(dnsFailure)).toMatchObject({ kind: 'failed', reached: false });
    const none = readMx('nowhere.example', paperNetwork(), new AbortController().signal);
    expect(await none).toEqual({ kind: 'none', detail: 'NXDOMAIN' });
  });
});

describe('the domains that a mail exchanger leads to', () => {
  const cases: [string, string, string[]][] = [
    ['mx.example.net', 'example.com', ['example.net']],
    ['mx1.mail.example.co.uk', 'example.com', ['mail.example.co.uk', 'example.co.uk']],
    ['mx.premium.europe.example.net', 'example.com', ['premium.europe.example.net', 'example.net']],
    ['mx.example.co.uk', 'example.com', ['example.co.uk']],
    ['example.net', 'example.com', ['example.net']],
    ['mx.example.com', 'example.com', []],
    ['mx.mail.example.com', 'example.com', ['mail.example.com']],
    ['mx.mail.example.com', 'mail.example.com', ['example.com']],
    ['mx.shop.uk.com', 'example.com', ['shop.uk.com']],
    ['192.0.2.1', 'example.com', []],
    ['2001:db8::1', 'example.com', []],
    ['com', 'example.com', []],
    ['localhost', 'example.com', []],
  ];
  test.each(cases)('%s, asked for %s', (host, query, expected) => {
    expect(mxSubjects(host, query)).toEqual(expected);
  });
});
