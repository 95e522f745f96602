/**
 * A session: one network and its caches for any number of queries, so that a batch asks every
 * domain and every server once.
 */
import { buildReport, type View } from './build-report.ts';
import type { Candidate } from './candidate.ts';
import { DEADLINES, discover, type ProgressEvent } from './discover.ts';
import { SmtpFindError } from './errors.ts';
import { createInternet, type InternetOptions } from './net/internet.ts';
import type { Network } from './net/network.ts';
import { SharedCache } from './net/shared-cache.ts';
import { probe } from './probe/probe.ts';
import type { ProbeResult } from './probe/result.ts';
import { loadDirectory } from './providers/directory.ts';
import { parseQuery, type Query } from './query.ts';
import type { Report } from './report.ts';
import { sourceNames } from './sources/index.ts';
import { DEFAULT_ISPDB } from './sources/ispdb.ts';

export interface SessionOptions extends InternetOptions {
  /** Base URL of the online ISPDB; the domain is appended. */
  readonly ispdbUrl?: string;
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
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
}

export interface Session {
  /**
   * @throws SmtpFindError `bad-input` or `bad-option`; the signal's reason when it is aborted.
   * Failures of the network are part of the report.
   */
  find(input: string | Query, options?: FindOptions): Promise<Report>;
  /** Says goodbye to servers, waiting a moment at most, and closes everything. */
  close(): Promise<void>;
}

/** A server's facts hold for a batch; a temporary trouble is soon asked about again. */
const KEEP_PROBE_MS = 15 * 60_000;
const KEEP_TROUBLE_MS = 30_000;
const PROBES_KEPT = 20_000;
const GOODBYE_MS = 400;

/** @throws SmtpFindError `bad-option` or `unreadable-file` */
export function createSession(options: SessionOptions = {}): Session {
  const network = createInternet(options);
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
    close: () => network.close(GOODBYE_MS),
  };
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
  const discovery = await discover(query, {
    context: { network, providers, sendAddress: options.sendAddress ?? false, ispdbUrl },
    probe: probeOnce,
    signal: options.signal ?? new AbortController().signal,
    timeoutMs: options.timeoutMs ?? DEADLINES.query,
    probing: !offline && (options.probe ?? true),
    offline,
    exhaust: all,
    skip,
    onProgress: options.onProgress,
  });
  const view: View = { all, explain: options.explain ?? false };
  return buildReport(discovery, providers, view);
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
