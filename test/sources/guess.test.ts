import { describe, expect, test } from 'vitest';
import { guess } from '../../src/sources/guess.ts';
import { isSettled, pass, stopClock } from '../clock.ts';
import {
  askSource,
  contextOf,
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
  return { answers, proposed: proposed(answers), asked: network.asked };
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
    const { proposed, answers } = await ask({ hosts: { 'mail.example.com': HERE } });
    expect(proposed).toEqual(['mail.example.com:465/tls', 'mail.example.com:587/starttls']);
    const mail = answers.get('mail.example.com A, AAAA');
    expect(mail).toMatchObject({ outcome: 'found', channel: 'dns', provider: null });
    expect(mail).not.toHaveProperty('incomplete');
  });

  test('finds nothing where nothing resolves, and tells each name that it tried', async () => {
    const { answers } = await ask({});
    expect(Array.from(answers, ([from, { outcome, detail }]) => [from, outcome, detail])).toEqual([
      ['smtp.example.com A, AAAA', 'nothing', 'no such host: smtp.example.com'],
      ['mail.example.com A, AAAA', 'nothing', 'no such host: mail.example.com'],
      ['submission.example.com A, AAAA', 'nothing', 'no such host: submission.example.com'],
      ['example.com A, AAAA', 'nothing', 'no such host: example.com'],
      ['mail exchangers of example.com', 'nothing', 'none'],
    ]);
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
    expect(new Set(outcomes(answers))).toEqual(new Set(['nothing']));
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

  test('a failed lookup costs its own name alone', async () => {
    const { answers, proposed } = await ask({
      hosts: { 'smtp.example.com': 'fails', 'mail.example.com': HERE },
    });
    expect(answers.get('smtp.example.com A, AAAA')).toMatchObject({
      outcome: 'failed',
      temporary: true,
      reached: true,
    });
    expect(answers.get('mail.example.com A, AAAA')).not.toHaveProperty('incomplete');
    expect(proposed).toHaveLength(2);
  });

  test('among exchangers that share the mail, a failed lookup marks what is found', async () => {
    const { answers } = await ask({
      zone: { 'example.com MX': ['10 a.stranger.example', '10 b.stranger.example'].map(mxRecord) },
      hosts: { 'a.stranger.example': 'fails', 'b.stranger.example': HERE },
    });
    expect(answers.get('mail exchangers of example.com')).toMatchObject({
      outcome: 'found',
      incomplete: true,
    });
  });

  test('a failed MX lookup costs the exchangers alone', async () => {
    const { answers, proposed } = await ask({
      zone: { 'example.com MX': dnsFailure },
      hosts: { 'smtp.example.com': HERE },
    });
    expect(answers.get('mail exchangers of example.com')?.outcome).toBe('failed');
    expect(proposed).toHaveLength(2);
  });

  test('where a denial cannot be looked up, it guesses, and says that this may change', async () => {
    const { answers } = await ask({
      zone: { '_submissions._tcp.example.com SRV': dnsFailure },
      hosts: { 'smtp.example.com': HERE },
    });
    const smtp = answers.get('smtp.example.com A, AAAA');
    expect(smtp).toMatchObject({ outcome: 'found', incomplete: true });
  });

  test('a name server that says nothing on denials does not silence the guesses', async () => {
    const network = paperNetwork({ hosts: { 'smtp.example.com': HERE } });
    const { query } = network.dns;
    const silent: typeof query = (name, type, signal) =>
      name.startsWith('_submissions')
        ? new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason));
          })
        : query(name, type, signal);
    stopClock();
    const context = { ...contextOf(network), network: { ...network, dns: { query: silent } } };
    const [smtp] = guess.lookups({ domain: 'example.com', kind: 'self' }, context);
    const answering = smtp?.find({ ...context, until: performance.now() + 1850 });
    await pass(2000);
    expect(await isSettled(Promise.resolve(answering))).toBe(true);
    expect(await answering).toMatchObject({ outcome: 'found', incomplete: true });
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
    expect(new Set(outcomes(answers))).toEqual(new Set(['nothing']));
  });
});
