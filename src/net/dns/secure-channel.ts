/** TLS connections to a resolver; nothing is asked before its certificate has proven good. */
import type { TLSSocket } from 'node:tls';
import { timeLimits } from '../../model/time-limits.ts';
import type { Connect } from '../connect/connect.ts';
import { ConnectFailure, TlsFailure } from '../network.ts';
import { DeadlinePassed, withDeadline } from '../time.ts';
import { certificateTrouble } from '../tls/certificate-trouble.ts';
import type { Handshake } from '../tls/tls.ts';
import type { EncryptedServer } from './encrypted-servers.ts';
import { TransportFailure } from './transport.ts';

export interface SecureChannelOptions {
  readonly connect: Readonly<Record<EncryptedServer['over'], Connect>>;
  readonly handshake: Handshake;
  /** Runs a task that ends with the session. */
  readonly run: <T>(task: (signal: AbortSignal) => Promise<T>) => Promise<T>;
}

/** @throws TransportFailure */
export type OpenChannel = (server: EncryptedServer, alpn?: readonly string[]) => Promise<TLSSocket>;

export function createSecureChannel(options: SecureChannelOptions): OpenChannel {
  const { run } = options;
  return (server, alpn) =>
    run(async (signal) => {
      try {
        return await withDeadline(timeLimits.secureChannel, signal, (limited) =>
          open(server, alpn, options, limited),
        );
      } catch (error) {
        signal.throwIfAborted();
        throw asTransportFailure(error);
      }
    });
}

async function open(
  { over, host, port, name }: EncryptedServer,
  alpn: readonly string[] | undefined,
  { connect, handshake }: SecureChannelOptions,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const { socket } = await connect[over](host, port, { signal });
  const secured = await handshake(socket, { host: name, signal, ...(alpn && { alpn }) });
  const trouble = certificateTrouble(secured.tls.certificate);
  if (trouble === null) return secured.socket;
  secured.socket.destroy();
  throw new TransportFailure(trouble);
}

/** What says nothing of the network stays what it is. */
function asTransportFailure(error: unknown): unknown {
  if (error instanceof ConnectFailure || error instanceof TlsFailure) {
    return new TransportFailure(error.message, { cause: error });
  }
  if (error instanceof DeadlinePassed) {
    return new TransportFailure(`no connection within ${error.ms / 1000} s`, { cause: error });
  }
  return error;
}
