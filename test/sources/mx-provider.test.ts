import { describe, expect, test } from 'vitest';
import { mxProvider } from '../../src/sources/mx-provider.ts';
import {
  askSource,
  authentic,
  dnsFailure,
  mxRecord,
  paperNetwork,
  proposed,
  warningCodes,
} from './paper-network.ts';
import { directory } from './providers.ts';

async function ask(mx: readonly string[] | object) {
  const records = Array.isArray(mx) ? mx.map(mxRecord) : mx;
  const network = paperNetwork({ zone: { 'example.com MX': records } });
  const answers = await askSource(mxProvider, network, { providers: directory });
  expect(new Set(network.asked.filter((place) => place.endsWith('MX'))).size).toBe(1);
  const answer = answers.get('example.com MX');
  if (!answer) throw new Error('nothing was asked');
  return { answer, proposed: proposed(answers), warnings: warningCodes(answers) };
}

describe('the provider of the best mail exchanger', () => {
  const BIG = ['smtp.bigmail.example:465/tls', 'smtp.bigmail.example:587/starttls'];
  const cases: [string, string[], string[], string?][] = [
    ['one that keeps mailboxes gives its settings', ['10 a.mx.bigmail.example'], BIG],
    ['beside the own host, it wins', ['10 aaa.example.com', '10 a.mx.bigmail.example'], BIG],
    [
      'as a mere backup it proves nothing',
      ['5 mail.example.com', '10 a.mx.bigmail.example'],
      [],
      'no provider',
    ],
    [
      'of two, the first by name decides',
      ['10 mx.hostbox.example', '10 a.mx.bigmail.example'],
      BIG,
    ],
    [
      'hosts with the domain in their name',
      ['10 mx.hostbox.example'],
      ['mail.example.com:587/starttls'],
    ],
    ['a gateway says nothing', ['10 in.filter.example'], [], 'Mail Filter, which filters'],
    [
      'nor does a gateway before a provider',
      ['10 in.filter.example', '20 a.mx.bigmail.example'],
      [],
      'filters',
    ],
    ['nor a rented machine', ['10 a.vps.hostbox.example'], [], 'rented'],
    ['nor a stranger', ['10 mx.stranger.example'], [], 'mx.stranger.example: no provider'],
    ['nor one whose servers the database lacks', ['10 mx.empty.example'], [], 'does not know'],
    ['nor names that are none', ['10 <b>'], [], 'no usable record'],
  ];
  test.each(cases)('%s', async (_, mx, expected, detail = '') => {
    const { answer, proposed } = await ask(mx);
    expect(proposed).toEqual(expected);
    expect(answer.outcome).toBe(expected.length > 0 ? 'found' : 'nothing');
    expect(answer.detail).toContain(detail);
  });

  test('is found through plain DNS, unless the answer was validated', async () => {
    expect((await ask(['10 a.mx.bigmail.example'])).answer).toMatchObject({
      channel: 'dns',
      from: 'example.com MX a.mx.bigmail.example; bundled database, bigmail',
      provider: { id: 'bigmail' },
    });
    const validated = authentic<'MX'>([mxRecord('10 a.mx.bigmail.example')]);
    expect((await ask(validated)).answer).toMatchObject({ channel: 'dnssec' });
  });

  test('without submission ends everything', async () => {
    const { answer } = await ask(['10 mx.closed.example']);
    expect(answer).toMatchObject({ outcome: 'found', statements: [], ends: 'everything' });
  });

  test('a null MX is told, and is no answer', async () => {
    const { answer, warnings } = await ask(['0 .']);
    expect(answer.outcome).toBe('nothing');
    expect(warnings).toEqual(['null-mx']);
  });

  test('a failed lookup is a passing failure', async () => {
    expect((await ask(dnsFailure)).answer).toMatchObject({
      outcome: 'failed',
      temporary: true,
      reached: false,
    });
  });

  describe('of a parent', () => {
    async function below(own: readonly string[] | object | undefined) {
      const zone = {
        'example.com MX': [mxRecord('10 a.mx.bigmail.example')],
        ...(own && { 'dept.example.com MX': Array.isArray(own) ? own.map(mxRecord) : own }),
      };
      const answers = await askSource(mxProvider, paperNetwork({ zone }), {
        query: 'you@dept.example.com',
        about: 'example.com',
        kind: 'parent',
        providers: directory,
      });
      return answers.get('example.com MX');
    }

    test('gives its settings to a subdomain that has no mail exchanger', async () => {
      expect(await below(undefined)).toMatchObject({
        outcome: 'found',
        provider: { id: 'bigmail' },
      });
      expect(await below(['0 .'])).toMatchObject({ outcome: 'found' });
    });

    test('says nothing of a subdomain whose mail goes elsewhere', async () => {
      expect(await below(['10 mx.dept.example.com'])).toEqual({
        outcome: 'nothing',
        detail: 'dept.example.com has mail exchangers of its own',
      });
    });

    test('whether it does may be unknown for now', async () => {
      expect(await below(dnsFailure)).toMatchObject({ outcome: 'found', incomplete: true });
    });
  });
});
