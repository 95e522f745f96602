import { expect, test } from 'vitest';
import { database } from '../../src/sources/database.ts';
import { askSource, paperNetwork, proposed } from './paper-network.ts';
import { directory } from './providers.ts';

async function ask(query: string) {
  const network = paperNetwork();
  const answers = await askSource(database, network, { query, providers: directory });
  expect(network.asked).toEqual([]);
  const answer = answers.get('bundled database');
  if (!answer) throw new Error('nothing was asked');
  return { answer, proposed: proposed(answers) };
}

test('a listed domain gets its servers, notes and OAuth endpoints, and nobody is asked', async () => {
  const { answer } = await ask('you@bigmail.example');
  expect(answer).toMatchObject({
    outcome: 'found',
    channel: 'bundled',
    from: 'bundled database, bigmail',
    provider: { id: 'bigmail', name: 'Big Mail', notes: [{ code: 'app-password' }] },
    statements: [
      {
        host: 'smtp.bigmail.example',
        port: 465,
        encryption: 'tls',
        auth: ['PLAIN', 'LOGIN'],
        username: '%EMAILADDRESS%',
        oauth: { issuer: 'https://id.bigmail.example', scopes: ['smtp'] },
      },
      { port: 587, encryption: 'starttls' },
    ],
  });
  expect(answer).not.toHaveProperty('ends');
});

test('a domain that is not listed gets nothing', async () => {
  expect((await ask('you@example.com')).answer).toEqual({
    outcome: 'nothing',
    detail: 'not listed',
  });
});

test('%EMAILDOMAIN% in a host name is the domain of the address', async () => {
  const { proposed } = await ask('you@hostbox.example');
  expect(proposed).toEqual(['mail.hostbox.example:587/starttls']);
});

test('a provider without submission ends everything', async () => {
  const { answer } = await ask('you@closed.example');
  expect(answer).toMatchObject({ outcome: 'found', statements: [], ends: 'everything' });
});

test('a provider whose servers are unknown ends nothing', async () => {
  expect((await ask('you@empty.example')).answer.outcome).toBe('nothing');
});

test.each(['filter.example', 'relay.example'])(
  '%s has no mailboxes to answer for',
  async (domain) => {
    expect((await ask(`you@${domain}`)).answer).toMatchObject({
      outcome: 'nothing',
      detail: expect.stringContaining('no mailboxes'),
    });
  },
);
