/** What a server can make a probe hold: however much it sends, a few MB, most of them the kernel's. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { afterAll, describe, expect, test } from 'vitest';
import type { Encryption } from '../../src/model/endpoint.ts';
import { createAuthority } from '../lab/certificates.ts';
import { listen, type Stoppable, track } from '../lab/loopback.ts';
import type { MemoryTask, MemoryUse } from './memory-child.ts';

const HOST = 'smtp.example.com';
const MiB = 1024 * 1024;
const OFFERED = 100 * MiB;

const authority = await createAuthority();
const tls = await authority.issue({ names: [HOST] });
const running: Stoppable[] = [];
let child: ChildProcess | undefined;

afterAll(async () => {
  child?.kill();
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

/** Where the flood begins: instead of the banner, or of the reply to this verb. */
type Place = 'banner' | 'EHLO' | 'STARTTLS' | 'QUIT' | null;

interface Scene {
  readonly name: string;
  readonly encryption: Encryption;
  readonly place: Place;
  readonly text: string;
  readonly outcome: string;
}

const line = 'a';
const lines = (code: number): string => `${code}-again\r\n`;

const scenes: readonly Scene[] = [
  { name: 'nothing', encryption: 'tls', place: null, text: '', outcome: 'ok' },
  { name: 'nothing', encryption: 'starttls', place: null, text: '', outcome: 'ok' },
  ...(['none', 'tls'] as const).flatMap((encryption): Scene[] => [
    { name: '100 MB in one line', encryption, place: 'banner', text: line, outcome: 'protocol' },
    {
      name: '100 MB in one reply',
      encryption,
      place: 'banner',
      text: lines(220),
      outcome: 'protocol',
    },
    { name: '100 MB in one line', encryption, place: 'EHLO', text: line, outcome: 'protocol' },
    {
      name: '100 MB in one reply',
      encryption,
      place: 'EHLO',
      text: lines(250),
      outcome: 'protocol',
    },
    { name: '100 MB in one line', encryption, place: 'QUIT', text: line, outcome: 'ok' },
  ]),
  {
    name: '100 MB of plaintext',
    encryption: 'starttls',
    place: 'STARTTLS',
    text: '220 go\r\n',
    outcome: 'tls',
  },
];

interface FloodServer {
  readonly port: number;
  /** Bytes of the flood that the kernel or TLS took from the server. */
  readonly taken: () => number;
}

async function startFloodServer({ encryption, place, text }: Scene): Promise<FloodServer> {
  const chunk = Buffer.from(text.repeat(Math.ceil(65_536 / Math.max(1, text.length))));
  let taken = 0;
  const pour = (socket: Socket): void => {
    if (socket.destroyed || taken >= OFFERED) return;
    socket.write(chunk, (error) => {
      if (error) return;
      taken += chunk.length;
      pour(socket);
    });
  };
  const replies: Readonly<Record<string, string>> = {
    EHLO: '250-x\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n',
    STARTTLS: '220 go\r\n',
    QUIT: '221 bye\r\n',
  };
  const converse = (socket: Socket, greet: boolean): void => {
    socket.on('error', () => {});
    if (place === 'banner') pour(socket);
    else if (greet) socket.write('220 hi\r\n');
    socket.on('data', function hear(data: Buffer) {
      const verb = data.toString().trim().split(' ')[0] ?? '';
      if (verb === place) return void pour(socket);
      socket.write(replies[verb] ?? '500 what?\r\n');
      if (verb !== 'STARTTLS') return;
      socket.off('data', hear);
      converse(new TLSSocket(socket, { isServer: true, ...tls }), false);
    });
  };
  const server = createServer((socket) => {
    const implicit = encryption === 'tls';
    converse(implicit ? new TLSSocket(socket, { isServer: true, ...tls }) : socket, true);
  });
  running.push({ stop: track(server) });
  const { port } = await listen(server);
  return { port, taken: () => taken };
}

async function measure(endpoints: MemoryTask['endpoints']): Promise<readonly MemoryUse[]> {
  child = fork(new URL('./memory-child.ts', import.meta.url), {
    execArgv: ['--expose-gc', '--import', 'tsx'],
  });
  const task: MemoryTask = { caPem: authority.caPem, endpoints };
  child.send(task);
  const [uses] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the child left with ${code}`))),
  ])) as [readonly MemoryUse[]];
  return uses;
}

describe('however much a server sends:', async () => {
  const servers = await Promise.all(scenes.map(startFloodServer));
  const uses = await measure(
    scenes.map(({ encryption }, i) => ({ host: HOST, port: servers[i]?.port ?? 0, encryption })),
  );
  for (const [i, { name, encryption, place, outcome }] of scenes.entries()) {
    const where =
      place === null
        ? ''
        : ` in place of ${place === 'banner' ? 'its banner' : `its reply to ${place}`}`;
    test(`${name}${where} (${encryption}) costs a few MB`, async ({ annotate }) => {
      const { result, growth = Number.NaN } = uses[i] ?? {};
      const taken = servers[i]?.taken() ?? Number.NaN;
      const shown = [growth, taken].map((bytes) => (bytes / MiB).toFixed(1));
      await annotate(`the process grew by ${shown[0]} MiB, the server got rid of ${shown[1]} MiB`);
      expect(result?.outcome).toBe(outcome);
      // Most of it is what the collector has not collected yet.
      expect(growth).toBeLessThan(32 * MiB);
      // Socket buffers on both sides: Linux lets each grow to some MB.
      expect(taken).toBeLessThan(24 * MiB);
    });
  }
});
