/**
 * How a question gets to a resolver and a reply back. UDP and TCP are here; TLS (RFC 7858) and
 * HTTPS (RFC 8484) are further transports of the same shape.
 */
import type { DnsServer } from './servers.ts';

export interface Exchange<T> {
  readonly server: DnsServer;
  readonly query: Buffer;
  /** Judges what came; null is not a reply to this query. */
  readonly accept: (reply: Buffer) => T | null;
  /** Ends the exchange; every deadline is in here. */
  readonly signal: AbortSignal;
}

/**
 * Sends the query once and waits for the reply, leaving no handle behind.
 *
 * @throws TransportFailure when the network says no, the signal's reason when it is aborted
 */
export type Transport = <T>(exchange: Exchange<T>) => Promise<T>;

export class TransportFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TransportFailure';
  }
}

const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was reset',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ENETDOWN: 'network down',
  EADDRNOTAVAIL: 'network unreachable',
  EAFNOSUPPORT: 'network unreachable',
  EACCES: 'not permitted',
  EPERM: 'not permitted',
};

/** A socket's error in words. */
export function transportFailure(error: NodeJS.ErrnoException): TransportFailure {
  const code = error.code ?? 'unknown error';
  return new TransportFailure(MEANINGS[code] ?? code, { cause: error });
}
