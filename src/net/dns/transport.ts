/**
 * How a question gets to a resolver and a reply back: UDP and TCP, or, where the user asks for it,
 * TLS (RFC 7858) and HTTPS (RFC 8484), which never fall back to plaintext.
 */
import { errorCode } from '../error-code.ts';
import type { DnsServer, HttpsServer, PlainServer, TlsServer } from './servers.ts';

/** One question on its way to a resolver. */
export interface DnsExchange<T> {
  readonly query: Buffer;
  /** Judges what came; null is not a reply to this query. */
  readonly accept: (reply: Buffer) => T | null;
  /** Ends the exchange; every deadline is in here. */
  readonly signal: AbortSignal;
}

/**
 * Sends the query once and waits for the reply, leaving no handle behind but connections that
 * further questions will use.
 *
 * @throws TransportFailure when the network says no, the signal's reason when it is aborted
 */
export type Transport<S extends DnsServer = PlainServer> = <T>(
  server: S,
  exchange: DnsExchange<T>,
) => Promise<T>;

export interface Transports {
  readonly udp: Transport;
  readonly tcp: Transport;
  readonly tls: Transport<TlsServer>;
  readonly https: Transport<HttpsServer>;
}

export type EncryptedTransports = Pick<Transports, 'tls' | 'https'>;

export class TransportFailure extends Error {
  /** What answered was no reply to the question; default false, nothing answered. */
  readonly misread: boolean;

  constructor(message: string, options: ErrorOptions & { readonly misread?: boolean } = {}) {
    super(message, options);
    this.name = 'TransportFailure';
    this.misread = options.misread ?? false;
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
  const code = errorCode(error) || 'unknown error';
  return new TransportFailure(MEANINGS[code] ?? code, { cause: error });
}
