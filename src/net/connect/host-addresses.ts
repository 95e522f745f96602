/**
 * The addresses of a host: literal → hosts file → localhost → A and AAAA → (on request) the
 * operating system's own call, for networks whose names only it can find.
 */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { timeLimits } from '../../model/time-limits.ts';
import type { DnsAnswer, DnsClient, HostAnswer } from '../network.ts';
import { withinBudget } from '../time.ts';
import type { HostsFile } from './hosts-file.ts';

type Family = 4 | 6;

export interface HostResolverOptions {
  readonly dns: DnsClient;
  readonly hosts: HostsFile;
  /** Whether the operating system is asked when the DNS cannot be. */
  readonly systemLookup: boolean;
  /** Only addresses of this family (`-4`, `-6`). */
  readonly family?: Family;
  /** How long addresses of one family wait for the other's, in ms (RFC 8305 §3). */
  readonly resolutionDelayMs?: number;
  /** The operating system's call, as `node:dns` has it. */
  readonly lookup?: SystemLookup;
}

/** @throws whatever the operating system says, when it finds nothing */
export type SystemLookup = (host: string, family: Family | 0) => Promise<readonly string[]>;

export type HostResolver = (
  host: string,
  signal: AbortSignal,
  timeFactor?: number,
) => Promise<HostAnswer>;

const MAX_ADDRESSES = 8;
/** How many addresses a family may take while the other's are still awaited. */
const MAX_BEFORE_SECOND = 4;
const LOOPBACK = ['::1', '127.0.0.1'];

/** Throws nothing but the signal's reason. */
export function createHostResolver(options: HostResolverOptions): HostResolver {
  const { hosts, family } = options;
  const wanted = (address: string): boolean => family === undefined || isIP(address) === family;
  return async (name, signal, timeFactor) => {
    signal.throwIfAborted();
    const host = name.toLowerCase().replace(/\.$/, '');
    if (isIP(host) !== 0) return found(wanted(host) ? [host] : []);
    const listed = (await hosts.lookup(host)).filter(wanted);
    signal.throwIfAborted();
    if (listed.length > 0) return found(listed.slice(0, MAX_ADDRESSES));
    // Such names never concern the DNS (RFC 6761 §6.3).
    if (host === 'localhost' || host.endsWith('.localhost')) {
      return found(LOOPBACK.filter(wanted));
    }
    const { answer, outright } = await askDns(host, options, signal, timeFactor);
    if (!outright || !options.systemLookup) return answer;
    return (await askSystem(host, options, signal)) ?? answer;
  };
}

/** All addresses of an answer, those of the second family too. */
export async function allAddresses(answer: HostAnswer): Promise<readonly string[]> {
  if (answer.kind !== 'addresses') return [];
  return [...answer.addresses, ...((await answer.secondFamily) ?? [])];
}

async function askDns(
  host: string,
  { dns, family, resolutionDelayMs = timeLimits.resolutionDelay }: HostResolverOptions,
  signal: AbortSignal,
  timeFactor: number | undefined,
): Promise<FromDns> {
  if (family === 4) return conclude([await dns.query(host, 'A', signal, timeFactor)]);
  if (family === 6) return conclude([await dns.query(host, 'AAAA', signal, timeFactor)]);
  const six = dns.query(host, 'AAAA', signal, timeFactor);
  const four = dns.query(host, 'A', signal, timeFactor);
  const first = await enough(six, four, resolutionDelayMs);
  if (first === 'both') return conclude([await six, await four]);
  const early = recordsOf(await (first === 'six' ? six : four));
  const slower: Promise<AddressAnswer> = first === 'six' ? four : six;
  const secondFamily = slower.then(
    (answer) =>
      interleave(
        recordsOf(answer),
        early.slice(MAX_BEFORE_SECOND),
        MAX_ADDRESSES - MAX_BEFORE_SECOND,
      ),
    () => [],
  );
  const addresses = early.slice(0, MAX_BEFORE_SECOND);
  return { answer: { kind: 'addresses', addresses, secondFamily }, outright: false };
}

interface FromDns {
  readonly answer: HostAnswer;
  /** No family could be looked up. */
  readonly outright: boolean;
}

type AddressAnswer = DnsAnswer<'A'> | DnsAnswer<'AAAA'>;

/**
 * Waits for both answers, but no longer than the delay once one of them holds addresses.
 *
 * @throws what the questions throw
 */
function enough(
  six: Promise<AddressAnswer>,
  four: Promise<AddressAnswer>,
  delayMs: number,
): Promise<'both' | 'six' | 'four'> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const wait = (name: 'six' | 'four') => (answer: AddressAnswer) => {
      if (answer.kind === 'records') timer ??= setTimeout(() => resolve(name), delayMs);
    };
    six.then(wait('six'), () => {});
    four.then(wait('four'), () => {});
    Promise.all([six, four]).then(
      () => {
        clearTimeout(timer);
        resolve('both');
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

/** Addresses if there are any; a failure outweighs "none", because it may hide some. */
function conclude(answers: readonly AddressAnswer[]): FromDns {
  const [first = [], second = []] = answers.map(recordsOf);
  const all = interleave(first, second, MAX_ADDRESSES);
  const failure = answers.find((answer) => answer.kind === 'failed');
  if (all.length > 0) return { answer: found(all), outright: false };
  if (failure === undefined) {
    const [detail] = answers.flatMap((answer) =>
      answer.kind === 'none' && answer.reason === 'unusable' ? [answer.detail] : [],
    );
    return { answer: { kind: 'none', ...(detail && { detail }) }, outright: false };
  }
  const reached = answers.some((answer) => answer.kind !== 'failed' || answer.reached);
  const outright = answers.every((answer) => answer.kind === 'failed');
  return { answer: { kind: 'failed', detail: failure.detail, reached }, outright };
}

/** The operating system's answer; null when it has none either, or takes too long. */
async function askSystem(
  host: string,
  { lookup: call = systemLookup, family }: HostResolverOptions,
  signal: AbortSignal,
): Promise<HostAnswer | null> {
  // The call can't be cancelled; what can be is waiting for it.
  const answer = await withinBudget(timeLimits.systemLookup, signal, () =>
    call(host, family ?? 0).catch(() => null),
  );
  if (answer === null) return null;
  const six = answer.filter((address) => isIP(address) === 6);
  const four = answer.filter((address) => isIP(address) === 4);
  const all = interleave(six, four, MAX_ADDRESSES);
  return all.length > 0 ? found(all) : null;
}

async function systemLookup(host: string, family: Family | 0): Promise<readonly string[]> {
  // The dot keeps search domains out of it.
  const answers = await lookup(`${host}.`, { all: true, family });
  return answers.map(({ address }) => address);
}

function recordsOf(answer: AddressAnswer): readonly string[] {
  return answer.kind === 'records' ? [...new Set(answer.records)] : [];
}

/** By turns, beginning with the first list (RFC 8305 §4). */
function interleave(
  first: readonly string[],
  second: readonly string[],
  limit: number,
): readonly string[] {
  const all: string[] = [];
  for (let i = 0; i < Math.max(first.length, second.length) && all.length < limit; i++) {
    all.push(...[first[i], second[i]].filter((address) => address !== undefined));
  }
  return all.slice(0, limit);
}

function found(addresses: readonly string[]): HostAnswer {
  return addresses.length > 0 ? { kind: 'addresses', addresses } : { kind: 'none' };
}
