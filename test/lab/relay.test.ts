import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { listen, track } from './loopback.ts';
import { startRelay } from './relay.ts';

const ROUND_TRIP_MS = 40;
/** A busy machine makes single ones late, but hardly all. */
const TRIES = 5;

test('a relay is heard a round trip after connecting, and answers a round trip after a question', async () => {
  const server = createServer((socket) => {
    socket.write('hello');
    socket.on('data', () => socket.end('answer'));
  });
  const stop = track(server);
  const relay = await startRelay(await listen(server), ROUND_TRIP_MS);

  const heard: number[] = [];
  for (let i = 0; i < TRIES; i++) {
    const started = performance.now();
    const trips = (): number => (performance.now() - started) / ROUND_TRIP_MS;
    const socket = connect({ host: relay.address, port: relay.port });
    const [hello] = (await once(socket, 'data')) as [Buffer];
    expect(hello.toString()).toBe('hello');
    const first = trips();
    heard.push(first);
    // One round trip for the handshake, one until the server's first words.
    expect(first).toBeGreaterThan(1.9);
    socket.write('question');
    await once(socket, 'data');
    expect(trips() - first).toBeGreaterThan(0.9);
    await once(socket, 'close');
  }
  expect(Math.min(...heard)).toBeLessThan(2.9);

  await Promise.all([relay.stop(), stop()]);
});

test('a client that speaks first is answered two round trips after connecting', async () => {
  const server = createServer((socket) => socket.on('data', (data) => socket.end(data)));
  const stop = track(server);
  const relay = await startRelay(await listen(server), ROUND_TRIP_MS);
  const started = performance.now();
  const socket = connect({ host: relay.address, port: relay.port });
  socket.write('ping');
  await once(socket, 'data');
  expect((performance.now() - started) / ROUND_TRIP_MS).toBeGreaterThan(1.9);
  socket.destroy();
  await Promise.all([relay.stop(), stop()]);
});
