/**
 * Distance: a relay that makes a loopback server as far away as a round trip.
 *
 * A connect on loopback is answered by the kernel at once, and no program can hold it back. So the
 * relay takes the round trip of the handshake from what follows. With a round trip R, on a real
 * path, the client is connected after R, its first byte arrives after 1.5 R, and the server, which
 * accepts after 1.5 R, is heard at 2 R. Here the client is connected at 0, and
 *
 * - what it sends arrives R/2 after it was sent, yet not before 1.5 R;
 * - the server accepts at 1.5 R, and what it sends arrives R/2 later.
 *
 * Everything the client *reads* comes exactly when it would on the real path: connect, TLS 1.3,
 * banner and EHLO cost one R each. Only the `connect` event is early, and a refused connection
 * costs nothing. Bandwidth and slow start are not modelled.
 */
import { connect, createServer, type Socket } from 'node:net';
import { type Endpoint, listen, type Stoppable, track } from './loopback.ts';

export async function startRelay(
  target: Endpoint,
  roundTripMs: number,
  address?: string,
): Promise<Endpoint & Stoppable> {
  const oneWay = roundTripMs / 2;
  const others = new Set<Socket>();
  const lines = new Set<DelayLine>();

  const server = createServer({ allowHalfOpen: true }, (client) => {
    const arrival = performance.now() + 3 * oneWay;
    const up = new DelayLine(oneWay, arrival);
    const down = new DelayLine(oneWay, arrival);
    let upstream: Socket | undefined;

    up.push(() => {
      const socket = connect({ host: target.address, port: target.port, allowHalfOpen: true });
      upstream = socket;
      others.add(socket);
      socket.setNoDelay(true);
      socket.on('data', (chunk) => down.push(() => client.write(chunk)));
      socket.on('end', () => down.push(() => client.end()));
      socket.on('error', () => down.push(() => client.destroy()));
      socket.on('close', () => others.delete(socket));
    });
    client.setNoDelay(true);
    client.on('data', (chunk) => up.push(() => upstream?.write(chunk)));
    client.on('end', () => up.push(() => upstream?.end()));
    client.on('error', () => up.push(() => upstream?.destroy()));
    client.on('close', () => {
      down.clear();
      // Whatever was sent before still arrives; then the server's side goes, too.
      up.push(() => upstream?.destroySoon());
    });
    lines.add(up).add(down);
  });

  const stop = track(server);
  return {
    ...(await listen(server, address)),
    async stop() {
      for (const line of lines) line.clear();
      for (const socket of others) socket.destroy();
      await stop();
    },
  };
}

/** Does things in order, each a fixed time after it was pushed. */
class DelayLine {
  readonly #delayMs: number;
  readonly #notBefore: number;
  #queue: { due: number; action: () => void }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(delayMs: number, notBefore: number) {
    this.#delayMs = delayMs;
    this.#notBefore = notBefore;
  }

  push(action: () => void): void {
    const due = Math.max(performance.now() + this.#delayMs, this.#notBefore);
    this.#queue.push({ due, action });
    this.#schedule();
  }

  clear(): void {
    this.#queue = [];
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    const next = this.#queue[0];
    if (!next || this.#timer) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#queue.shift();
        next.action();
        this.#schedule();
      },
      Math.max(0, next.due - performance.now()),
    );
  }
}
