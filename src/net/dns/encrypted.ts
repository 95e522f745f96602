/**
 * Resolvers that are asked over TLS or HTTPS: how a connection to one is opened, through a proxy
 * where there is one. Nothing is asked before its certificate has proven good.
 */

import type { TLSSocket } from 'node:tls';
import { inSeconds } from '../../model/duration.ts';
import { timeLimits } from '../../model/time-limits.ts';
import type { Connect } from '../connect/connect.ts';
import { ConnectFailure, type TlsFacts, TlsFailure } from '../network.ts';
import { DeadlinePassed, withDeadline } from '../time.ts';
import { certificateTrouble } from '../tls/certificate-trouble.ts';
import type { Handshake } from '../tls/tls.ts';
import { poolConnections } from './connection-pool.ts';
import { DohConnection } from './doh.ts';
import { DotConnection } from './dot.ts';
import type { EncryptedServer } from './servers.ts';
import { type EncryptedTransports, TransportFailure } from './transport.ts';

export interface EncryptedOptions {
  readonly connect: Readonly<Record<EncryptedServer['over'], Connect>>;
  readonly handshake: Handshake;
  /** Runs a task that ends with the session. */
  readonly run: <T>(task: (signal: AbortSignal) => Promise<T>) => Promise<T>;
}

/** Opens nothing before there is a question. */
export function createEncryptedTransports(options: EncryptedOptions): EncryptedTransports {
  return {
    tls: poolConnections(async (server) => new DotConnection(await open(server, options))),
    https: poolConnections(async (server) => {
      const socket = await open(server, options, 'h2');
      const { connect } = await import('node:http2');
      return new DohConnection(server, socket, connect);
    }),
  };
}

/** @throws TransportFailure */
function open(
  server: EncryptedServer,
  options: EncryptedOptions,
  protocol?: 'h2',
): Promise<TLSSocket> {
  return options.run(async (signal) => {
    try {
      return await withDeadline(timeLimits.secureChannel, signal, (limited) =>
        secure(server, options, protocol, limited),
      );
    } catch (error) {
      signal.throwIfAborted();
      throw asTransportFailure(error);
    }
  });
}

async function secure(
  { over, host, port, name }: EncryptedServer,
  { connect, handshake }: EncryptedOptions,
  protocol: string | undefined,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const { socket } = await connect[over](host, port, { signal });
  const alpn = protocol === undefined ? {} : { alpn: [protocol] };
  const { socket: secured, tls } = await handshake(socket, { host: name, signal, ...alpn });
  const trouble = troubleWith(secured, tls, protocol);
  if (trouble === null) return secured;
  secured.destroy();
  throw new TransportFailure(trouble);
}

function troubleWith(
  { alpnProtocol }: TLSSocket,
  { certificate }: TlsFacts,
  protocol: string | undefined,
): string | null {
  const agreed = protocol === undefined || alpnProtocol === protocol;
  return certificateTrouble(certificate) ?? (agreed ? null : NO_HTTP2);
}

const NO_HTTP2 = 'it does not speak HTTP/2, which DNS over HTTPS needs';
/** A server may also say so by ending the handshake (RFC 7301 §3.2). */
const NO_PROTOCOL = /NO_APPLICATION_PROTOCOL$/;

/** What says nothing of the network stays what it is. */
function asTransportFailure(error: unknown): unknown {
  if (error instanceof TlsFailure && NO_PROTOCOL.test(error.code)) {
    return new TransportFailure(NO_HTTP2, { cause: error });
  }
  if (error instanceof ConnectFailure || error instanceof TlsFailure) {
    return new TransportFailure(error.message, { cause: error });
  }
  if (error instanceof DeadlinePassed) {
    return new TransportFailure(`no connection within ${inSeconds(error.ms)}`, { cause: error });
  }
  return error;
}
