/** Servers that don't behave. Each costs its own deadline at most, and leaves nothing open. */
import type { Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket, type TlsOptions } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import type { Encryption } from '../../src/model/endpoint.ts';
import { probe } from '../../src/probe/probe.ts';
import { isVerified, type ProbeResult } from '../../src/probe/result.ts';
import { pass, stopClock } from '../clock.ts';
import { createAuthority } from '../lab/certificates.ts';
import { type Dialogue, dialogue } from '../lab/dialogue.ts';
import { listen, type Stoppable, track } from '../lab/loopback.ts';
import { type ScriptedServer, startScriptedServer } from '../lab/scripted-server.ts';
import { type LoopbackNetwork, loopbackNetwork } from './loopback-network.ts';
import { type RawServer, startRawServer } from './raw-server.ts';

const HOST = 'smtp.example.com';
const authority = await createAuthority();
const tls = await authority.issue({ names: [HOST] });
const running: Stoppable[] = [];
const networks: LoopbackNetwork[] = [];

afterEach(async () => {
  const open = (): number =>
    networks.flatMap(({ sockets }) => sockets).filter(({ destroyed }) => !destroyed).length;
  await expect.poll(open, { timeout: 2000 }).toBe(0);
  networks.length = 0;
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

function look(port: number, encryption: Encryption, deadlineMs = 3000): Promise<ProbeResult> {
  const network = loopbackNetwork({ caPem: authority.caPem });
  networks.push(network);
  const { signal } = new AbortController();
  return probe({ host: HOST, port, encryption }, network, { signal, deadlineMs });
}

async function raw(...behave: Parameters<typeof startRawServer>): Promise<RawServer> {
  const server = await startRawServer(...behave);
  running.push(server);
  return server;
}

async function table(lines: Dialogue, implicit = false): Promise<ScriptedServer> {
  const server = await startScriptedServer({ script: dialogue(lines), tls, implicit });
  running.push(server);
  return server;
}

const said = ({ transcript }: ScriptedServer): readonly string[] =>
  transcript.conversations.flatMap(({ lines }) =>
    lines.flatMap(({ by, text }) => (by === 'client' ? text : [])),
  );

describe('a server that is slow', () => {
  test.each(['starttls', 'none'] as const)(
    'and never sends a banner is left alone (%s)',
    async (encryption) => {
      const server = await raw(() => {});
      const result = await look(server.port, encryption, 200);
      expect(result).toMatchObject({
        outcome: 'timeout',
        reason: 'no banner within 0.2 s',
        stage: 'banner',
        temporary: true,
        reached: true,
        address: '127.0.0.1',
      });
      expect(server.heard).toEqual(['']);
    },
  );

  test('sends its banner before it is spoken to', async () => {
    const server = await raw((socket, heard) => {
      setTimeout(() => socket.write('220-wait\r\n'), 50);
      setTimeout(() => socket.write(heard() === '' ? '220 go\r\n' : '554 too early\r\n'), 150);
      socket.on('data', () => socket.write('250-x\r\n250 AUTH PLAIN\r\n'));
    });
    const result = await look(server.port, 'none');
    expect(result).toMatchObject({ outcome: 'ok', banner: 'wait go', auth: ['PLAIN'] });
  });

  test('and drips one byte at a time costs the deadline at most', async () => {
    const server = await raw((socket) => {
      const timer = setInterval(() => socket.write('2'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    const result = await look(server.port, 'none', 250);
    expect(result).toMatchObject({ outcome: 'timeout', reason: 'no banner within 0.3 s' });
    expect(result.durationMs).toBeLessThan(5000); // The probe's own deadline is 8 s.
  });

  test('and drips sense one byte at a time is understood', async () => {
    const server = await raw(async (socket) => {
      for (const byte of '220 drip\r\n') {
        await new Promise((resolve) => setTimeout(resolve, 2));
        socket.write(byte);
      }
      socket.on('data', () => socket.write('250-drip\r\n250 AUTH LOGIN\r\n'));
    });
    expect(await look(server.port, 'none')).toMatchObject({ outcome: 'ok', auth: ['LOGIN'] });
  });

  test('and never answers EHLO is timed out at EHLO', async () => {
    const { port } = await table({ replies: { EHLO: 'hang' } });
    const result = await look(port, 'none', 200);
    expect(result).toMatchObject({
      outcome: 'timeout',
      reason: 'no reply to EHLO within 0.2 s',
      stage: 'ehlo',
      banner: 'lab ESMTP',
      reply: { code: 220, text: 'lab ESMTP' },
    });
  });

  test('and never ends the handshake is timed out in it', async () => {
    const silent = await raw(() => {});
    expect(await look(silent.port, 'tls', 200)).toMatchObject({
      outcome: 'timeout',
      reason: 'no end of the TLS handshake within 0.2 s',
      stage: 'tls',
      temporary: true,
    });
    const hanging = await raw((socket) => {
      socket.write('220 hi\r\n');
      socket.once('data', () => {
        socket.write('250-hi\r\n250 STARTTLS\r\n');
        socket.once('data', () => socket.write('220 go\r\n'));
      });
    });
    expect(await look(hanging.port, 'starttls', 200)).toMatchObject({
      outcome: 'timeout',
      stage: 'tls',
      startTls: true,
    });
  });
});

describe('a server that says too much', () => {
  /** Writes for as long as it is let. */
  function flood(socket: Socket, text: string): void {
    const chunk = Buffer.from(text.repeat(Math.ceil(65_536 / text.length)));
    let left = 100 * 1024 * 1024;
    const pour = (): void => {
      while (left > 0 && !socket.destroyed) {
        left -= chunk.length;
        if (!socket.write(chunk)) return void socket.once('drain', pour);
      }
    };
    pour();
  }

  test.each([
    ['100 MB in one line', 'a', 'a line of more than 8192 bytes'],
    ['an endless reply', '220-again\r\n', 'a reply of more than 256 lines'],
    [
      'an endless reply of long lines',
      `220-${'x'.repeat(4000)}\r\n`,
      'more than 131072 bytes of replies',
    ],
  ])('%s is cut off early, and costs little memory', async (_, text, reason) => {
    let written = 0;
    const server = await raw((socket) => {
      flood(socket, text);
      socket.on('close', () => {
        written = socket.bytesWritten;
      });
    });
    const result = await look(server.port, 'none');
    expect(result).toMatchObject({ outcome: 'protocol', reason, temporary: false });
    await expect.poll(() => written).toBeGreaterThan(0);
    // What the kernel and the stream buffered on the way, not what we kept.
    expect(written).toBeLessThan(32 * 1024 * 1024);
  });

  test('after its EHLO is stopped too', async () => {
    const server = await raw((socket) => {
      socket.write('220 hi\r\n');
      socket.once('data', () => flood(socket, '250-again\r\n'));
    });
    const result = await look(server.port, 'none');
    expect(result).toMatchObject({
      reason: 'a reply of more than 256 lines, after EHLO',
      stage: 'ehlo',
    });
  });

  test('in its goodbye does not keep us', async () => {
    const server = await raw((socket, heard) => {
      socket.write('220 hi\r\n');
      socket.once('data', () => {
        socket.write('250-hi\r\n250 AUTH PLAIN\r\n');
        socket.on('data', () => heard().endsWith('QUIT\r\n') && flood(socket, 'bye'));
      });
    });
    expect((await look(server.port, 'none')).outcome).toBe('ok');
  });
});

describe('a server that says strange things', () => {
  test('with NUL bytes, escapes and 8-bit text is understood and shown safely', async () => {
    const server = await raw((socket) => {
      socket.write('220 \x1b]0;owned\x07\x1b[31mmx\0 \u202eevil ');
      socket.write(Buffer.from([0xe9, 0x0d, 0x0a]));
      socket.once('data', () =>
        socket.write('250-m\x1b[2Jx\0 hi\r\n250-SIZE 1\x1b[0m0\r\n250 AUTH PLAIN\0X LOGIN\r\n'),
      );
    });
    const result = await look(server.port, 'none');
    expect(result).toMatchObject({ outcome: 'ok', auth: ['LOGIN'] });
    expect(result.capabilities.SIZE).toBe('10');
    expect(JSON.stringify(result)).not.toMatch(/\\u00[01]|\u001b|\u202e/);
  });

  test.each([
    [
      '* OK [CAPABILITY IMAP4rev1] Dovecot ready.\r\n',
      'not an SMTP reply: "* OK [CAPABILITY IMAP4rev1] Dovecot ready."',
    ],
    ['200 news.example ready\r\n', 'not an SMTP banner: 200 news.example ready'],
    ['\x00\x01\x02\xff\r\n', 'not an SMTP reply: "�"'],
    ['220-a\r\n250 b\r\n', 'one reply with the codes 220 and 250'],
  ])('such as %j is not an SMTP server', async (banner, reason) => {
    const server = await raw((socket) => void socket.write(Buffer.from(banner, 'latin1')));
    const result = await look(server.port, 'none');
    expect(result).toMatchObject({
      outcome: 'protocol',
      reason,
      temporary: false,
      stage: 'banner',
    });
  });

  test('with a certificate of 60 kB is described', async () => {
    const names = Array.from(
      { length: 1500 },
      (_, i) => `a-rather-long-label-${i}.of.a.big.example`,
    );
    const big = await authority.issue({ names: [...names, HOST] });
    expect(Buffer.byteLength(big.cert)).toBeGreaterThan(60_000);
    const server = await startScriptedServer({
      script: dialogue({ replies: { EHLO: ['250-x', '250 AUTH PLAIN'] } }),
      tls: big,
      implicit: true,
    });
    running.push(server);
    const result = await look(server.port, 'tls');
    // Beyond what OpenSSL takes, or within: never a hang, and verified only when all was read.
    expect(['ok', 'tls']).toContain(result.outcome);
    expect(isVerified(result)).toBe(result.outcome === 'ok');
  });
});

describe('a server that turns us away', () => {
  test.each([
    ['421 4.7.0 too busy', '4.7.0', true],
    ['450 later', null, true],
    ['554 5.7.1 no service', '5.7.1', false],
  ])('with the banner "%s" hears QUIT', async (banner, enhanced, temporary) => {
    const server = await table({ banner: [banner] });
    const result = await look(server.port, 'starttls');
    const reason = `the server turned us away: ${banner}`;
    expect(result).toMatchObject({ outcome: 'protocol', reason, temporary, stage: 'banner' });
    expect(result.reply).toMatchObject({ code: Number(banner.slice(0, 3)), enhanced });
    await expect.poll(() => said(server)).toEqual(['QUIT']);
  });

  test.each([
    ['421 4.3.2 closing', true],
    ['451 later', true],
    ['554 no', false],
    ['550 5.7.1 your address is on our list', false],
    ['505 no', false],
  ])('at EHLO with "%s" is not asked with HELO', async (line, temporary) => {
    const server = await table({ replies: { EHLO: [line] } });
    const result = await look(server.port, 'none');
    const reason = `the server refused EHLO: ${line}`;
    expect(result).toMatchObject({ outcome: 'protocol', reason, temporary, stage: 'ehlo' });
    await expect.poll(() => said(server)).toEqual(['EHLO [127.0.0.1]', 'QUIT']);
  });

  test.each([['500 what?'], ['502 no'], ['504 no']])(
    'at EHLO with "%s" is asked with HELO',
    async (line) => {
      const server = await table({ replies: { EHLO: [line] } });
      expect(await look(server.port, 'none')).toMatchObject({
        outcome: 'no-auth',
        capabilities: {},
        startTls: false,
        stage: 'done',
      });
      await expect
        .poll(() => said(server))
        .toEqual(['EHLO [127.0.0.1]', 'HELO [127.0.0.1]', 'QUIT']);
      expect(await look(server.port, 'starttls')).toMatchObject({
        outcome: 'tls',
        reason: 'STARTTLS is not offered',
      });
    },
  );

  test('at EHLO for a reason, and hangs up, is quoted', async () => {
    const line = '550 5.7.1 your address is on our list';
    const server = await raw((socket) => {
      socket.write('220 hi\r\n');
      socket.once('data', () => socket.end(`${line}\r\n`));
    });
    expect(await look(server.port, 'none')).toMatchObject({
      outcome: 'protocol',
      reason: `the server refused EHLO: ${line}`,
      temporary: false,
    });
  });

  test('at EHLO and HELO is not an SMTP server for us', async () => {
    const { port } = await table({ replies: { EHLO: ['502 no'], HELO: ['502 still no'] } });
    const reason = 'the server refused EHLO and HELO: 502 still no';
    expect(await look(port, 'none')).toMatchObject({ outcome: 'protocol', reason });
  });

  test('with a second banner is out of step, and not believed', async () => {
    const { port } = await table({
      banner: ['220 one', '220 two'],
      replies: { EHLO: ['250-x', '250 AUTH PLAIN'] },
    });
    expect(await look(port, 'none')).toMatchObject({
      outcome: 'protocol',
      reason: 'the server answered EHLO out of step: 220 two',
      auth: [],
    });
  });

  test('behind its banner is heard', async () => {
    const server = await raw(
      (socket) => void socket.end('220 hi\r\n421 4.7.0 on second thoughts\r\n'),
    );
    const result = await look(server.port, 'none');
    expect(result).toMatchObject({ outcome: 'protocol', temporary: true, reply: { code: 421 } });
  });
});

describe('a server that hangs up', () => {
  test('at once', async () => {
    const server = await raw((socket) => void socket.end());
    const reason = 'accepted the connection and hung up before the banner';
    expect(await look(server.port, 'none')).toMatchObject({
      outcome: 'protocol',
      reason,
      temporary: true,
      stage: 'banner',
    });
  });

  test.each(['starttls', 'none'] as const)('at once, with a RST (%s)', async (encryption) => {
    const server = await raw((socket) => void socket.resetAndDestroy());
    const result = await look(server.port, encryption);
    expect(result).toMatchObject({ outcome: 'protocol', temporary: true, reached: true });
    expect(result.reason).toContain('accepted the connection and hung up');
  });

  test('half, after its banner', async () => {
    const server = await raw((socket) => void socket.end('220 hi\r\n'), true);
    const reason = 'closed the connection after EHLO';
    expect(await look(server.port, 'none')).toMatchObject({
      outcome: 'protocol',
      reason,
      banner: 'hi',
    });
  });

  test('half, after saying all there is to say', async () => {
    const server = await raw((socket) => {
      socket.write('220 hi\r\n');
      socket.once('data', () => socket.end('250-hi\r\n250 AUTH PLAIN\r\n'));
    }, true);
    expect(await look(server.port, 'none')).toMatchObject({ outcome: 'ok', auth: ['PLAIN'] });
  });

  test('with a RST after EHLO', async () => {
    const server = await raw((socket) => {
      socket.write('220 hi\r\n');
      socket.once('data', () => socket.resetAndDestroy());
    });
    const reason = 'reset the connection after EHLO';
    expect(await look(server.port, 'none')).toMatchObject({
      outcome: 'protocol',
      reason,
      stage: 'ehlo',
    });
  });

  test('in the middle of a reply', async () => {
    const { port } = await raw((socket) => {
      socket.write('220 hi\r\n');
      socket.once('data', () => socket.end('250-hi\r\n250-AUTH PLAIN\r\n'));
    });
    const reason = 'closed the connection after EHLO';
    expect(await look(port, 'none')).toMatchObject({ outcome: 'protocol', reason, auth: [] });
  });

  test('in the handshake', async () => {
    const server = await raw((socket) => void socket.once('data', () => socket.end()));
    expect(await look(server.port, 'tls')).toMatchObject({
      outcome: 'tls',
      reason: 'accepted the connection and hung up during the TLS handshake',
      temporary: true,
      stage: 'tls',
    });
  });

  test('after the handshake', async () => {
    const { port } = await table({ banner: 'close' }, true);
    expect(await look(port, 'tls')).toMatchObject({
      outcome: 'protocol',
      reason: 'accepted the connection and hung up before the banner',
      temporary: true,
      stage: 'banner',
    });
  });
});

describe('a server with odd TLS', () => {
  test('that speaks plaintext where TLS belongs', async () => {
    const { port } = await table({});
    const reason = 'the server speaks SMTP without TLS on this port';
    expect(await look(port, 'tls')).toMatchObject({
      outcome: 'tls',
      reason,
      stage: 'tls',
      temporary: false,
      speaksInstead: 'plaintext',
    });
  });

  test.each([
    ['421 Too many concurrent SMTP connections', true],
    ['554 5.7.1 your address is on our list', false],
  ])('that turns us away before TLS with "%s" is quoted', async (line, temporary) => {
    const { port } = await raw((socket) => void socket.end(`${line}\r\n`));
    expect(await look(port, 'tls')).toMatchObject({
      outcome: 'protocol',
      reason: `the server turned us away: ${line}`,
      temporary,
      speaksInstead: null,
      reply: { code: Number(line.slice(0, 3)) },
    });
  });

  test('that speaks no SMTP either is told so', async () => {
    const { port } = await raw((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await look(port, 'tls')).toMatchObject({
      outcome: 'tls',
      reason: 'the server does not speak TLS on this port',
      temporary: false,
      speaksInstead: null,
    });
  });

  test('that answers only who speaks first, and no TLS, stays so', async () => {
    const server = await raw((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    stopClock();
    const looking = look(server.port, 'tls', 8000);
    await expect.poll(() => server.heard).toHaveLength(2);
    await pass(7000);
    expect(await looking).toMatchObject({
      outcome: 'tls',
      reason: 'the server does not speak TLS on this port',
      temporary: false,
      speaksInstead: null,
    });
  });

  test('that turned us away for the moment is worth another try', async () => {
    let connections = 0;
    const { port } = await raw((socket) => {
      if (++connections === 1) socket.end('421 Too many concurrent SMTP connections\r\n');
      else socket.end();
    });
    expect(await look(port, 'tls')).toMatchObject({
      outcome: 'tls',
      temporary: true,
      speaksInstead: null,
    });
  });

  describe('and stays silent where STARTTLS was promised', () => {
    test('is found to speak TLS at once, and told so early', async () => {
      const server = await table({ replies: { EHLO: ['250-x', '250 AUTH PLAIN'] } }, true);
      stopClock();
      const looking = look(server.port, 'starttls', 8000);
      await expect.poll(() => server.transcript.conversations).toHaveLength(1);
      await pass(1000);
      expect(server.transcript.conversations).toHaveLength(1);
      await pass(500);
      expect(await looking).toMatchObject({
        outcome: 'tls',
        stage: 'banner',
        speaksInstead: 'tls',
        temporary: false,
      });
      expect(server.transcript.conversations).toHaveLength(2);
      await expect.poll(() => said(server)).toEqual(['QUIT']);
    });

    test('or is only slow has its time', async () => {
      const answers: (() => void)[] = [];
      const server = await raw((socket) => {
        socket.on('data', (chunk) => {
          if (chunk.toString().startsWith('EHLO')) socket.write('250 hi\r\n');
        });
        answers.push(() => socket.write('220 hi\r\n'));
      });
      stopClock();
      const looking = look(server.port, 'starttls', 8000);
      await expect.poll(() => answers).toHaveLength(1);
      await pass(1500);
      await expect.poll(() => answers).toHaveLength(2);
      answers[0]?.();
      expect(await looking).toMatchObject({
        reason: 'STARTTLS is not offered',
        speaksInstead: null,
      });
    });

    test('or speaks nothing at all is timed out', async () => {
      const server = await raw(() => {});
      stopClock();
      const looking = look(server.port, 'starttls', 3000);
      await expect.poll(() => server.heard).toHaveLength(1);
      await pass(1500);
      await expect.poll(() => server.heard).toHaveLength(2);
      await pass(1500);
      expect(await looking).toMatchObject({ outcome: 'timeout', stage: 'banner', temporary: true });
      await pass(1000);
    });
  });

  test('that does not offer STARTTLS keeps what it offers in the clear', async () => {
    const server = await table({ replies: { EHLO: ['250-x', '250 AUTH PLAIN'] } });
    expect(await look(server.port, 'starttls')).toMatchObject({
      outcome: 'tls',
      reason: 'STARTTLS is not offered',
      stage: 'ehlo',
      startTls: false,
      clearAuth: ['PLAIN'],
      temporary: false,
    });
    await expect.poll(() => said(server)).toEqual(['EHLO [127.0.0.1]', 'QUIT']);
  });

  test.each([
    ['454 4.7.0 TLS not available', true],
    ['502 5.5.1 no', false],
    ['250 what?', false],
  ])('that answers STARTTLS with "%s"', async (line, temporary) => {
    const server = await table({ replies: { EHLO: ['250-x', '250 STARTTLS'], STARTTLS: [line] } });
    expect(await look(server.port, 'starttls')).toMatchObject({
      outcome: 'tls',
      reason: `the server refused STARTTLS: ${line}`,
      stage: 'starttls',
      startTls: true,
      temporary,
    });
    await expect.poll(() => said(server).at(-1)).toBe('QUIT');
  });

  /** Up to the 220 that answers STARTTLS. */
  function startTlsThen(go: (socket: Socket) => void): Promise<RawServer> {
    return raw((socket) => {
      socket.write('220 hi\r\n');
      socket.once('data', () => {
        socket.write('250-hi\r\n250 STARTTLS\r\n');
        socket.once('data', () => go(socket));
      });
    });
  }

  test.each<[string, (socket: Socket) => void]>([
    [
      'goes on in plaintext',
      (socket) => {
        socket.write('220 go\r\n');
        socket.once('data', () => socket.write('500 what is this?\r\n'));
      },
    ],
    [
      'says 220 twice',
      (socket) => {
        socket.write('220 go\r\n');
        socket.once('data', () => socket.write('220 go on\r\n'));
      },
    ],
    [
      'lets something be injected before its handshake',
      (socket) => {
        socket.write('220 go\r\n');
        socket.once('data', (hello) => {
          socket.write('250-evil\r\n250 AUTH PLAIN\r\n');
          new TLSSocket(socket, { isServer: true, ...tls }).on('error', () => {});
          socket.emit('data', hello);
        });
      },
    ],
  ])('that %s after STARTTLS is not believed, and flagged', async (_, go) => {
    const { port } = await startTlsThen(go);
    expect(await look(port, 'starttls')).toMatchObject({
      outcome: 'tls',
      reason: 'plaintext came after STARTTLS, where the TLS handshake was expected',
      injection: true,
      temporary: false,
      auth: [],
      capabilities: {},
    });
  });

  test('that offers AUTH only after TLS, or only before', async () => {
    const clear = ['250-x', '250-AUTH=LOGIN', '250 STARTTLS'];
    const after = await table({
      replies: { EHLO: ['250-x', '250 STARTTLS'] },
      afterTls: { EHLO: ['250-x', '250 AUTH PLAIN'] },
    });
    expect(await look(after.port, 'starttls')).toMatchObject({
      outcome: 'ok',
      auth: ['PLAIN'],
      clearAuth: [],
    });
    const before = await table({ replies: { EHLO: clear }, afterTls: { EHLO: ['250 x'] } });
    expect(await look(before.port, 'starttls')).toMatchObject({
      outcome: 'no-auth',
      auth: [],
      clearAuth: ['LOGIN'],
    });
  });

  test('that refuses EHLO after TLS offers nothing', async () => {
    const { port } = await table({
      replies: { EHLO: ['250-x', '250-AUTH PLAIN', '250 STARTTLS'] },
      afterTls: { EHLO: ['502 no'] },
    });
    expect(await look(port, 'starttls')).toMatchObject({
      outcome: 'no-auth',
      auth: [],
      capabilities: {},
    });
  });

  test('that offers only EXTERNAL takes no password', async () => {
    const { port } = await table({ replies: { EHLO: ['250-x', '250 AUTH EXTERNAL'] } }, true);
    const reason = 'AUTH offers only EXTERNAL';
    expect(await look(port, 'tls')).toMatchObject({
      outcome: 'no-auth',
      reason,
      auth: ['EXTERNAL'],
    });
  });

  describe('and a demand for a client certificate', () => {
    async function demanding(
      options: TlsOptions,
      greet: (socket: Socket) => void = () => {},
    ): Promise<number> {
      const server = createTlsServer({ ...tls, requestCert: true, ...options }, greet);
      running.push({ stop: track(server) });
      return (await listen(server)).port;
    }
    const say = (line: string) => (socket: Socket) => void socket.end(`${line}\r\n`);

    test('in the last word of a handshake is told', async () => {
      const port = await demanding({ rejectUnauthorized: true, minVersion: 'TLSv1.3' });
      expect(await look(port, 'tls')).toMatchObject({
        outcome: 'tls',
        reason: expect.stringMatching(
          /^the server demands a client certificate \(ERR_SSL_.*CERTIFICATE_REQUIRED\)$/,
        ),
        tls: { certificate: { problem: null } },
      });
    });

    test('in TLS 1.2 is told as what it may be', async () => {
      const port = await demanding({ rejectUnauthorized: true, maxVersion: 'TLSv1.2' });
      expect(await look(port, 'tls')).toMatchObject({
        outcome: 'tls',
        reason: expect.stringContaining('or demands a client certificate (ERR_SSL_'),
        outdatedTls: false,
      });
    });

    test.each(['TLSv1.2', 'TLSv1.3'] as const)(
      'in a reply is told, and no reason to come back later (%s)',
      async (version) => {
        const line = '421 4.7.1 x Error: No client certificate presented';
        const options = { rejectUnauthorized: false, minVersion: version, maxVersion: version };
        expect(await look(await demanding(options, say(line)), 'tls')).toMatchObject({
          outcome: 'tls',
          reason: `the server demands a client certificate: ${line}`,
          temporary: false,
        });
      },
    );

    test('is not read into any other refusal', async () => {
      const asking = await demanding({ rejectUnauthorized: false }, say('421 4.7.0 too busy'));
      expect(await look(asking, 'tls')).toMatchObject({ outcome: 'protocol', temporary: true });
      const line = '421 4.7.1 our certificate is being renewed';
      const renewing = await demanding({ requestCert: false }, say(line));
      expect(await look(renewing, 'tls')).toMatchObject({ outcome: 'protocol', temporary: true });
    });

    test('is offered as the reason when the server just hangs up', async () => {
      const port = await demanding({ rejectUnauthorized: false }, (socket) => void socket.end());
      expect(await look(port, 'tls')).toMatchObject({
        outcome: 'protocol',
        reason: 'closed the connection before the banner, having asked for a client certificate',
        temporary: false,
      });
    });
  });

  test('into whose conversation somebody injected is flagged, and not believed', async () => {
    const server = await raw((socket) => {
      socket.write('220 hi\r\n');
      socket.once('data', () => {
        socket.write('250-hi\r\n250 STARTTLS\r\n');
        socket.once('data', () => {
          socket.removeAllListeners('data');
          socket.write('220 go\r\n250-evil\r\n250 AUTH PLAIN\r\n');
          const secure = new TLSSocket(socket, { isServer: true, ...tls });
          secure.on('error', () => {});
          secure.on('data', (data: Buffer) => {
            secure.write(
              data.toString().startsWith('EHLO') ? '250-good\r\n250 AUTH LOGIN\r\n' : '221 bye\r\n',
            );
          });
        });
      });
    });
    const result = await look(server.port, 'starttls');
    expect(result).toMatchObject({
      outcome: 'ok',
      injection: true,
      auth: ['LOGIN'],
    });
  });
});
