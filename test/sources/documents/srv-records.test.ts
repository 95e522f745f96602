import { describe, expect, test } from 'vitest';
import { readAutodiscoverSrv } from '../../../src/sources/documents/autodiscover.ts';
import {
  readSubmissionSrv,
  type SubmissionService,
} from '../../../src/sources/documents/srv-records.ts';
import { authentic, dnsFailure, paperNetwork, srvRecord } from '../paper-network.ts';

async function read(records: readonly string[] | object, service: SubmissionService) {
  const zone = {
    [`${service}._tcp.example.com SRV`]: Array.isArray(records) ? records.map(srvRecord) : records,
  };
  const { signal } = new AbortController();
  return readSubmissionSrv(service, 'example.com', paperNetwork({ zone }), signal);
}

async function targets(records: readonly string[], service: SubmissionService) {
  const srv = await read(records, service);
  return srv.kind === 'targets'
    ? srv.targets.map(({ host, port, encryption }) => `${host}:${port}/${encryption}`)
    : srv.kind;
}

describe('SRV records of submission', () => {
  const cases: [string, SubmissionService, string[], string[] | string][] = [
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
    ['the root alone denies the service', '_submissions', ['0 0 0 .'], 'denied'],
    [
      'the root beside a server means nothing',
      '_submissions',
      ['0 0 0 .', '1 0 465 a.example'],
      ['a.example:465/tls'],
    ],
    ['port 0 is no server', '_submissions', ['0 0 0 a.example'], 'none'],
    ['nor is a name that is none', '_submissions', ['0 0 465 <b>'], 'none'],
  ];
  test.each(cases)('%s', async (_, service, records, expected) => {
    expect(await targets(records, service)).toEqual(expected);
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
    const { signal } = new AbortController();
    const none = readSubmissionSrv('_submission', 'example.com', paperNetwork(), signal);
    expect(await none).toEqual({ kind: 'none', detail: 'NXDOMAIN' });
    expect(await read(dnsFailure, '_submission')).toEqual({
      kind: 'failed',
      detail: 'no answer from 192.0.2.53',
      reached: false,
    });
    const validated = authentic<'SRV'>([srvRecord('0 0 465 a.example')]);
    expect(await read(validated, '_submission')).toMatchObject({
      kind: 'targets',
      authentic: true,
    });
  });
});

test('SRV records of Autodiscover are in the same order, however they arrive', async () => {
  const records = ['0 0 8443 a.example', '0 0 443 a.example', '5 0 443 c.example'];
  for (const arrived of [records, records.toReversed()]) {
    const zone = { '_autodiscover._tcp.example.com SRV': arrived.map(srvRecord) };
    const { signal } = new AbortController();
    const srv = await readAutodiscoverSrv('example.com', paperNetwork({ zone }), signal);
    expect(srv.kind === 'urls' && srv.urls.map((url) => new URL(url).host)).toEqual([
      'a.example',
      'a.example:8443',
      'c.example',
    ]);
  }
});
