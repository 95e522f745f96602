/**
 * The stub resolver: name and type in, records out; remembers answers for as long as they hold.
 */
import { timeLimits } from '../../model/time-limits.ts';
import type { DnsAnswer, DnsClient, DnsType } from '../network.ts';
import { SharedCache } from '../shared-cache.ts';
import { askResolvers, type ResolverOptions } from './failover.ts';
import { interpret } from './interpret.ts';
import { ServerOrder } from './server-order.ts';
import type { DnsServer } from './servers.ts';
import { tcp } from './tcp.ts';
import { type EncryptedTransports, TransportFailure } from './transport.ts';
import { udp } from './udp.ts';
import { foldName, isAskable } from './wire.ts';

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
  /** Default: only UDP and TCP. */
  readonly encrypted?: EncryptedTransports;
}

const NOT_ENCRYPTED: EncryptedTransports = { tls: unavailable, https: unavailable };

async function unavailable(): Promise<never> {
  throw new TransportFailure('no encrypted transport was set up');
}

/** An answer, and for how long it holds: absence has a lifetime as well (RFC 2308). */
interface TimedAnswer<T extends DnsType> {
  readonly answer: DnsAnswer<T>;
  /** Seconds. */
  readonly ttl: number;
}

const question = timeLimits.dnsQuestion;

type Caches = { readonly [T in DnsType]: SharedCache<TimedAnswer<T>> };

export function createDnsClient(options: DnsClientOptions): DnsClient {
  const { deadlineMs = question.deadline, retryMs = question.retry, maxKept = 2000 } = options;
  const now = options.now ?? (() => performance.now());
  const transports = { udp, tcp, ...(options.encrypted ?? NOT_ENCRYPTED) };
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
      timeFactor = 1,
    ): Promise<DnsAnswer<T>> {
      const asked = foldName(name);
      if (!isAskable(asked)) {
        return { kind: 'none', reason: 'nxdomain', detail: 'no possible name', authentic: false };
      }
      const { answer } = await caches[type].get(
        asked,
        signal,
        (shared) =>
          follow(asked, type, { order, transports, retryMs }, deadlineMs * timeFactor, shared),
        ({ ttl }) => ttl * 1000,
      );
      return answer;
    },
  };
}

/**
 * Asks to the end: where a reply stops at an alias, the alias's name is asked for too.
 *
 * @param name folded, and fit to be asked
 * @param deadlineMs for all the questions together
 * @throws the signal's reason
 */
async function follow<T extends DnsType>(
  name: string,
  type: T,
  options: ResolverOptions,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<TimedAnswer<T>> {
  const began = performance.now();
  const visited = new Set([name]);
  let current = name;
  let ttl = Number.POSITIVE_INFINITY;
  let authentic = true;
  for (;;) {
    const left = Math.max(0, deadlineMs - (performance.now() - began));
    const asked = { name: current, type };
    const reply = await askResolvers(asked, options, left, signal);
    if (reply.kind === 'failed') {
      // An alias was answered before, so the network works.
      return { answer: { ...reply, reached: reply.reached || current !== name }, ttl: 0 };
    }
    authentic &&= reply.message.authentic && reply.server.trusted;
    const reading = interpret(reply.message, asked, visited);
    ttl = Math.min(ttl, reading.ttl);
    if (reading.kind === 'records') {
      return { answer: { kind: 'records', records: reading.records, ttl, authentic }, ttl };
    }
    if (reading.kind === 'none') {
      const { reason, detail } = reading;
      return { answer: { kind: 'none', reason, detail, authentic }, ttl };
    }
    current = reading.target;
  }
}
