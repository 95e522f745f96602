/**
 * An internet on paper: a zone and some documents in memory, behind the `Network` interface.
 * What the zone does not hold is NXDOMAIN, and a URL that nobody wrote down is 404, or has no
 * host where the zone is asked for its addresses. Everything that was asked is kept.
 */

import { parseQuery } from '../../src/model/query.ts';
import type {
  DnsAnswer,
  DnsRecords,
  DnsType,
  FetchOptions,
  HostAnswer,
  HttpAnswer,
  Network,
} from '../../src/net/network.ts';
import type { ProviderDirectory } from '../../src/providers/directory.ts';
import type { Answer } from '../../src/sources/answer.ts';
import type { LookupContext, Source, Subject } from '../../src/sources/source.ts';
import { nobody } from './providers.ts';

type Entry<T extends DnsType> = readonly DnsRecords[T][] | DnsAnswer<T>;

export interface Paper {
  /** `example.com MX` → records, or a whole answer. */
  readonly zone?: Readonly<Record<string, readonly unknown[] | object>>;
  /** Host → addresses; `fails` cannot be looked up. */
  readonly hosts?: Readonly<Record<string, readonly string[] | 'fails'>>;
  /** URL → the document, or the status, or a whole answer, or what the request leads to. */
  readonly documents?: Readonly<Record<string, Page>>;
  /** Nothing answers at all. */
  readonly cut?: boolean;
  /** `host:port` → where `--connect-to` leads; `*:port` for every host. */
  readonly redirects?: Readonly<Record<string, { host: string; port: number }>>;
}

export type Page =
  | string
  | number
  | Partial<HttpAnswer & object>
  | ((options: FetchOptions) => Page);

export interface PaperNetwork extends Network {
  readonly asked: string[];
  readonly requests: { url: string; options: FetchOptions }[];
}

export const dnsFailure: DnsAnswer<never> = {
  kind: 'failed',
  reason: 'timeout',
  detail: 'no answer from 192.0.2.53',
  reached: false,
};

export function authentic<T extends DnsType>(records: readonly DnsRecords[T][]): DnsAnswer<T> {
  return { kind: 'records', records, ttl: 60, authentic: true };
}

export function srvRecord(text: string): DnsRecords['SRV'] {
  const [priority, weight, port, target = ''] = text.split(' ');
  const name = target === '.' ? '' : target;
  return { priority: Number(priority), weight: Number(weight), port: Number(port), target: name };
}

export function mxRecord(text: string): DnsRecords['MX'] {
  const [preference, exchange = ''] = text.split(' ');
  return { preference: Number(preference), exchange: exchange === '.' ? '' : exchange };
}

export function paperNetwork(paper: Paper = {}): PaperNetwork {
  const asked: string[] = [];
  const requests: PaperNetwork['requests'] = [];
  const out = (): never => {
    throw new Error('there is no such thing on paper');
  };
  return {
    asked,
    requests,
    dns: {
      async query<T extends DnsType>(name: string, type: T, signal: AbortSignal) {
        signal.throwIfAborted();
        asked.push(`${name} ${type}`);
        if (paper.cut) return dnsFailure;
        return dnsAnswer<T>(paper.zone?.[`${name} ${type}`] as Entry<T> | undefined);
      },
    },
    async resolveHost(host, signal): Promise<HostAnswer> {
      signal.throwIfAborted();
      asked.push(`${host} A`);
      if (paper.cut) return { kind: 'failed', detail: 'no answer', reached: false };
      const addresses = paper.hosts?.[host];
      if (addresses === undefined) return { kind: 'none' };
      if (addresses === 'fails') return { kind: 'failed', detail: 'SERVFAIL', reached: true };
      return { kind: 'addresses', addresses };
    },
    async fetch(url, options): Promise<HttpAnswer> {
      options.signal.throwIfAborted();
      asked.push(url);
      requests.push({ url, options });
      if (paper.cut) return { kind: 'failed', reason: 'dns', detail: 'no answer', reached: false };
      return httpAnswer(url, paper.documents?.[url], options);
    },
    redirected: (host, port) =>
      paper.redirects?.[`${host}:${port}`] ?? paper.redirects?.[`*:${port}`] ?? null,
    connect: out,
    handshake: out,
    close: async () => {},
  };
}

function dnsAnswer<T extends DnsType>(entry: Entry<T> | undefined): DnsAnswer<T> {
  if (entry === undefined)
    return { kind: 'none', reason: 'nxdomain', detail: 'NXDOMAIN', authentic: false };
  return 'kind' in entry ? entry : { kind: 'records', records: entry, ttl: 60, authentic: false };
}

function httpAnswer(url: string, page: Page | undefined, options: FetchOptions): HttpAnswer {
  if (typeof page === 'function') return httpAnswer(url, page(options), options);
  const base = {
    kind: 'response',
    status: 200,
    contentType: 'text/xml',
    body: Buffer.alloc(0),
    url,
    secure: url.startsWith('https:'),
  } as const;
  if (page === undefined) return { ...base, status: 404, contentType: 'text/html' };
  if (typeof page === 'number') return { ...base, status: page };
  if (typeof page === 'string') return { ...base, body: Buffer.from(page) };
  return { ...base, ...page } as HttpAnswer;
}

export interface Lookups {
  readonly query?: string;
  readonly about?: string;
  readonly kind?: Subject['kind'];
  readonly providers?: ProviderDirectory;
  readonly sendAddress?: boolean;
  readonly ispdbUrl?: string;
  readonly signal?: AbortSignal;
}

/** What a lookup is given, with a minute left. */
export function contextOf(network: Network, asking: Lookups = {}): LookupContext {
  return {
    query: parseQuery(asking.query ?? 'you@example.com'),
    network,
    providers: asking.providers ?? nobody,
    signal: asking.signal ?? new AbortController().signal,
    until: performance.now() + 60_000,
    sendAddress: asking.sendAddress ?? false,
    ispdbUrl: asking.ispdbUrl ?? 'https://ispdb.example/v1.1/',
  };
}

/** Asks a source everything it would ask, and returns each answer under its ask's `from`. */
export async function askSource(
  source: Source,
  network: Network,
  asking: Lookups = {},
): Promise<Map<string, Answer>> {
  const context = contextOf(network, asking);
  const subject: Subject = {
    domain: asking.about ?? context.query.domain,
    kind: asking.kind ?? 'self',
  };
  const answers = new Map<string, Answer>();
  for (const ask of source.lookups(subject, context))
    answers.set(ask.from, await ask.find(context));
  return answers;
}

/** `host:port/encryption` of every statement of every answer, in order. */
export function proposed(answers: ReadonlyMap<string, Answer>): string[] {
  return [...answers.values()].flatMap((answer) =>
    answer.outcome === 'found'
      ? answer.statements.map(({ host, port, encryption }) => `${host}:${port}/${encryption}`)
      : [],
  );
}

export function outcomes(answers: ReadonlyMap<string, Answer>): string[] {
  return [...answers.values()].map(({ outcome }) => outcome);
}

export function warningCodes(answers: ReadonlyMap<string, Answer>): string[] {
  return [...answers.values()].flatMap(({ warnings }) => (warnings ?? []).map(({ code }) => code));
}
