/** DNS over TLS (RFC 7858): questions go out at once, replies come in any order. */
import type { Socket } from 'node:net';
import { onAbort } from '../time.ts';
import { ConnectionEnded, type DnsConnection } from './connection-pool.ts';
import { Frames, framed } from './tcp.ts';
import type { DnsExchange } from './transport.ts';

interface Waiting {
  /** Whether the message was for it. */
  take(message: Buffer): boolean;
  end(): void;
}

export class DotConnection implements DnsConnection {
  readonly #socket: Socket;
  readonly #waiting = new Set<Waiting>();
  usable = true;
  heardAt: number | null = null;

  /** @param socket secured, and from now on the connection's own */
  constructor(socket: Socket) {
    this.#socket = socket;
    const frames = new Frames();
    socket.on('data', (chunk: Buffer) => {
      this.heardAt = performance.now();
      for (const message of frames.push(chunk)) this.#hand(message);
    });
    socket.once('end', () => this.destroy());
    socket.once('close', () => this.destroy());
    if (socket.destroyed) this.destroy();
  }

  exchange<T>({ query, accept, signal }: DnsExchange<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const leave = (settle: () => void): void => {
        unfollow();
        this.#waiting.delete(waiting);
        settle();
      };
      const waiting: Waiting = {
        take: (message) => {
          const reply = accept(message);
          if (reply !== null) leave(() => resolve(reply));
          return reply !== null;
        },
        end: () => leave(() => reject(new ConnectionEnded())),
      };
      const unfollow = onAbort(signal, () => leave(() => reject(signal.reason)));
      this.#waiting.add(waiting);
      this.#socket.write(framed(query));
    });
  }

  ref(): void {
    this.#socket.ref();
  }

  unref(): void {
    this.#socket.unref();
  }

  destroy(): void {
    this.usable = false;
    for (const waiting of [...this.#waiting]) waiting.end();
    this.#socket.destroy();
  }

  /** What nobody takes answers a question that was called off. */
  #hand(message: Buffer): void {
    for (const waiting of this.#waiting) if (waiting.take(message)) return;
  }
}
