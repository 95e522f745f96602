/** DNS over HTTP/1.1: connections that are kept, one question on each at a time. */
import { Agent, type ClientRequestArgs, request } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { errorCode } from '../error-code.ts';
import { onAbort, settleOnce } from '../time.ts';
import type { HttpsServer } from './encrypted-servers.ts';
import { Body, checkHead, MEDIA_TYPE } from './https-answer.ts';
import { HungUp, type Link, type Lookups } from './link-transport.ts';
import { TransportFailure } from './transport.ts';

/** So that one slow answer does not hold up all the others. */
const CONNECTIONS = 6;
const MAX_HEADERS = 16 * 1024; // bytes

export type OpenMore = () => Promise<Socket>;

/** Hands out the first connection, and opens more where that is busy. */
class Connections extends Agent {
  #first: Socket | null;
  readonly #openMore: OpenMore;

  constructor(first: Socket, openMore: OpenMore) {
    super({ keepAlive: true, scheduling: 'lifo' });
    this.#first = first;
    this.#openMore = openMore;
  }

  override createConnection(
    _options: ClientRequestArgs,
    done: (error: Error | null, socket: Duplex) => void = () => {},
  ): Socket | undefined {
    const first = this.#first;
    this.#first = null;
    if (first && !first.destroyed) return first;
    this.#openMore().then(
      (socket) => done(null, socket),
      // The types ask for a socket even then.
      (error: Error) => (done as (error: Error) => void)(error),
    );
    return undefined;
  }
}

export class Http1Link implements Link {
  readonly #server: HttpsServer;
  readonly #agent: Connections;
  readonly #queue: (() => void)[] = [];
  #busy = 0;
  #usable = true;
  #heardAt: number | null = null;

  /** @param first secured, and from now on the link's own */
  constructor(server: HttpsServer, first: Socket, openMore: OpenMore) {
    this.#server = server;
    this.#agent = new Connections(first, openMore);
    first.unref();
  }

  get usable(): boolean {
    return this.#usable;
  }

  get heardAt(): number | null {
    return this.#heardAt;
  }

  async ask<T>(asking: Lookups<T>): Promise<T> {
    await this.#turn(asking.signal);
    try {
      return await this.#exchange(asking);
    } finally {
      this.#busy--;
      this.#queue.shift()?.();
      if (!this.#usable && this.#busy === 0) this.#agent.destroy();
    }
  }

  retire(): void {
    this.#usable = false;
    if (this.#busy === 0) this.#agent.destroy();
  }

  /** Waits for one of the connections. */
  #turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#busy < CONNECTIONS) {
      this.#busy++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        unfollow();
        this.#busy++;
        resolve();
      };
      const leave = (): void => {
        this.#queue.splice(this.#queue.indexOf(enter), 1);
        reject(signal.reason);
      };
      this.#queue.push(enter);
      const unfollow = onAbort(signal, leave);
    });
  }

  #exchange<T>({ query, accept, signal }: Lookups<T>): Promise<T> {
    return settleOnce(signal, (resolve, reject) => {
      const outgoing = request({
        agent: this.#agent,
        method: 'POST',
        path: this.#server.target,
        headers: {
          Host: this.#server.authority,
          Accept: MEDIA_TYPE,
          'Content-Type': MEDIA_TYPE,
          'Content-Length': query.length,
        },
        maxHeaderSize: MAX_HEADERS,
        insecureHTTPParser: false,
      });
      let whole = false;
      const attempt = (act: () => void): void => {
        try {
          act();
        } catch (error) {
          reject(error);
        }
      };
      outgoing.on('error', (error) => reject(exchangeFailure(error)));
      outgoing.on('close', () => reject(new HungUp()));
      outgoing.on('upgrade', () => reject(new HungUp()));
      outgoing.on('response', (incoming) => {
        this.#heardAt = performance.now();
        const body = new Body();
        incoming.on('error', () => reject(new HungUp()));
        incoming.on('data', (chunk: Buffer) => attempt(() => body.push(chunk)));
        incoming.on('end', () =>
          attempt(() => {
            const reply = body.judge(accept);
            whole = true;
            resolve(reply);
          }),
        );
        attempt(() => checkHead(incoming.statusCode ?? 0, incoming.headers['content-type'] ?? ''));
      });
      outgoing.end(query);
      // A connection whose answer was read to its end serves the next question.
      return () => {
        if (!whole) outgoing.destroy();
      };
    });
  }
}

function exchangeFailure(error: Error): Error {
  if (error instanceof TransportFailure) return error;
  const garbled = errorCode(error).startsWith('HPE_');
  return garbled ? new TransportFailure('its answer is not HTTP', { misread: true }) : new HungUp();
}
