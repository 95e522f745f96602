import { afterEach, describe, expect, test } from 'vitest';
import { issueFor, labAuthorityPem } from './certificate-choice.ts';
import { dialogue } from './dialogue.ts';
import { LineClient } from './line-client.ts';
import type { Stoppable } from './loopback.ts';
import { type Script, startScriptedServer } from './scripted-server.ts';
import { type SmtpServerOptions, startSmtpServer } from './smtp-server.ts';

const HOST = 'smtp.example.com';
const started: Stoppable[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

async function submission(options: Partial<SmtpServerOptions>) {
  const tls = await issueFor(HOST);
  const server = await startSmtpServer({ encryption: 'tls', hostname: HOST, tls, ...options });
  started.push(server);
  return server;
}

async function scripted(script: Script) {
  const server = await startScriptedServer({ script, tls: await issueFor(HOST) });
  started.push(server);
  return server;
}

describe('a submission server', () => {
  test('speaks implicit TLS, with the mechanisms it is given', async () => {
    const server = await submission({ auth: ['SCRAM-SHA-256', 'PLAIN'], banner: 'ready' });
    const client = LineClient.tls(server, HOST, await labAuthorityPem());
    expect(await client.reply()).toBe(`220 ${HOST} ESMTP ready`);
    expect(await client.ask('EHLO client.example')).toContain('AUTH SCRAM-SHA-256 PLAIN');
    expect(await client.ask('QUIT')).toMatch(/^221/);
    expect(await client.reply()).toBe('');
    const [conversation] = server.transcript.conversations;
    expect(conversation?.lines.filter(({ by }) => by === 'client')).toEqual([
      { by: 'client', text: 'EHLO client.example', secure: true },
      { by: 'client', text: 'QUIT', secure: true },
    ]);
  });

  test('with STARTTLS shows AUTH only after it, unless told otherwise', async () => {
    for (const clearAuth of [false, true]) {
      const server = await submission({ encryption: 'starttls', clearAuth });
      const client = LineClient.plain(server);
      await client.reply();
      const before = await client.ask('EHLO client.example');
      expect(before).toContain('STARTTLS');
      expect(before.includes('AUTH')).toBe(clearAuth);
      expect(await client.ask('STARTTLS')).toMatch(/^220/);
      const secure = await client.startTls(HOST, await labAuthorityPem());
      expect(secure.authorized).toBe(true);
      const after = await client.ask('EHLO client.example');
      expect(after).toContain('AUTH PLAIN LOGIN');
      expect(after).not.toContain('STARTTLS');
      client.close();
    }
  });

  test('without encryption offers AUTH in the clear, and no STARTTLS', async () => {
    const client = LineClient.plain(await submission({ encryption: 'none' }));
    await client.reply();
    const reply = await client.ask('EHLO client.example');
    expect(reply).toContain('AUTH PLAIN LOGIN');
    expect(reply).not.toContain('STARTTLS');
    client.close();
  });

  test('lets in whom it knows', async () => {
    const server = await submission({ users: { you: 'secret' } });
    const client = LineClient.tls(server, HOST, await labAuthorityPem());
    await client.reply();
    await client.ask('EHLO client.example');
    const plain = (password: string) => Buffer.from(`\0you\0${password}`).toString('base64');
    expect(await client.ask(`AUTH PLAIN ${plain('wrong')}`)).toMatch(/^535/);
    expect(await client.ask(`AUTH PLAIN ${plain('secret')}`)).toMatch(/^235/);
    client.close();
  });

  test('can take its time, and stops in the middle of it', async () => {
    const server = await submission({ encryption: 'none', delayMs: 60 });
    const client = LineClient.plain(server);
    const begun = performance.now();
    await client.reply();
    expect(performance.now() - begun).toBeGreaterThan(55);
    await server.stop();
    expect(await client.reply()).toMatch(/^421|^$/);
    client.close();
  });
});

describe('a scripted server', () => {
  test('says just what the script says, TLS included', async () => {
    const server = await scripted(async (peer) => {
      peer.send('220-two', '220 lines');
      expect(await peer.line()).toBe('EHLO x');
      peer.send('250-lab', '250 STARTTLS');
      await peer.line();
      peer.send('220 go');
      await peer.startTls();
      expect(await peer.line()).toBe('EHLO y');
      peer.send('250 AUTH=PLAIN');
      await peer.line();
    });
    const client = LineClient.plain(server);
    expect(await client.reply()).toBe('220-two\r\n220 lines');
    expect(await client.ask('EHLO x')).toBe('250-lab\r\n250 STARTTLS');
    expect(await client.ask('STARTTLS')).toBe('220 go');
    await client.startTls(HOST, await labAuthorityPem());
    expect(await client.ask('EHLO y')).toBe('250 AUTH=PLAIN');
    client.close();
    expect(server.transcript.conversations[0]?.lines.at(-1)).toEqual({
      by: 'server',
      text: '250 AUTH=PLAIN',
      secure: true,
    });
  });

  test('can follow a table of replies', async () => {
    const server = await scripted(
      dialogue({
        banner: ['220 odd'],
        replies: { EHLO: ['502 no'], HELO: ['250 well'], NOOP: 'close' },
      }),
    );
    const client = LineClient.plain(server);
    expect(await client.reply()).toBe('220 odd');
    expect(await client.ask('ehlo x')).toBe('502 no');
    expect(await client.ask('HELO x')).toBe('250 well');
    expect(await client.ask('VRFY x')).toBe('502 not here');
    expect(await client.ask('NOOP')).toBe('');
  });

  test('changes its replies after STARTTLS, when its table says so', async () => {
    const server = await scripted(
      dialogue({
        replies: { EHLO: ['250-lab', '250 STARTTLS'] },
        afterTls: { EHLO: ['250-lab', '250 AUTH PLAIN'] },
      }),
    );
    const client = LineClient.plain(server);
    await client.reply();
    expect(await client.ask('EHLO x')).toContain('STARTTLS');
    await client.ask('STARTTLS');
    await client.startTls(HOST, await labAuthorityPem());
    expect(await client.ask('EHLO x')).toContain('AUTH PLAIN');
    expect(await client.ask('QUIT')).toBe('221 bye');
  });

  test('stops while a script hangs', async () => {
    const server = await scripted(dialogue({ banner: null }));
    const client = LineClient.plain(server);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await server.stop();
    expect(await client.reply()).toBe('');
  });
});
