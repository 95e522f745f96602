/** TCP connections: from a host's name to one connected socket, or one typed failure. */

import { isIP, isIPv4, type Socket } from 'node:net';
import { inSeconds } from '../../model/duration.ts';
import { printable } from '../../model/printable.ts';
import { timeLimits } from '../../model/time-limits.ts';
import { ConnectFailure, type ConnectFailureReason, type ConnectOptions } from '../network.ts';
import type { ProxiedConnection, ProxyConnector } from '../proxy/proxy-connector.ts';
import { type ConnectionLimits, raceAddresses } from './connect-race.ts';
import { findTarget, type Target } from './connect-target.ts';
import type { ConnectToRule } from './connect-to.ts';
import { ConnectionSlots } from './connection-slots.ts';
import { type AttemptFailure, type AttemptReason, FailureCache } from './failure-cache.ts';
import type { HostResolver } from './host-addresses.ts';

export interface ConnectorOptions {
  readonly resolveHost: HostResolver;
  /** Addresses that names from the network must not lead us to. */
  readonly isForbidden: (address: string) => boolean;
  readonly connectTo?: readonly ConnectToRule[];
  /** Only IPv4, or only IPv6. */
  readonly family?: 4 | 6;
  /** For those targets that are reached through a proxy. */
  readonly proxyConnector?: ProxyConnector;
  /** Told of every socket when it is made. */
  readonly onSocket?: (socket: Socket) => void;
}

export type Connect = (
  host: string,
  port: number,
  options: ConnectOptions,
) => Promise<ProxiedConnection>;

/** Each connector has its own slots and its own memory of places that did not answer. */
export function createConnector(options: ConnectorOptions): Connect {
  const limits: ConnectionLimits = { slots: new ConnectionSlots(), failures: new FailureCache() };
  return (host, port, connectOptions) => connect(host, port, connectOptions, options, limits);
}

async function connect(
  name: string,
  port: number,
  {
    signal,
    deadlineMs = timeLimits.connect,
    limited = false,
    avoid = [],
    named = false,
  }: ConnectOptions,
  options: ConnectorOptions,
  limits: ConnectionLimits,
): Promise<ProxiedConnection> {
  signal.throwIfAborted();
  const target = findTarget(name, port, options.connectTo ?? [], named);
  const proxied = options.proxyConnector?.(target, { signal, deadlineMs, limited });
  if (proxied) return proxied;
  const timeFactor = Math.max(1, deadlineMs / timeLimits.connect);
  const answer = await options.resolveHost(target.host, signal, timeFactor);
  signal.throwIfAborted();
  if (answer.kind === 'none') {
    const { detail } = answer;
    const message = `${target.host} ${detail ? `has no addresses: ${detail}` : 'does not exist or has no addresses'}`;
    throw new ConnectFailure('no-such-host', message, true);
  }
  if (answer.kind === 'failed') {
    const message = `could not look up ${target.host}: ${printable(answer.detail, 200)}`;
    throw new ConnectFailure('dns', message, answer.reached);
  }

  const filter = new AddressFilter(options, target, avoid);
  const addresses = filter.pass(answer.addresses);
  const result = await raceAddresses({
    addresses,
    secondFamily: answer.secondFamily?.then((addresses) => filter.pass(addresses)) ?? null,
    port: target.port,
    deadlineMs,
    signal,
    // Many hosts may be led to one machine by `--connect-to`, which must not slow them down.
    limits: limited ? { ...limits, ...(target.chosen && { atOnce: Infinity }) } : null,
    onSocket: options.onSocket ?? (() => {}),
  });
  if (result.kind === 'connected') {
    const hasOthers = addresses.length > 1 || answer.secondFamily !== undefined;
    return { socket: result.socket, address: result.address, port: target.port, hasOthers };
  }
  if (result.failures.length > 0) throw connectFailure(result.failures, target, deadlineMs);
  throw filter.failure();
}

/** Lets through the addresses that may be connected to, and knows why others were kept back. */
class AddressFilter {
  readonly #options: ConnectorOptions;
  readonly #target: Target;
  readonly #avoid: readonly string[];
  readonly #forbidden: string[] = [];

  constructor(options: ConnectorOptions, target: Target, avoid: readonly string[]) {
    this.#options = options;
    this.#target = target;
    this.#avoid = avoid;
  }

  pass(addresses: readonly string[]): readonly string[] {
    const { family, isForbidden } = this.#options;
    return addresses.filter((address) => {
      // Anything else would be looked up once more, past the policy.
      if (isIP(address) === 0 || this.#avoid.includes(address)) return false;
      if (family !== undefined && isIPv4(address) !== (family === 4)) return false;
      if (this.#target.exempt || !isForbidden(address)) return true;
      this.#forbidden.push(address);
      return false;
    });
  }

  failure(): ConnectFailure {
    const { host, shown } = this.#target;
    const reached = isIP(host) === 0;
    if (this.#forbidden.length === 0) {
      const { family } = this.#options;
      const message = `${host} has no ${family === undefined ? '' : `IPv${family} `}address`;
      return new ConnectFailure('no-such-host', message, reached);
    }
    const addresses = list(this.#forbidden);
    const message = `${shown} leads to a forbidden address (${addresses})`;
    return new ConnectFailure('blocked', message, reached);
  }
}

/** The most telling first. */
const TELLING: readonly AttemptReason[] = ['reset', 'refused', 'timeout', 'unreachable'];

function connectFailure(
  failures: readonly AttemptFailure[],
  { shown }: Target,
  deadlineMs: number,
): ConnectFailure {
  const reason: ConnectFailureReason & AttemptReason =
    TELLING.find((candidate) => failures.some((failure) => failure.reason === candidate)) ??
    'unreachable';
  const addresses = list(
    failures.filter((failure) => failure.reason === reason).map(({ address }) => address),
  );
  const message = {
    reset: `${shown} accepted the connection and hung up (${addresses})`,
    refused: `${shown} refused the connection (${addresses})`,
    timeout: `${shown} did not answer within ${inSeconds(deadlineMs)} (${addresses})`,
    unreachable: `${shown} cannot be reached from here (${addresses})`,
  }[reason];
  const tried = failures.map(({ address }) => address);
  return new ConnectFailure(reason, message, reason === 'refused' || reason === 'reset', tried);
}

const SHOWN = 4;

function list(addresses: readonly string[]): string {
  const shown = addresses.slice(0, SHOWN).join(', ');
  return addresses.length > SHOWN ? `${shown} and ${addresses.length - SHOWN} more` : shown;
}
