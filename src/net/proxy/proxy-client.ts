/** From a proxy to a socket that leads to it, or through it to a target. */
import type { Socket } from 'node:net';
import { ConnectFailure, type Network, TlsFailure } from '../network.ts';
import { DeadlinePassed, withDeadline } from '../time.ts';
import { certificateTrouble } from '../tls/certificate-trouble.ts';
import { openHttpTunnel } from './http-proxy.ts';
import { notReached, ProxyFailure, type ProxyRequest, tooSlow } from './proxy-failure.ts';
import { type ProxyServer, proxyLabel, speaksHttp } from './proxy-url.ts';
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

/** Both throw ProxyFailure or the signal's reason. */
export interface ProxyClient {
  /** A socket to the proxy itself. */
  reach(proxy: ProxyServer, options: ProxyOptions): Promise<Socket>;
  /** A socket that leads to the target. */
  tunnel(request: ProxyRequest, options: ProxyOptions): Promise<Socket>;
}

export function createProxyClient(setup: ProxyClientSetup): ProxyClient {
  return {
    reach: (proxy, options) => reach(proxy, setup, options),
    async tunnel(request, options) {
      const { signal, deadlineMs } = options;
      const socket = await reach(request.proxy, setup, options);
      try {
        await withDeadline(deadlineMs, signal, (limited) =>
          (speaksHttp(request.proxy) ? openHttpTunnel : openSocksTunnel)(socket, request, limited),
        );
        return socket;
      } catch (error) {
        socket.destroy();
        signal.throwIfAborted();
        throw error instanceof DeadlinePassed ? tooSlow(request, error.ms) : error;
      }
    },
  };
}

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
    const trouble = certificateTrouble(secured.tls.certificate);
    if (trouble === null) return secured.socket;
    secured.socket.destroy();
    throw notReached('unreachable', `${label}: ${trouble}`);
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
  const isOwn = reason === 'refused' || reason === 'reset' || reason === 'blocked';
  return isOwn ? 'unreachable' : reason;
}
