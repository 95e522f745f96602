/** Connections that go through a proxy, under the connection limits and the policy of direct ones. */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP, isIPv4, type Socket } from 'node:net';
import type { Target } from '../connect/connect-target.ts';
import { ConnectionSlots } from '../connect/connection-slots.ts';
import { type AttemptReason, FailureCache } from '../connect/failure-cache.ts';
import { ConnectFailure, type Connection, type HostAnswer } from '../network.ts';
import { forwardingFailure, proxyAuthorization } from './http-proxy.ts';
import type { ProxyClient, ProxyOptions } from './proxy-client.ts';
import { ProxyFailure, type ProxyRequest, remembered } from './proxy-failure.ts';
import { type ProxyServer, speaksHttp } from './proxy-url.ts';

export interface ProxyConnectorSetup {
  /** Null for a target that is reached directly. */
  readonly findProxy: (target: Target) => ProxyServer | null;
  readonly client: ProxyClient;
  /** For http:// URLs, which an HTTP proxy fetches itself. */
  readonly forwards: boolean;
  /**
   * What our own DNS knows of a host. Asked only when a proxy could not connect, since few proxies
   * tell a name that does not exist from a server that is down. Default: nothing is asked.
   */
  readonly lookUp?: (host: string, signal: AbortSignal) => Promise<HostAnswer>;
  /** Addresses that names from the network must not lead us to. */
  readonly isForbidden: (address: string) => boolean;
  /** Only IPv4, or only IPv6, as far as we can tell. */
  readonly family?: 4 | 6;
}

export interface ProxyConnectorOptions extends ProxyOptions {
  readonly limited: boolean;
}

/** A connection that leads to the target, or to a proxy that is asked for the target's URLs. */
export interface ProxiedConnection extends Connection {
  /** Present where the request has to name the whole URL. */
  readonly forwarding?: Forwarding;
}

export interface Forwarding {
  /** What the proxy wants besides the request's own. */
  readonly headers: Readonly<Record<string, string>>;
  /** @throws ConnectFailure when the proxy has answered in place of the target */
  check(status: number, headers: IncomingHttpHeaders): Promise<void>;
}

/** @returns null when there is no proxy for the target; the promise throws ConnectFailure */
export type ProxyConnector = (
  target: Target,
  options: ProxyConnectorOptions,
) => Promise<ProxiedConnection> | null;

/** Each has its own slots and failure cache, by name, since the proxy alone knows addresses. */
export function createProxyConnector(setup: ProxyConnectorSetup): ProxyConnector {
  const slots = new ConnectionSlots();
  const failures = new FailureCache();

  async function connect(
    request: ProxyRequest,
    { limited, ...options }: ProxyConnectorOptions,
  ): Promise<ProxiedConnection> {
    const { proxy, target } = request;
    const { host, port } = target;
    checkTarget(target, setup);
    // A URL has no room for another place than its own, so --connect-to needs a tunnel.
    if (setup.forwards && speaksHttp(proxy) && !target.redirected) {
      return forward(request, options, setup);
    }
    if (!limited) return { socket: await tunnel(request, options, setup), address: host, port };
    const atOnce = target.chosen ? Number.POSITIVE_INFINITY : undefined;
    const release = await slots.acquire(host, port, options.signal, atOnce);
    try {
      const known = failures.recall(host, port);
      if (known !== null) throw remembered(request, known);
      const socket = await tunnel(request, options, setup);
      socket.once('close', release);
      return { socket, address: host, port };
    } catch (error) {
      release();
      if (error instanceof ProxyFailure && !error.atProxy && isAttempt(error.reason)) {
        failures.remember(host, port, error.reason);
      }
      throw error;
    }
  }

  return (target, options) => {
    const proxy = setup.findProxy(target);
    return proxy === null ? null : connect({ proxy, target }, options);
  };
}

/** @throws ConnectFailure or the signal's reason */
async function forward(
  request: ProxyRequest,
  options: ProxyOptions,
  setup: ProxyConnectorSetup,
): Promise<ProxiedConnection> {
  const { proxy, target } = request;
  const forwarding: Forwarding = {
    headers: proxyAuthorization(proxy),
    async check(status, headers) {
      const failure = forwardingFailure(request, status, headers);
      if (failure !== null) throw await withOurDns(failure, target, setup, options.signal);
    },
  };
  const socket = await setup.client.reach(proxy, options);
  return { socket, address: target.host, port: target.port, forwarding };
}

/** @throws ConnectFailure or the signal's reason */
async function tunnel(
  request: ProxyRequest,
  options: ProxyOptions,
  setup: ProxyConnectorSetup,
): Promise<Socket> {
  try {
    return await setup.client.tunnel(request, options);
  } catch (error) {
    throw await withOurDns(error, request.target, setup, options.signal);
  }
}

/** A failure, made clearer where our own DNS knows that the host does not exist. */
async function withOurDns(
  error: unknown,
  { host }: Target,
  { lookUp }: ProxyConnectorSetup,
  signal: AbortSignal,
): Promise<unknown> {
  const unclear = error instanceof ProxyFailure && error.reason === 'unreachable';
  if (!unclear || error.atProxy || !lookUp) return error;
  const { kind } = await lookUp(host, signal);
  if (kind !== 'none') return error;
  const message = `${host} does not exist or has no addresses, and ${error.message}`;
  return new ConnectFailure('no-such-host', message, true);
}

/** @throws ConnectFailure */
function checkTarget(target: Target, { isForbidden, family }: ProxyConnectorSetup): void {
  const { host, shown, exempt } = target;
  if (!exempt && isForbiddenRemotely(host, isForbidden)) {
    throw new ConnectFailure('blocked', `${shown} leads to a forbidden address`, false);
  }
  if (family !== undefined && isIP(host) !== 0 && isIPv4(host) !== (family === 4)) {
    throw new ConnectFailure('no-such-host', `${host} has no IPv${family} address`, false);
  }
}

/** Names that many hosts files give to the machine itself, which would be the proxy's. */
const OWN_NAMES =
  /^(?:(?:.+\.)?localhost|localhost[46]?\.localdomain[46]?|localhost[46]|ip6-(?:localhost|loopback))$/;
/** Old functions of C libraries take such names for IPv4 addresses: `0x7f000001`, `127.0x1`. */
const NUMBER = /(?:^|\.)(?:0x[0-9a-f]*|\d+)$/;

/**
 * Whether a proxy must not be asked for a host on a stranger's word. What a name leads to is seen
 * by the proxy alone, so names can be refused only where they can mean nothing good.
 */
function isForbiddenRemotely(host: string, isForbidden: (address: string) => boolean): boolean {
  if (isIP(host) !== 0) return isForbidden(host);
  return OWN_NAMES.test(host) || NUMBER.test(host);
}

function isAttempt(reason: string): reason is AttemptReason {
  return reason === 'refused' || reason === 'timeout' || reason === 'unreachable';
}
