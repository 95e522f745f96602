/**
 * A session: one network and its caches for any number of queries, so that a batch asks every
 * domain and every server once.
 */

import type { Candidate } from './candidate.ts';
import { DEADLINES, discover, type ProgressEvent } from './discover.ts';
import { SmtpFindError } from './errors.ts';
import { type LoginRequest, logIn } from './login.ts';
import { parseConnectTo } from './net/connect-to.ts';
import { parseResolver } from './net/dns/servers.ts';
import { createInternet } from './net/internet.ts';
import type { Network } from './net/network.ts';
import { readProxySettings } from './net/proxy/proxy-settings.ts';
import { SharedCache } from './net/shared-cache.ts';
import { readCaFiles } from './net/trust-store.ts';
import { probe } from './probe/probe.ts';
import type { ProbeResult } from './probe/result.ts';
import { loadDirectory } from './providers/directory.ts';
import { parseQuery, type Query } from './query.ts';
import { buildReport, type View } from './report/build-report.ts';
import { providerReport } from './report/provider-report.ts';
import type { Report } from './report/report.ts';
import { sourceNames } from './sources/index.ts';
import { DEFAULT_ISPDB } from './sources/ispdb.ts';

export interface SessionOptions {
  /**
   * DNS resolvers as `IP` or `IP:PORT`, `tls://HOST[:PORT][#NAME]` or `https://HOST/PATH`;
   * default: the system's.
   */
  readonly resolver?: readonly string[];
  /** `HOST1:PORT1:HOST2:PORT2` as in curl: connect to 2 instead of 1. */
  readonly connectTo?: readonly string[];
  /** PEM files of certificates to trust as well. */
  readonly cacert?: readonly string[];
  /**
   * For the web and for mail: `http://`, `https://`, `socks5://`, `socks5h://` or `socks4a://`, then
   * `[USER:PASSWORD@]HOST:PORT`. It resolves the names. Default: what `env` says; `''`: none.
   */
  readonly proxy?: string;
  /** Only IPv4, or only IPv6. */
  readonly family?: 4 | 6;
  /** Refuse servers on private addresses. */
  readonly publicOnly?: boolean;
  /** Base URL of the online ISPDB; the domain is appended. */
  readonly ispdbUrl?: string;
  /**
   * Where SSL_CERT_FILE, SSL_CERT_DIR and NODE_EXTRA_CA_CERTS are looked up, and HTTPS_PROXY,
   * http_proxy, ALL_PROXY and NO_PROXY.
   */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface FindOptions {
  /** Deadline for the whole query, in ms; default 10 000. */
  readonly timeoutMs?: number;
  /** False: do not contact SMTP servers. */
  readonly probe?: boolean;
  /** Only the bundled database, no network at all. */
  readonly offline?: boolean;
  /** Let everything finish, and report every candidate. */
  readonly all?: boolean;
  /** Report what each source answered. */
  readonly explain?: boolean;
  /** Names of the only sources to ask. */
  readonly only?: readonly string[];
  /** Names of sources to leave out. */
  readonly skip?: readonly string[];
  /** Let HTTPS hosts of the query's own domain see the full address. */
  readonly sendAddress?: boolean;
  /** Also try these credentials, over a verified connection only. */
  readonly login?: LoginRequest;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
}

export interface Session {
  /**
   * @throws SmtpFindError `bad-input` or `bad-option`; the signal's reason when it is aborted.
   * Failures of the network are part of the report.
   */
  find(input: string | Query, options?: FindOptions): Promise<Report>;
  /**
   * What the bundled database says of a provider or relay service, by id or name. Nothing is
   * contacted.
   * @param input an address or domain to fill in the user name for
   * @throws SmtpFindError `unknown-provider`, with suggestions; `bad-input`
   */
  provider(name: string, input?: string): Promise<Report>;
  /** Says goodbye to servers, waiting a moment at most, and closes everything. */
  close(): Promise<void>;
}

/** A server's facts hold for a batch; a temporary trouble is soon asked about again. */
const KEEP_PROBE_MS = 15 * 60_000;
const KEEP_TROUBLE_MS = 30_000;
const PROBES_KEPT = 20_000;
const GOODBYE_MS = 400;

/** @throws SmtpFindError `bad-option` or `unreadable-file` */
export async function createSession(options: SessionOptions = {}): Promise<Session> {
  const network = await connectWorld(options);
  const probes = new SharedCache<ProbeResult>(PROBES_KEPT);

  const probeOnce = (candidate: Candidate, signal: AbortSignal): Promise<ProbeResult> =>
    probes.get(
      candidate.key,
      signal,
      (shared) => probe(candidate, network, { signal: shared, deadlineMs: DEADLINES.probe }),
      ({ temporary }) => (temporary ? KEEP_TROUBLE_MS : KEEP_PROBE_MS),
    );

  return {
    find: (input, findOptions = {}) => find(input, findOptions, options, network, probeOnce),
    provider: async (name, input) =>
      providerReport(await loadDirectory(), name, input === undefined ? null : parseQuery(input)),
    close: () => network.close(GOODBYE_MS),
  };
}

async function connectWorld(options: SessionOptions): Promise<Network> {
  const { resolver = [], connectTo = [], cacert = [], proxy, family, publicOnly, env } = options;
  const servers = resolver.map(parseResolver);
  return createInternet({
    userAgent: 'smtp-find',
    connectTo: connectTo.map(parseConnectTo),
    cacerts: await readCaFiles(cacert),
    proxies: readProxySettings(proxy, env ?? {}),
    ...(servers.length > 0 && { servers }),
    ...(family !== undefined && { family }),
    ...(publicOnly !== undefined && { publicOnly }),
    ...(env !== undefined && { env }),
  });
}

async function find(
  input: string | Query,
  options: FindOptions,
  { ispdbUrl = DEFAULT_ISPDB }: SessionOptions,
  network: Network,
  probeOnce: (candidate: Candidate, signal: AbortSignal) => Promise<ProbeResult>,
): Promise<Report> {
  const query = typeof input === 'string' ? parseQuery(input) : input;
  const skip = leftOut(options);
  const providers = await loadDirectory();
  const offline = options.offline ?? false;
  const all = options.all ?? false;
  const signal = options.signal ?? new AbortController().signal;
  const discovery = await discover(query, {
    context: { network, providers, sendAddress: options.sendAddress ?? false, ispdbUrl },
    probe: probeOnce,
    signal,
    timeoutMs: options.timeoutMs ?? DEADLINES.query,
    probing: !offline && (options.probe ?? true),
    offline,
    exhaust: all,
    skip,
    onProgress: options.onProgress,
  });
  const view: View = { all, explain: options.explain ?? false };
  const login = options.login
    ? await logIn(discovery, options.login, network, providers, signal)
    : null;
  return buildReport(discovery, providers, view, login);
}

function leftOut({ only, skip = [] }: FindOptions): ReadonlySet<string> {
  for (const name of [...(only ?? []), ...skip]) {
    if (!sourceNames.some((known) => known === name)) {
      throw new SmtpFindError(
        'bad-option',
        `there is no source "${name}": expected one of ${sourceNames.join(', ')}`,
      );
    }
  }
  return new Set([...skip, ...sourceNames.filter((name) => only && !only.includes(name))]);
}
