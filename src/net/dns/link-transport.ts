/**
 * Questions over connections that are kept: each resolver has one link, which is opened at the
 * first question, serves all that come, and is opened anew when it has ended. Opening is shared,
 * and goes on when a question is called off, since the next one will want it.
 */
import { abortable } from '../time.ts';
import type { EncryptedServer } from './encrypted-servers.ts';
import { type Exchange, type Transport, TransportFailure } from './transport.ts';

export interface Link {
  /** Whether it takes another question. */
  readonly usable: boolean;
  /** When it last brought something, as `performance.now()`; null when it never did. */
  readonly heardAt: number | null;
  /** @throws HungUp, TransportFailure, or the signal's reason */
  ask<T>(asking: Lookups<T>): Promise<T>;
  /** Takes no more questions, and closes once the last one is over. */
  retire(): void;
}

export type Lookups<T> = Pick<Exchange<T>, 'query' | 'accept' | 'signal'>;

/** The connection ended while a question was open. */
export class HungUp extends Error {
  override readonly name: string = 'HungUp';
}

/** A server may end a connection whenever it likes (RFC 7766 §6.2.4), perhaps after every answer. */
const TRIES = 4;
/** Unanswered for so long, with nothing else heard, a connection may have gone dead unnoticed. */
const SUSPICIOUS_MS = 1000;

/** @param open throws TransportFailure; ends with the session, and by a deadline of its own */
export function createLinkTransport<S extends EncryptedServer>(
  open: (server: S) => Promise<Link>,
): Transport<S> {
  // By resolver and not by its label: two may share a host, and differ in their path or name.
  const lanes = new Map<S, Lane>();
  return async ({ server, query, accept, signal }) => {
    signal.throwIfAborted();
    const lane = lanes.get(server) ?? new Lane(() => open(server));
    lanes.set(server, lane);
    for (let tries = 1; ; tries++) {
      const link = await abortable(lane.link(), signal);
      try {
        return await askOver(link, { query, accept, signal });
      } catch (error) {
        if (!(error instanceof HungUp)) throw error;
        // One that has answered before only tired of us; it is asked over a new connection.
        if (link.heardAt === null || tries === TRIES) {
          throw new TransportFailure('the connection was closed early', { cause: error });
        }
      }
    }
  };
}

class Lane {
  readonly #open: () => Promise<Link>;
  #link: Link | null = null;
  #opening: Promise<Link> | null = null;

  constructor(open: () => Promise<Link>) {
    this.#open = open;
  }

  /** @throws TransportFailure */
  link(): Promise<Link> {
    if (this.#link?.usable) return Promise.resolve(this.#link);
    this.#opening ??= this.#begin();
    return this.#opening;
  }

  async #begin(): Promise<Link> {
    try {
      this.#link = await this.#open();
      return this.#link;
    } finally {
      this.#opening = null;
    }
  }
}

async function askOver<T>(link: Link, asking: Lookups<T>): Promise<T> {
  const askedAt = performance.now();
  try {
    return await link.ask(asking);
  } catch (error) {
    const silent = asking.signal.aborted && (link.heardAt ?? 0) < askedAt;
    if (silent && performance.now() - askedAt > SUSPICIOUS_MS) link.retire();
    throw error;
  }
}
