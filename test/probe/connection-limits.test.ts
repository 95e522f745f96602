/** How a probe leaves: QUIT, soon, and without a trace; and that nobody waits for it. */
import { afterEach, describe, expect, test } from 'vitest';
import { probe } from '../../src/probe/probe.ts';
import { pass, stopClock } from '../clock.ts';
import { createAuthority } from '../lab/certificates.ts';
import { dialogue } from '../lab/dialogue.ts';
import type { Stoppable } from '../lab/loopback.ts';
import {
  type Peer,
  type Script,
  type ScriptedServer,
  startScriptedServer,
} from '../lab/scripted-server.ts';
import { loopbackNetwork } from './loopback-network.ts';
import { startRawServer } from './raw-server.ts';

const HOST = 'smtp.example.com';
const authority = await createAuthority();
const tls = await authority.issue({ names: [HOST] });
const running: Stoppable[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function start(script: Script, implicit = false): Promise<ScriptedServer> {
  const server = await startScriptedServer({ script, tls, implicit });
  running.push(server);
  return server;
}

const network = () => loopbackNetwork({ caPem: authority.caPem });
const endpoint = (port: number, encryption: 'tls' | 'starttls' | 'none' = 'none') => ({
  host: HOST,
  port,
  encryption,
});
const said = ({ transcript }: ScriptedServer): readonly string[] =>
  transcript.conversations.flatMap(({ lines }) =>
    lines.flatMap(({ by, text }) => (by === 'client' ? text : [])),
  );
const allClosed =
  ({ sockets }: ReturnType<typeof network>) =>
  () =>
    sockets.length > 0 && sockets.every(({ destroyed }) => destroyed);

/** A script that waits before it says anything. */
function gated(script: Script): { readonly play: Script; readonly open: () => void } {
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const play = async (peer: Peer): Promise<void> => {
    await gate;
    await script(peer);
  };
  return { play, open };
}

describe('the goodbye', () => {
  test('is not waited for, and ends within about a second', async () => {
    const { port } = await start(
      dialogue({ replies: { EHLO: ['250-x', '250 AUTH PLAIN'], QUIT: 'hang' } }),
      true,
    );
    const net = network();
    stopClock();
    const result = await probe(endpoint(port, 'tls'), net, {
      signal: new AbortController().signal,
    });
    expect(result.outcome).toBe('ok');
    expect(allClosed(net)()).toBe(false);
    await pass(1000);
    await expect.poll(allClosed(net)).toBe(true);
  });

  test('is over before the next one is let in', async () => {
    const server = await start(
      dialogue({ replies: { EHLO: ['250-x', '250 AUTH PLAIN'] }, delayMs: 15 }),
    );
    const net = network();
    const { signal } = new AbortController();
    const probes = Array.from({ length: 4 }, () => probe(endpoint(server.port), net, { signal }));
    const results = await Promise.all(probes);
    expect(results.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'ok']);
    await expect.poll(() => said(server).filter((line) => line === 'QUIT')).toHaveLength(4);
    expect(server.transcript.mostAtOnce).toBe(1);
  });
});

describe('waiting for one’s turn', () => {
  test('is not counted against the server', async () => {
    const script = gated(dialogue({ replies: { EHLO: ['250-x', '250 AUTH PLAIN'] } }));
    const server = await start(script.play);
    const net = network();
    const { signal } = new AbortController();
    stopClock();
    const first = probe(endpoint(server.port), net, { signal, deadlineMs: 8000 });
    await expect.poll(() => server.transcript.conversations).toHaveLength(1);
    const others = Array.from({ length: 3 }, () =>
      probe(endpoint(server.port), net, { signal, deadlineMs: 400 }),
    );
    await pass(2000); // More than they are given.
    expect(server.transcript.conversations).toHaveLength(1);
    script.open();
    const results = await Promise.all([first, ...others]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'ok']);
  });
});

