import { describe, expect, test } from 'vitest';
import {
  readMx,
  readSubmissionSrv,
  type SubmissionService,
} from '../../../src/sources/documents/dns-records.ts';
import {
  authentic,
  contextOf,
  dnsFailure,
  mxRecord,
  paperNetwork,
  srvRecord,
} from '../paper-network.ts';

async function read(records: readonly string[] | object, service: SubmissionService) {
  const zone = {
    [`${service}._tcp.example.com SRV`]: Array.isArray(records) ? records.map(srvRecord) : records,
  };
  return readSubmissionSrv(service, 'example.com', contextOf(paperNetwork({ zone })));
}

async function targets(records: readonly string[], service: SubmissionService) {
  const srv = await read(records, service);
  return srv.outcome === 'found'
    ? srv.records.map(({ host, port, encryption }) => `${host}:${port}/${encryption}`)
    : srv;
}

describe('SRV records of submission', () => {
  const cases: [string, SubmissionService, string[], string[] | object][] = [
    [
      '_submissions is implicit TLS',
      '_submissions',
      ['0 1 465 smtp.example.com'],
      ['smtp.example.com:465/tls'],
    ],
    ['whatever its port', '_submissions', ['0 1 587 a.example'], ['a.example:587/tls']],
    ['_submission is STARTTLS', '_submission', ['0 1 587 a.example'], ['a.example:587/starttls']],
    ['but implicit TLS on 465', '_submission', ['0 1 465 a.example'], ['a.example:465/tls']],
    ['_smtps is implicit TLS', '_smtps', ['0 1 465 a.example'], ['a.example:465/tls']],
    [
      'a lower priority comes first',
      '_submissions',
      ['20 9 1 b.example', '10 1 1 a.example'],
      ['a.example:1/tls', 'b.example:1/tls'],
    ],
    [
      'then a greater weight',
      '_submissions',
      ['10 5 1 b.example', '10 60 1 a.example', '10 0 1 c.example'],
      ['a.example:1/tls', 'b.example:1/tls', 'c.example:1/tls'],
    ],
    [
      'then the name, then the port',
      '_submissions',
      ['0 0 2 b.example', '0 0 1 b.example', '0 0 9 a.example'],
      ['a.example:9/tls', 'b.example:1/tls', 'b.example:2/tls'],
    ],
    [
      'a server named twice is one',
      '_submissions',
      ['0 0 465 a.example', '5 0 465 A.example.'],
      ['a.example:465/tls'],
    ],
    [
      'the root alone denies the service',
      '_submissions',
      ['0 0 0 .'],
      { outcome: 'nothing', denies: '_submissions' },
    ],
    [
      'the root beside a server means nothing',
      '_submissions',
      ['0 0 0 .', '1 0 465 a.example'],
      ['a.example:465/tls'],
    ],
    ['port 0 is no server', '_submissions', ['0 0 0 a.example'], { outcome: 'nothing' }],
    ['nor is a name that is none', '_submissions', ['0 0 465 <b>'], { outcome: 'nothing' }],
  ];
  test.each(cases)('%s', async (_, service, records, expected) => {
    const found = await targets(records, service);
    if (Array.isArray(expected)) expect(found).toEqual(expected);
    else expect(found).toMatchObject(expected);
  });

  test('the order of records in the answer changes nothing', async () => {
    const records = [
      '10 5 1 b.example',
      '10 60 1 a.example',
      '5 0 1 c.example',
      '10 5 2 b.example',
    ];
    expect(await targets([...records].reverse(), '_submission')).toEqual(
      await targets(records, '_submission'),
    );
  });

  test('no record, a failure and a validated answer are told apart', async () => {
    const none = readSubmissionSrv('_submission', 'example.com', contextOf(paperNetwork()));
    expect(await none).toEqual({ outcome: 'nothing', detail: 'NXDOMAIN', noWebServer: true });
    expect(await read(dnsFailure, '_submission')).toEqual({
      outcome: 'failed',
      detail: 'no answer from 192.0.2.53',
      temporary: true,
      reached: false,
      noWebServer: true,
    });
    const validated = authentic<'SRV'>([srvRecord('0 0 465 a.example')]);
    expect(await read(validated, '_submission')).toMatchObject({
      outcome: 'found',
      authentic: true,
    });
  });
});

async function readExchangers(records: readonly string[] | object) {
  const zone = { 'example.com MX': Array.isArray(records) ? records.map(mxRecord) : records };
  return readMx('example.com', contextOf(paperNetwork({ zone })));
}

describe('MX records', () => {
  test('are those that share the lowest preference, each once, by name', async () => {
    expect(
      await readExchangers(['20 z.example', '10 b.example', '10 A.example.', '10 b.example']),
    ).toEqual({
      outcome: 'found',
      records: ['a.example', 'b.example'],
      authentic: false,
    });
  });

  const nullMx = { outcome: 'nothing', warnings: [{ code: 'null-mx' }] };
  const cases: [string, string[], object][] = [
    ['a null MX is nothing, with a warning', ['0 .'], nullMx],
    ['whatever its preference', ['10 .'], nullMx],
    ['beside another record it means nothing', ['0 .', '10 a.example'], { records: ['a.example'] }],
    ['names that are none are passed over', ['10 <b>'], { detail: 'no usable record' }],
  ];
  test.each(cases)('%s', async (_, records, expected) => {
    expect(await readExchangers(records)).toMatchObject(expected);
  });

  test('no record and a failure are told apart', async () => {
    expect(await readExchangers(dnsFailure)).toMatchObject({ outcome: 'failed', reached: false });
    const none = readMx('nowhere.example', contextOf(paperNetwork()));
    expect(await none).toMatchObject({ outcome: 'nothing', detail: 'NXDOMAIN' });
  });
});
