import { describe, expect, test } from 'vitest';
import { guess } from '../../src/sources/guess.ts';
import {
  askSource,
  dnsFailure,
  mxRecord,
  outcomes,
  type Paper,
  paperNetwork,
  proposed,
  srvRecord,
} from './paper-network.ts';
import { directory } from './providers.ts';

const HERE = ['192.0.2.1'];
const DENIED = [srvRecord('0 0 0 .')];

async function ask(paper: Paper) {
  const network = paperNetwork(paper);
  const answers = await askSource(guess, network, { providers: directory });
  const [names, exchangers] = [...answers.values()];
  return { answers, names, exchangers, proposed: proposed(answers), asked: network.asked };
}

describe('guessing', () => {
  test('tries smtp, mail, submission, the domain and the MX, each with TLS and then STARTTLS', async () => {
    const names = [
      'example.com',
      'mx.example.net',
      'submission.example.com',
      'mail.example.com',
      'smtp.example.com',
    ];
    const { proposed } = await ask({
      hosts: Object.fromEntries(names.map((name) => [name, HERE])),
      zone: { 'example.com MX': [mxRecord('10 mx.example.net')] },
    });
    expect(proposed).toEqual([
      'smtp.example.com:465/tls',
      'smtp.example.com:587/starttls',
      'mail.example.com:465/tls',
      'mail.example.com:587/starttls',
      'submission.example.com:465/tls',
      'submission.example.com:587/starttls',
      'example.com:465/tls',
      'example.com:587/starttls',
      'mx.example.net:465/tls',
      'mx.example.net:587/starttls',
    ]);
  });

  test('proposes only names that resolve, and never port 25', async () => {
    const { proposed, names } = await ask({ hosts: { 'mail.example.com': HERE } });
    expect(proposed).toEqual(['mail.example.com:465/tls', 'mail.example.com:587/starttls']);
    expect(names).toMatchObject({ outcome: 'found', channel: 'dns', provider: null });
    expect(names).not.toHaveProperty('incomplete');
  });

  test('finds nothing where nothing resolves, and lists what it tried', async () => {
    const { answers, names } = await ask({});
    expect(outcomes(answers)).toEqual(['nothing', 'nothing']);
    expect(names?.detail).toContain('smtp.example.com, mail.example.com');
  });

  const denials: [string, Paper['zone'], string[]][] = [
    [
      '_submissions',
      { '_submissions._tcp.example.com SRV': DENIED },
      ['mail.example.com:587/starttls'],
    ],
    ['_submission', { '_submission._tcp.example.com SRV': DENIED }, ['mail.example.com:465/tls']],
  ];
  test.each(denials)('a denied %s drops its guesses alone', async (_, zone = {}, expected) => {
    expect((await ask({ zone, hosts: { 'mail.example.com': HERE } })).proposed).toEqual(expected);
  });

  test('a domain that denies both is taken at its word, and no name is looked up', async () => {
    const { answers, asked } = await ask({
      zone: {
        '_submissions._tcp.example.com SRV': DENIED,
        '_submission._tcp.example.com SRV': DENIED,
        'example.com MX': [mxRecord('10 mx.example.net')],
      },
      hosts: { 'mail.example.com': HERE, 'mx.example.net': HERE },
    });
    expect(outcomes(answers)).toEqual(['nothing', 'nothing']);
    expect(asked.filter((question) => question.endsWith(' A'))).toEqual([]);
  });

  const exchangers: [string, string, string[]][] = [
    [
      'a stranger is tried',
      '10 mx.stranger.example',
      ['mx.stranger.example:465/tls', 'mx.stranger.example:587/starttls'],
    ],
    [
      'so is a rented machine',
      '10 a.vps.hostbox.example',
      ['a.vps.hostbox.example:465/tls', 'a.vps.hostbox.example:587/starttls'],
    ],
    ['a gateway is not', '10 in.filter.example', []],
    ['nor is a known mailbox provider', '10 a.mx.bigmail.example', []],
    ['nor a null MX', '0 .', []],
  ];
  test.each(exchangers)('of mail exchangers, %s', async (_, mx, expected) => {
    const record = mxRecord(mx);
    const { proposed } = await ask({
      zone: { 'example.com MX': [record] },
      hosts: { [record.exchange]: HERE },
    });
    expect(proposed).toEqual(expected);
  });

  test('only the best exchangers count, and one among the names is tried once', async () => {
    const { proposed } = await ask({
      zone: { 'example.com MX': ['10 mail.example.com', '20 b.example.net'].map(mxRecord) },
      hosts: { 'mail.example.com': HERE, 'b.example.net': HERE },
    });
    expect(proposed).toEqual(['mail.example.com:465/tls', 'mail.example.com:587/starttls']);
  });

  test('a failed lookup is told when nothing else is found, and marks what is found as incomplete', async () => {
    const hosts = { 'smtp.example.com': 'fails' } as const;
    expect((await ask({ hosts })).names).toMatchObject({
      outcome: 'failed',
      temporary: true,
      reached: true,
    });
    const some = await ask({ hosts: { ...hosts, 'mail.example.com': HERE } });
    expect(some.names).toMatchObject({ outcome: 'found', incomplete: true });
  });

  test('a failed MX lookup costs the exchangers alone', async () => {
    const { answers, proposed } = await ask({
      zone: { 'example.com MX': dnsFailure },
      hosts: { 'smtp.example.com': HERE },
    });
    expect(outcomes(answers)).toEqual(['found', 'failed']);
    expect(proposed).toHaveLength(2);
  });

  test('a name that --connect-to redirects need not resolve', async () => {
    const to = { host: '127.0.0.1', port: 2525 };
    const one = await ask({ redirects: { 'mail.example.com:587': to } });
    expect(one.proposed).toEqual(['mail.example.com:587/starttls']);
    const both = await ask({
      redirects: { 'mail.example.com:465': to, 'mail.example.com:587': to },
    });
    expect(both.proposed).toHaveLength(2);
  });

  test('a rule that redirects every name makes none of them exist', async () => {
    const to = { host: '127.0.0.1', port: 2525 };
    const { answers } = await ask({ redirects: { '*:465': to, '*:587': to } });
    expect(outcomes(answers)).toEqual(['nothing', 'nothing']);
  });
});
