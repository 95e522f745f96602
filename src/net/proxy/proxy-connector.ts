/** Connections that go through a proxy, under the limits and the policy of direct ones. */
import { isIP, isIPv4, type Socket } from 'node:net';
import type { Target } from '../connect/connect-target.ts';
import { ConnectionSlots } from '../connect/connection-slots.ts';
import { type AttemptReason, FailureCache } from '../connect/failure-cache.ts';
import { ConnectFailure, type Connection, type HostAnswer } from '../network.ts';
import { type ProxyServer, proxyAuthorization, proxyLabel, speaksHttp } from './proxy-url.ts';
import { isForbiddenRemotely } from './remote-hosts.ts';
import { type Tunnel, TunnelFailure, type TunnelOptions } from './tunnel.ts';

export interface DetourSetup {
  /** Null for a target that is reached directly. */
  readonly findProxy: (target: Target) => ProxyServer | null;
  readonly tunnel: Tunnel;
  /**
   * What our own DNS knows of a host. Asked only when a proxy could not connect, since few proxies
   * tell a name that does not exist from a server that is down. Default: nothing is asked.
   */
  readonly lookUp?: (host: string, signal: AbortSignal) => Promise<HostAnswer>;
  /** Addresses that names from the network must not lead us to. */
  readonly isForbidden: (address: string) => boolean;
  /** For plain HTTP: a proxy that speaks HTTP takes the requests itself. */
  readonly forward?: boolean;
  /** Only IPv4, or only IPv6, as far as we can tell. */
  readonly family?: 4 | 6;
}

export interface DetourOptions extends TunnelOptions {
  readonly limited: boolean;
}

/** @returns null when there is no proxy for the target; the promise throws ConnectFailure */
export type Detour = (target: Target, options: DetourOptions) => Promise<Connection> | null;

/** Each detour has its own slots and failures, by name, since the proxy alone knows addresses. */
export function createDetour(setup: DetourSetup): Detour {
  const slots = new ConnectionSlots();
  const failures = new FailureCache();

  async function connect(
    proxy: ProxyServer,
    target: Target,
    { limited, ...options }: DetourOptions,
  ): Promise<Connection> {
    checkTarget(target, setup);
    const { host, port } = target;
    const { forward = false } = setup;
    const tunnel = (): Promise<Socket> => open(proxy, target, { ...options, forward }, setup);
    if (!limited) {
      const reached = connection(await tunnel(), target);
      if (!forward || !speaksHttp(proxy)) return reached;
      const authorization = proxyAuthorization(proxy);
      return { ...reached, forwardProxy: { label: proxyLabel(proxy), authorization } };
    }
    const atOnce = target.chosen ? Number.POSITIVE_INFINITY : undefined;
    const release = await slots.acquire(host, port, options.signal, atOnce);
    try {
      const known = failures.recall(host, port);
      if (known !== null) throw remembered(known, proxy, target);
      const socket = await tunnel();
      socket.once('close', release);
      return connection(socket, target);
    } catch (error) {
      release();
      if (error instanceof TunnelFailure && !error.atProxy) {
        if (isAttempt(error.reason)) failures.remember(host, port, error.reason);
      }
      throw error;
    }
  }

  return (target, options) => {
    const proxy = setup.findProxy(target);
    return proxy === null ? null : connect(proxy, target, options);
  };
}

/** @throws ConnectFailure or the signal's reason */
async function open(
  proxy: ProxyServer,
  target: Target,
  options: TunnelOptions,
  { tunnel, lookUp }: DetourSetup,
): Promise<Socket> {
  try {
    return await tunnel(proxy, target, options);
  } catch (error) {
    const unclear = error instanceof TunnelFailure && error.reason === 'unreachable';
    if (!unclear || error.atProxy || !lookUp) throw error;
    const { kind } = await lookUp(target.host, options.signal);
    if (kind !== 'none') throw error;
    const message = `${target.host} does not exist or has no addresses, and ${error.message}`;
    throw new ConnectFailure('no-such-host', message, true);
  }
}

/** @throws ConnectFailure */
function checkTarget(target: Target, { isForbidden, family }: DetourSetup): void {
  const { host, shown, chosen } = target;
  if (!chosen && isForbiddenRemotely(host, isForbidden)) {
    throw new ConnectFailure('blocked', `${shown} leads to a forbidden address`, false);
  }
  if (family !== undefined && isIP(host) !== 0 && isIPv4(host) !== (family === 4)) {
    throw new ConnectFailure('no-such-host', `${host} has no IPv${family} address`, false);
  }
}

function connection(socket: Socket, { host, port }: Target): Connection {
  return { socket, address: host, port };
}

function isAttempt(reason: string): reason is AttemptReason {
  return reason === 'refused' || reason === 'timeout' || reason === 'unreachable';
}

function remembered(reason: AttemptReason, proxy: ProxyServer, { shown }: Target): ConnectFailure {
  const message = {
    refused: `${shown} refused the connection a moment ago`,
    timeout: `${shown} did not answer a moment ago`,
    unreachable: `${shown} could not be reached a moment ago`,
  }[reason];
  const through = `${message} (through the proxy ${proxyLabel(proxy)})`;
  return new TunnelFailure({ reason, message: through }, false);
}
