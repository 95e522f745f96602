/** From a proxy and a target to a socket that leads there, or a failure that says whose it is. */
import type { Socket } from 'node:net';
import { hostPort } from '../../model/endpoint.ts';
import type { Target } from '../connect/connect-target.ts';
import { ConnectFailure, type Network, TlsFailure } from '../network.ts';
import { DeadlinePassed, withDeadline } from '../time.ts';
import { certificateTrouble } from '../tls/certificate-trouble.ts';
import { openHttpTunnel } from './http-tunnel.ts';
import { type ProxyServer, proxyLabel, speaksHttp } from './proxy-url.ts';
import type { TunnelAnswer } from './tunnel-answer.ts';

export interface TunnelSetup {
  /** Reaches the proxy itself. */
  readonly connect: Network['connect'];
  readonly handshake: Network['handshake'];
}

export interface TunnelOptions {
  readonly signal: AbortSignal;
  /** For reaching the proxy, and once more for its reaching the target. */
  readonly deadlineMs: number;
  /** Only to the proxy, where it speaks HTTP: it is asked in absolute form. */
  readonly forward?: boolean;
}

/** @throws TunnelFailure or the signal's reason */
export type Tunnel = (
  proxy: ProxyServer,
  target: Target,
  options: TunnelOptions,
) => Promise<Socket>;

/** A connection that failed behind a proxy, or at it. */
export class TunnelFailure extends ConnectFailure {
  override readonly name: string = 'TunnelFailure';
  /** The proxy itself is the trouble, so nothing is known of the target. */
  readonly atProxy: boolean;

  constructor(failure: Pick<ConnectFailure, 'reason' | 'message'>, atProxy: boolean) {
    super(failure.reason, failure.message, !atProxy && failure.reason === 'refused');
    this.atProxy = atProxy;
  }
}

export function createTunnel(setup: TunnelSetup): Tunnel {
  return async (proxy, target, { signal, deadlineMs, forward = false }) => {
    const socket = await reach(proxy, setup, { signal, deadlineMs });
    if (forward && speaksHttp(proxy)) return socket;
    try {
      const answer = await withDeadline(deadlineMs, signal, (limited) =>
        negotiate(socket, proxy, target, limited),
      );
      if (answer.kind === 'open') return socket;
      throw failureOf(answer, proxy, target);
    } catch (error) {
      socket.destroy();
      signal.throwIfAborted();
      if (!(error instanceof DeadlinePassed)) throw error;
      const message = `the proxy ${proxyLabel(proxy)} did not connect to ${target.shown} within ${error.ms / 1000} s`;
      throw new TunnelFailure({ reason: 'timeout', message }, false);
    }
  };
}

async function negotiate(
  socket: Socket,
  proxy: ProxyServer,
  { host, port }: Target,
  signal: AbortSignal,
): Promise<TunnelAnswer> {
  if (speaksHttp(proxy)) {
    return openHttpTunnel(socket, proxy, hostPort(host, port), signal);
  }
  const { openSocksTunnel } = await import('./socks-tunnel.ts');
  return openSocksTunnel(socket, proxy, { host, port }, signal);
}

/** A socket to the proxy. */
async function reach(
  proxy: ProxyServer,
  { connect, handshake }: TunnelSetup,
  { signal, deadlineMs }: TunnelOptions,
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
    throw atProxy('unreachable', `${label}: ${trouble}`);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TunnelFailure) throw error;
    if (error instanceof ConnectFailure) throw atProxy(reasonAt(error), error.message);
    if (error instanceof TlsFailure) throw atProxy('unreachable', error.message);
    if (error instanceof DeadlinePassed) {
      throw atProxy('timeout', `${label} did not finish the TLS handshake`);
    }
    throw error;
  }
}

/** That the proxy refuses, or has no address, says nothing of the target. */
function reasonAt({ reason }: ConnectFailure): ConnectFailure['reason'] {
  if (reason === 'no-such-host') return 'dns';
  return reason === 'refused' || reason === 'blocked' ? 'unreachable' : reason;
}

function atProxy(reason: ConnectFailure['reason'], what: string): TunnelFailure {
  return new TunnelFailure({ reason, message: `the proxy ${what}` }, true);
}

function failureOf(
  answer: Exclude<TunnelAnswer, { kind: 'open' }>,
  proxy: ProxyServer,
  { shown }: Target,
): TunnelFailure {
  const label = proxyLabel(proxy);
  if (answer.kind === 'declined') {
    return atProxy('unreachable', `${label} ${answer.detail} (asked for ${shown})`);
  }
  const { reason, detail } = answer;
  const message =
    reason === 'refused'
      ? `${shown} refused the connection (through the proxy ${label})`
      : `the proxy ${label} could not connect to ${shown} (${detail})`;
  return new TunnelFailure({ reason, message }, false);
}