describe('a probe that is called off', () => {
  test('before it begins does nothing', async () => {
    const net = network();
    const reason = new Error('enough');
    await expect(probe(endpoint(465), net, { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    expect(net.lookups).toEqual([]);
  });

  test('while the server thinks about EHLO says QUIT in its turn', async () => {
    let answer = (): void => {};
    const server = await start(async (peer) => {
      peer.send('220 lab ESMTP');
      await peer.line();
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      peer.send('250 x');
      await peer.line();
    });
    const net = network();
    stopClock();
    const controller = new AbortController();
    const running = probe(endpoint(server.port), net, { signal: controller.signal });
    const reason = new Error('enough');
    await expect.poll(() => said(server)).toEqual(['EHLO [127.0.0.1]']);
    controller.abort(reason);
    // The server has not answered yet.
    await expect(running).rejects.toBe(reason);
    expect(said(server)).toEqual(['EHLO [127.0.0.1]']);
    answer();
    await expect.poll(() => said(server)).toEqual(['EHLO [127.0.0.1]', 'QUIT']);
    await expect.poll(allClosed(net)).toBe(true);
  });

  test('before the banner never talks first', async () => {
    const server = await startRawServer(() => {});
    running.push(server);
    const net = network();
    const controller = new AbortController();
    const probing = probe(endpoint(server.port, 'starttls'), net, { signal: controller.signal });
    await expect.poll(() => server.heard.length).toBe(1);
    stopClock();
    controller.abort(new Error('enough'));
    await expect(probing).rejects.toThrow('enough');
    await pass(1000);
    await expect.poll(allClosed(net)).toBe(true);
    expect(server.heard).toEqual(['']);
  });

  test.each(['tls', 'starttls'] as const)(
    'in the handshake ends at once (%s)',
    async (encryption) => {
      const server = await startRawServer((socket) => {
        if (encryption === 'tls') return;
        socket.write('220 hi\r\n');
        socket.once('data', () => {
          socket.write('250-hi\r\n250 STARTTLS\r\n');
          socket.once('data', () => socket.write('220 go\r\n'));
        });
      });
      running.push(server);
      const net = network();
      const controller = new AbortController();
      const probing = probe(endpoint(server.port, encryption), net, { signal: controller.signal });
      // The ClientHello is there.
      await expect.poll(() => server.heard[0]).toContain('\x16\x03\x01');
      stopClock();
      controller.abort(new Error('enough'));
      await expect(probing).rejects.toThrow('enough');
      await expect.poll(allClosed(net)).toBe(true);
    },
  );

  test('while it looks up names of the certificate throws the reason too', async () => {
    const other = await authority.issue({ names: ['silent.example'] });
    const server = await startScriptedServer({
      script: dialogue({ replies: { EHLO: ['250-x', '250 AUTH PLAIN'] } }),
      tls: other,
      implicit: true,
    });
    running.push(server);
    const hosts = { 'silent.example': new Promise<never>(() => {}) };
    const zone = { '1.0.0.127.in-addr.arpa PTR': ['silent.example'] };
    const net = loopbackNetwork({ caPem: authority.caPem, hosts, zone });
    const controller = new AbortController();
    const probing = probe(endpoint(server.port, 'tls'), net, { signal: controller.signal });
    await expect.poll(() => net.lookups).toContain('silent.example');
    controller.abort(new Error('enough'));
    await expect(probing).rejects.toThrow('enough');
    await expect.poll(allClosed(net)).toBe(true);
  });

  test('in the queue leaves it', async () => {
    const server = await start(dialogue({ replies: { EHLO: 'hang' } }));
    const net = network();
    const [first, second] = [new AbortController(), new AbortController()];
    const probes = [first, second].map(({ signal }) =>
      probe(endpoint(server.port), net, { signal }),
    );
    await expect.poll(() => said(server)).toHaveLength(1);
    second.abort(new Error('second'));
    await expect(probes[1]).rejects.toThrow('second');
    stopClock();
    first.abort(new Error('first'));
    await expect(probes[0]).rejects.toThrow('first');
    await pass(1000);
    await expect.poll(allClosed(net)).toBe(true);
    expect(server.transcript.conversations).toHaveLength(1);
  });

  test('leaves no listener on the caller’s signal', async () => {
    const { port } = await start(
      dialogue({ replies: { EHLO: ['250-x', '250 AUTH PLAIN'] } }),
      true,
    );
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners++;
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners--;
      removeEventListener.apply(signal, args);
    };
    await probe(endpoint(port, 'tls'), network(), { signal });
    expect(listeners).toBe(0);
  });
});
