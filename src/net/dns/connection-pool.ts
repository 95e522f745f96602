/**
 * Connections to encrypted resolvers, one each: opened for the first question, kept for all that
 * follow, and opened anew when they have ended. Opening is shared, and goes on when a question is
 * called off, since the next one will want it.
 */
import { timeLimits } from '../../model/time-limits.ts';
import { abortable } from '../time.ts';
import type { EncryptedServer } from './servers.ts';
import { type DnsExchange, type Transport, TransportFailure } from './transport.ts';

/** A connection that carries any number of questions at once. */
export interface DnsConnection {
  /** Whether it takes another question. */
  readonly usable: boolean;
  /** When it last brought something, as `performance.now()`; null when it never did. */
  readonly heardAt: number | null;
  /** @throws ConnectionEnded, TransportFailure, or the signal's reason */
  exchange<T>(exchange: DnsExchange<T>): Promise<T>;
  /** Whether it keeps the process alive. */
  ref(): void;
  unref(): void;
  destroy(): void;
}

/** The connection ended while a question was open. */
export class ConnectionEnded extends Error {
  override readonly name: string = 'ConnectionEnded';
}

/** A server may end a connection whenever it likes (RFC 7766 §6.2.4), perhaps after every answer. */
const TRIES = 4;

/** @param open throws TransportFailure; ends with the session, and by a deadline of its own */
export function poolConnections<S extends EncryptedServer>(
  open: (server: S) => Promise<DnsConnection>,
): Transport<S> {
  // By resolver and not by its label: two may share a host, and differ in their path or name.
  const pool = new Map<S, PoolEntry>();
  return async (server, exchange) => {
    exchange.signal.throwIfAborted();
    const entry = pool.get(server) ?? new PoolEntry(() => open(server));
    pool.set(server, entry);
    for (let tries = 1; ; tries++) {
      const connection = await abortable(entry.connection(), exchange.signal);
      try {
        return await connection.ask(exchange);
      } catch (error) {
        if (!(error instanceof ConnectionEnded)) throw error;
        // One that has answered before only tired of us; it is asked over a new connection.
        if (!connection.hasAnswered || tries === TRIES) {
          throw new TransportFailure('the connection was closed early', { cause: error });
        }
      }
    }
  };
}

class PoolEntry {
  readonly #open: () => Promise<DnsConnection>;
  #current: SharedConnection | null = null;
  #opening: Promise<SharedConnection> | null = null;

  constructor(open: () => Promise<DnsConnection>) {
    this.#open = open;
  }

  /** @throws TransportFailure */
  connection(): Promise<SharedConnection> {
    if (this.#current?.usable) return Promise.resolve(this.#current);
    this.#opening ??= this.#begin();
    return this.#opening;
  }

  async #begin(): Promise<SharedConnection> {
    try {
      this.#current = new SharedConnection(await this.#open());
      return this.#current;
    } finally {
      this.#opening = null;
    }
  }
}

/** A connection that keeps the process alive only while a question is open. */
class SharedConnection {
  readonly #connection: DnsConnection;
  #open = 0;
  /** It takes no more questions, and is closed once the last one is over. */
  #retired = false;

  constructor(connection: DnsConnection) {
    this.#connection = connection;
    connection.unref();
  }

  get usable(): boolean {
    return !this.#retired && this.#connection.usable;
  }

  get hasAnswered(): boolean {
    return this.#connection.heardAt !== null;
  }

  async ask<T>(exchange: DnsExchange<T>): Promise<T> {
    exchange.signal.throwIfAborted();
    if (!this.usable) throw new ConnectionEnded();
    const askedAt = performance.now();
    this.#open++;
    this.#connection.ref();
    try {
      return await this.#connection.exchange(exchange);
    } catch (error) {
      const silent = exchange.signal.aborted && (this.#connection.heardAt ?? 0) < askedAt;
      if (silent && performance.now() - askedAt > timeLimits.deadLink) this.#retired = true;
      throw error;
    } finally {
      this.#open--;
      if (this.#open === 0) this.#rest();
    }
  }

  #rest(): void {
    if (this.usable) this.#connection.unref();
    else this.#connection.destroy();
  }
}
