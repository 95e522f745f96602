/** From a proxy to a socket that leads to it, or through it to a target. */
import type { Socket } from 'node:net';
import { ConnectFailure, type Network, TlsFailure } from '../network.ts';
import { DeadlinePassed, withDeadline } from '../time.ts';
import { certificateTrouble } from '../tls/certificate-trouble.ts';
import { openHttpTunnel } from './http-proxy.ts';
import { notReached, ProxyFailure, type ProxyRequest, tooSlow } from './proxy-failure.ts';
import { type ProxyServer, proxyLabel } from './proxy-url.ts';
import { openSocksTunnel } from './socks-proxy.ts';

export interface ProxyClientSetup {
  /** Reaches the proxy itself. */
  readonly connect: Network['connect'];
  readonly handshake: Network['handshake'];
}

export interface ProxyOptions {
  readonly signal: AbortSignal;
  /** For reaching the proxy, and once more for its reaching the target. */
  readonly deadlineMs: number;
}

/** @throws ProxyFailure or the signal's reason */
export type OpenTunnel = (request: ProxyRequest, options: ProxyOptions) => Promise<Socket>;

export function createTunnels(setup: ProxyClientSetup): OpenTunnel {
  return async (request, options) => {
    const { signal, deadlineMs } = options;
    const socket = await reach(request.proxy, setup, options);
    const overHttp = request.proxy.kind === 'http' || request.proxy.kind === 'https';
    try {
      await withDeadline(deadlineMs, signal, (limited) =>
        (overHttp ? openHttpTunnel : openSocksTunnel)(socket, request, limited),
      );
      return socket;
    } catch (error) {
      socket.destroy();
      signal.throwIfAborted();
      throw error instanceof DeadlinePassed ? tooSlow(request, error.ms) : error;
    }
  };
}

/** A socket to the proxy. */
async function reach(
  proxy: ProxyServer,
  { connect, handshake }: ProxyClientSetup,
  { signal, deadlineMs }: ProxyOptions,
): Promise<Socket> {
  const label = proxyLabel(proxy);
  try {
    const { socket } = await connect(proxy.host, proxy.port, { signal, deadlineMs });
    if (proxy.kind !== 'https') return socket;
    const secured = await withDeadline(deadlineMs, signal, (limited) =>
      handshake(socket, { host: proxy.host, signal: limited, alpn: ['http/1.1'] }),
    );
    const { certificate } = secured.tls;
    if (certificate?.problem === null) return secured.socket;
    secured.socket.destroy();
    throw notReached('unreachable', `${label}: ${certificateTrouble(certificate)}`);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ProxyFailure) throw error;
    if (error instanceof ConnectFailure) throw notReached(reasonAt(error), error.message);
    if (error instanceof TlsFailure) throw notReached('unreachable', error.message);
    if (error instanceof DeadlinePassed) {
      throw notReached('timeout', `${label} did not finish the TLS handshake`);
    }
    throw error;
  }
}

/** That the proxy refuses, or has no address, says nothing of the target. */
function reasonAt({ reason }: ConnectFailure): ConnectFailure['reason'] {
  if (reason === 'no-such-host') return 'dns';
  return reason === 'refused' || reason === 'blocked' ? 'unreachable' : reason;
}
