/**
 * The stub resolver: name and type in, records out; remembers answers for as long as they hold.
 */
import { timeLimits } from '../../model/time-limits.ts';
import type { DnsAnswer, DnsClient, DnsType } from '../network.ts';
import { SharedCache } from '../shared-cache.ts';
import { follow, type TimedAnswer } from './follow.ts';
import { foldName, isAskable } from './names.ts';
import { ServerOrder } from './server-order.ts';
import type { DnsServer } from './servers.ts';
import { tcp } from './tcp.ts';
import { TransportFailure, type Transports } from './transport.ts';
import { udp } from './udp.ts';

export interface DnsClientOptions {
  /** In the order to ask them. */
  readonly servers: readonly DnsServer[];
  /** For one question with its aliases and retries, in ms. */
  readonly deadlineMs?: number;
  /** How long a resolver may be silent before the next one is asked as well, in ms. */
  readonly retryMs?: number;
  /** Most answers kept for each type. Default 2000. */
  readonly maxKept?: number;
  /** Milliseconds, any origin; how long answers hold is measured by it. */
  readonly now?: () => number;
  /** Default: over UDP and TCP. */
  readonly transports?: Transports;
}

const PLAIN: Transports = { udp, tcp, tls: unavailable, https: unavailable };

async function unavailable(): Promise<never> {
  throw new TransportFailure('no encrypted transport was set up');
}

const question = timeLimits.dnsQuestion;

type Caches = { readonly [T in DnsType]: SharedCache<TimedAnswer<T>> };

export function createDnsClient(options: DnsClientOptions): DnsClient {
  const { deadlineMs = question.deadline, retryMs = question.retry, maxKept = 2000 } = options;
  const now = options.now ?? (() => performance.now());
  const transports = options.transports ?? PLAIN;
  const order = new ServerOrder(options.servers, now);
  const caches: Caches = {
    A: new SharedCache(maxKept, now),
    AAAA: new SharedCache(maxKept, now),
    MX: new SharedCache(maxKept, now),
    SRV: new SharedCache(maxKept, now),
    TXT: new SharedCache(maxKept, now),
    CNAME: new SharedCache(maxKept, now),
    PTR: new SharedCache(maxKept, now),
  };
  return {
    async query<T extends DnsType>(
      name: string,
      type: T,
      signal: AbortSignal,
    ): Promise<DnsAnswer<T>> {
      const asked = foldName(name);
      if (!isAskable(asked)) {
        return { kind: 'none', reason: 'nxdomain', detail: 'no possible name', authentic: false };
      }
      const { answer } = await caches[type].get(
        asked,
        signal,
        (shared) => follow(asked, type, { order, transports, retryMs }, deadlineMs, shared),
        ({ ttl }) => ttl * 1000,
      );
      return answer;
    },
  };
}
