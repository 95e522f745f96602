import { describe, expect, test } from 'vitest';
import type { DnsAnswer } from '../../src/net/network.ts';
import type { Answer } from '../../src/sources/answer.ts';
import { srv, srvForeign } from '../../src/sources/srv.ts';
import {
  askSource,
  authentic,
  dnsFailure,
  outcomes,
  paperNetwork,
  proposed,
  srvRecord,
} from './paper-network.ts';
import { directory } from './providers.ts';

type Records = readonly string[] | DnsAnswer<'SRV'>;
type Zone = { submissions?: Records; submission?: Records; smtps?: Records };

async function ask(zone: Zone, query = 'you@example.com') {
  const domain = query.slice(query.indexOf('@') + 1);
  const entries = Object.entries(zone).map(([service, records]) => [
    `_${service}._tcp.${domain} SRV`,
    Array.isArray(records) ? records.map(srvRecord) : records,
  ]);
  const paper = { zone: Object.fromEntries(entries) };
  const asking = { query, providers: directory };
  return {
    own: await askSource(srv, paperNetwork(paper), asking),
    foreign: await askSource(srvForeign, paperNetwork(paper), asking),
  };
}

const denied = (answers: ReadonlyMap<string, Answer>): readonly string[] =>
  [...answers.values()].flatMap((answer) =>
    answer.outcome === 'nothing' && answer.denies !== undefined ? [answer.denies] : [],
  );

describe('SRV records', () => {
  test('each service is asked about, implicit TLS first', async () => {
    const { own, foreign } = await ask({});
    const asked = ['_submissions', '_submission', '_smtps'].map((s) => `${s}._tcp.example.com SRV`);
    expect([...own.keys()]).toEqual(asked);
    expect([...foreign.keys()]).toEqual(asked);
    expect(outcomes(own)).toEqual(['nothing', 'nothing', 'nothing']);
  });

  const cases: [string, Zone, string[], string[]][] = [
    [
      'a target in the domain is its own',
      { submissions: ['0 0 465 smtp.example.com'] },
      ['smtp.example.com:465/tls'],
      [],
    ],
    [
      'so is the domain itself',
      { submissions: ['0 0 465 example.com'] },
      ['example.com:465/tls'],
      [],
    ],
    [
      'a target elsewhere is foreign',
      { submissions: ['0 0 465 smtp.example.net'] },
      [],
      ['smtp.example.net:465/tls'],
    ],
    [
      'a name that merely ends alike is foreign',
      { submissions: ['0 0 465 notexample.com'] },
      [],
      ['notexample.com:465/tls'],
    ],
    [
      "a known provider's server is as good as its own",
      { submission: ['0 0 587 smtp.bigmail.example'] },
      ['smtp.bigmail.example:587/starttls'],
      [],
    ],
    [
      'mixed targets part ways and keep their order',
      { submissions: ['1 0 465 a.example.net', '2 0 465 b.example.com', '3 0 465 c.example.net'] },
      ['b.example.com:465/tls'],
      ['a.example.net:465/tls', 'c.example.net:465/tls'],
    ],
    [
      '_submissions stands before _submission, whatever the priorities',
      {
        submission: ['0 0 587 a.example.com'],
        submissions: ['50 0 465 b.example.com'],
        smtps: ['0 0 465 c.example.com'],
      },
      ['b.example.com:465/tls', 'a.example.com:587/starttls', 'c.example.com:465/tls'],
      [],
    ],
    [
      '_submissions at a port of STARTTLS stands, and the probe proves which it is',
      { submissions: ['0 0 587 a.example.com'] },
      ['a.example.com:587/tls'],
      [],
    ],
    [
      'a validated answer is the domain’s own word',
      { submissions: authentic<'SRV'>([srvRecord('0 0 465 smtp.example.net')]) },
      ['smtp.example.net:465/tls'],
      [],
    ],
  ];
  test.each(cases)('%s', async (_, zone, expectedOwn, expectedForeign) => {
    const { own, foreign } = await ask(zone);
    expect(proposed(own)).toEqual(expectedOwn);
    expect(proposed(foreign)).toEqual(expectedForeign);
  });

  test('for a subdomain, the whole registrable domain is its own', async () => {
    const { own } = await ask(
      { submissions: ['0 0 465 smtp.uni.example'] },
      'you@dept.uni.example',
    );
    expect(proposed(own)).toEqual(['smtp.uni.example:465/tls']);
  });

  test('neighbours under a private suffix are strangers', async () => {
    const { own, foreign } = await ask(
      { submissions: ['0 0 465 mail.other.uk.com'] },
      'you@shop.uk.com',
    );
    expect(proposed(own)).toEqual([]);
    expect(proposed(foreign)).toEqual(['mail.other.uk.com:465/tls']);
  });

  test('channel and place are told', async () => {
    const { own } = await ask({
      submissions: authentic<'SRV'>([srvRecord('0 0 465 a.example.net')]),
    });
    expect([...own.values()][0]).toMatchObject({
      outcome: 'found',
      channel: 'dnssec',
      detail: 'a.example.net:465',
      statements: [{ auth: [], username: null }],
    });
  });

  test('the root target denies its service alone, and is told once', async () => {
    const { own, foreign } = await ask({
      submissions: ['0 0 0 .'],
      submission: ['0 0 587 smtp.example.com'],
      smtps: ['0 0 0 .'],
    });
    expect(outcomes(own)).toEqual(['nothing', 'found', 'nothing']);
    expect(denied(own)).toEqual(['_submissions']);
    expect(denied(foreign)).toEqual([]);
  });

  test('a service that could not be looked up fails without the others', async () => {
    const { own } = await ask({
      submissions: dnsFailure,
      submission: ['0 0 587 smtp.example.com'],
    });
    expect(outcomes(own)).toEqual(['failed', 'found', 'nothing']);
    expect([...own.values()][0]).toMatchObject({ temporary: true, reached: false });
  });
});
