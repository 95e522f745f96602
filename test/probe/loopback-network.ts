/** The real connecting and the real TLS, on a network where every name is a machine on loopback. */
import type { Socket } from 'node:net';
import { createConnector } from '../../src/net/connect/connect.ts';
import type { ConnectToRule } from '../../src/net/connect/connect-to.ts';
import type { DnsRecords, DnsType, HostAnswer, Network } from '../../src/net/network.ts';
import { createHandshake } from '../../src/net/tls/tls.ts';
import { createTrustStore } from '../../src/net/tls/trust-store.ts';

export interface LoopbackNetwork extends Network {
  /** Every socket that was ever made, TLS on top of TCP counted apart. */
  readonly sockets: readonly Socket[];
  /** The names that were looked up. */
  readonly lookups: readonly string[];
}

export interface LoopbackOptions {
  readonly caPem?: string;
  /** Answers for single names; all others are at 127.0.0.1. */
  readonly hosts?: Readonly<Record<string, HostAnswer | Promise<never>>>;
  /** `example.com MX` → records; all others do not exist. */
  readonly zone?: Readonly<Record<string, readonly unknown[]>>;
  readonly isForbidden?: (address: string) => boolean;
  readonly connectTo?: readonly ConnectToRule[];
}

export function loopbackNetwork(options: LoopbackOptions = {}): LoopbackNetwork {
  const { caPem, hosts = {}, zone = {}, isForbidden = () => false, connectTo = [] } = options;
  const sockets: Socket[] = [];
  const lookups: string[] = [];
  const onSocket = (socket: Socket): void => void sockets.push(socket);
  const resolveHost = (host: string, signal: AbortSignal): Promise<HostAnswer> => {
    lookups.push(host);
    const answer = hosts[host] ?? { kind: 'addresses', addresses: ['127.0.0.1'] };
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      Promise.resolve(answer).then(resolve, reject);
    });
  };
  const trust = createTrustStore({ cacerts: caPem === undefined ? [] : [caPem] });
  const unused = (): never => {
    throw new Error('a probe does not need this');
  };
  return {
    sockets,
    lookups,
    resolveHost,
    connect: createConnector({ resolveHost, isForbidden, connectTo, onSocket }),
    handshake: createHandshake({ trust, onSocket }),
    redirected: () => null,
    dns: {
      async query<T extends DnsType>(name: string, type: T, signal: AbortSignal) {
        signal.throwIfAborted();
        const records = zone[`${name} ${type}`] as readonly DnsRecords[T][] | undefined;
        if (records) return { kind: 'records', records, ttl: 60, authentic: false };
        return { kind: 'none', reason: 'nxdomain', detail: 'NXDOMAIN', authentic: false };
      },
    },
    fetch: unused,
    close: unused,
  };
}
