/** DNS over TLS (RFC 7858): questions go out at once, replies come in any order. */
import type { Socket } from 'node:net';
import { settleOnce } from '../time.ts';
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
    return settleOnce(signal, (resolve, reject) => {
      const waiting: Waiting = {
        take: (message) => {
          const reply = accept(message);
          if (reply !== null) resolve(reply);
          return reply !== null;
        },
        end: () => reject(new ConnectionEnded()),
      };
      this.#waiting.add(waiting);
      this.#socket.write(framed(query));
      return () => this.#waiting.delete(waiting);
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
