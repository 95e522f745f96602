/** DNS over one TLS connection (RFC 7858): questions go out at once, replies come in any order. */
import type { Socket } from 'node:net';
import { settleOnce } from '../time.ts';
import { Frames, framed } from './framing.ts';
import { HungUp, type Link, type Lookups } from './link-transport.ts';

interface Waiting {
  /** Whether the message was for it. */
  take(message: Buffer): boolean;
  hangUp(): void;
}

export class TlsLink implements Link {
  readonly #socket: Socket;
  readonly #waiting = new Set<Waiting>();
  #usable = true;
  #heardAt: number | null = null;

  /** @param socket secured, and from now on the link's own */
  constructor(socket: Socket) {
    this.#socket = socket;
    const frames = new Frames();
    socket.on('data', (chunk: Buffer) => {
      this.#heardAt = performance.now();
      for (const message of frames.push(chunk)) this.#hand(message);
    });
    socket.once('end', () => this.#end());
    socket.once('close', () => this.#end());
    if (socket.destroyed) this.#end();
    socket.unref();
  }

  get usable(): boolean {
    return this.#usable;
  }

  get heardAt(): number | null {
    return this.#heardAt;
  }

  ask<T>({ query, accept, signal }: Lookups<T>): Promise<T> {
    return settleOnce(signal, (resolve, reject) => {
      if (!this.#usable) throw new HungUp();
      const waiting: Waiting = {
        take: (message) => {
          const reply = accept(message);
          if (reply !== null) resolve(reply);
          return reply !== null;
        },
        hangUp: () => reject(new HungUp()),
      };
      this.#waiting.add(waiting);
      this.#socket.ref();
      this.#socket.write(framed(query));
      return () => {
        this.#waiting.delete(waiting);
        if (this.#waiting.size === 0) this.#rest();
      };
    });
  }

  retire(): void {
    this.#usable = false;
    if (this.#waiting.size === 0) this.#rest();
  }

  /** What nobody takes answers a question that was called off. */
  #hand(message: Buffer): void {
    for (const waiting of this.#waiting) if (waiting.take(message)) return;
  }

  /** An idle connection keeps no process alive. */
  #rest(): void {
    if (this.#usable) this.#socket.unref();
    else this.#socket.destroy();
  }

  #end(): void {
    this.#usable = false;
    for (const waiting of [...this.#waiting]) waiting.hangUp();
    this.#socket.destroy();
  }
}
