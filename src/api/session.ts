/**
 * A session: one network and its caches for any number of queries, so that a batch asks every
 * domain and every server once.
 */
import { setMaxListeners } from 'node:events';
import { type DiscoverOptions, discover, type ProbeLimits } from '../engine/discover.ts';
import type { Discovery } from '../engine/discovery.ts';
import { isComplete } from '../engine/relevance.ts';
import { type Candidate, isNamedByUser } from '../model/candidate.ts';
import { SmtpFindError } from '../model/errors.ts';
import type { Query } from '../model/query.ts';
import { timeLimits } from '../model/time-limits.ts';
import { toNamedHost } from '../net/named-host.ts';
import type { Network } from '../net/network.ts';
import { noNetwork } from '../net/no-network.ts';
import type { SessionOptions as NetworkOptions } from '../net/open-network.ts';
import { SharedCache } from '../net/shared-cache.ts';
import type { ProbeResult } from '../probe/result.ts';
import { loadDirectory, type ProviderDirectory } from '../providers/directory.ts';
import { buildReport, type View } from '../report/build-report.ts';
import type { Report } from '../report/report.ts';
import type { TraceListener } from '../smtp/trace.ts';
import { DEFAULT_ISPDB } from '../sources/autoconfig.ts';
import type { Given } from '../sources/source.ts';
import { Admission } from './admission.ts';
import {
  checkFindOptions,
  type ExamineOptions,
  type FindOptions,
  leftOut,
} from './find-options.ts';
import { checkDomain, checkUsername, givenBy, type Named, queryAbout, queryOf } from './given.ts';
import type { LoginRequest } from './login-request.ts';
import {
  callback,
  checkShapes,
  flag,
  list,
  type Shape,
  shape,
  text,
  webUrl,
} from './option-shapes.ts';
import { Progress } from './progress.ts';

export type { ExamineOptions, FindOptions } from './find-options.ts';
export type { Named } from './given.ts';
export type { AskForSecret, LoginRequest, Secret, WantedSecret } from './login-request.ts';

export interface SessionOptions extends NetworkOptions {
  /**
   * For those who want to read along: called at the start of each SMTP conversation, it gives what
   * takes the lines, out of which everything secret has been taken.
   */
  readonly trace?: TraceListener;
}

export interface Session {
  /**
   * @throws SmtpFindError `bad-input` or `bad-option`; the signal's reason when it is aborted.
   * Failures of the network are part of the report.
   */
  find(input: string | Query, options?: FindOptions): Promise<Report>;
  /**
   * Examines servers or a provider that you name. No source is asked; the bundled database says how
   * to sign in where it knows the server. Named servers may be on this machine or on a private
   * network, unless the session is for public addresses only.
   * @param input an address or domain to fill in the user name and what depends on the domain
   * @throws SmtpFindError `bad-option`, also for a login without a user name; `bad-input`, also
   * where the servers are named after a domain and there is none; `unknown-provider` or
   * `ambiguous-provider`, with suggestions; the signal's reason when it is aborted. Failures of the
   * network are part of the report.
   */
  examine(named: Named, input?: string | Query, options?: ExamineOptions): Promise<Report>;
  /**
   * What the bundled database says of a provider or relay service. Nothing is contacted.
   * @param name its id, name or alias, however it is spelled, one of its domains or of its servers
   * @param input an address or domain to fill in what depends on it
   * @throws SmtpFindError `unknown-provider` or `ambiguous-provider`, with suggestions; `bad-input`,
   * also without an input where all depends on it
   */
  provider(name: string, input?: string | Query): Promise<Report>;
  /** Says goodbye to servers, waiting a moment at most, and closes everything. */
  close(): Promise<void>;
}

const { keep } = timeLimits;
const PROBES_KEPT = 20_000;
const DISCOVERIES_KEPT = 10_000;

/** @throws SmtpFindError `bad-option` or `unreadable-file` */
export async function createSession(options: SessionOptions = {}): Promise<Session> {
  let online: Promise<Online> | null = null;
  const goOnline = (): Promise<Online> => {
    online ??= connect(options);
    return online;
  };
  checkShapes(options, shapes);
  // Bad options are told at once; without any, the network can wait until it is needed.
  if (namesFilesOrPlaces(options)) await goOnline();
  let closed = false;

  const checkOpen = (): void => {
    if (closed) throw new SmtpFindError('bad-option', 'the session is closed: make a new one');
  };
  const prepare = (findOptions: FindOptions): void => {
    checkFindOptions(findOptions);
    // Each part of a query listens, and a caller may pass one signal to any number of them.
    if (findOptions.signal) setMaxListeners(0, findOptions.signal);
  };
  const onlineFor = async ({ offline }: FindOptions): Promise<Online> =>
    offline ? OFFLINE : goOnline();
  const examine = async (
    named: Named,
    input: string | Query | undefined,
    findOptions: ExamineOptions,
  ): Promise<Report> => {
    prepare(findOptions);
    const providers = await loadDirectory();
    const given = givenBy(named, providers);
    const query = queryAbout(named, input);
    checkDomain(given, query, providers);
    const { login } = findOptions;
    if (login) checkUsername(given, query, login, providers);
    return answer({ query, given }, findOptions, options, await onlineFor(findOptions));
  };

  return {
    find: async (input, findOptions = {}) => {
      checkOpen();
      const query = queryOf(input);
      prepare(findOptions);
      return answer({ query, given: null }, findOptions, options, await onlineFor(findOptions));
    },
    examine: async (named, input, findOptions = {}) => {
      checkOpen();
      return examine(named, input, findOptions);
    },
    provider: (provider, input) => examine({ provider }, input, { offline: true, all: true }),
    close: async () => {
      closed = true;
      // What kept it from opening was told to whoever asked for something.
      const opened = await online?.catch(() => null);
      await opened?.network.close(timeLimits.goodbye.session);
    },
  };
}

const shapes: { readonly [O in keyof SessionOptions]-?: Shape } = {
  resolver: list,
  connectTo: list,
  cacert: list,
  proxy: text,
  family: shape('4 or 6', (value) => value === 4 || value === 6),
  publicOnly: flag,
  ispdbUrl: webUrl,
  trace: callback,
  env: shape('an object like process.env', (value) => typeof value === 'object' && value !== null),
};

/** What a query needs of the network, and what is shared among queries. */
interface Online {
  readonly network: Network;
  readonly admission: Admission;
  readonly discoveries: SharedCache<Discovery>;
  readonly progress: Progress;
  probe(
    candidate: Candidate,
    limits: ProbeLimits,
    trace: TraceListener | undefined,
  ): Promise<ProbeResult>;
}

const OFFLINE: Online = {
  network: noNetwork,
  admission: new Admission(),
  discoveries: new SharedCache(0),
  progress: new Progress(),
  probe: async () => {
    throw new SmtpFindError('internal', 'a server was to be probed although the query is offline');
  },
};

/** Most of the program is loaded here, which an offline look-up never pays for. */
async function connect(options: SessionOptions): Promise<Online> {
  const [{ openNetwork }, { probe }] = await Promise.all([
    import('../net/open-network.ts'),
    import('../probe/probe.ts'),
  ]);
  const network = await openNetwork(options);
  const probes = new SharedCache<ProbeResult>(PROBES_KEPT);
  return {
    network,
    admission: new Admission(),
    discoveries: new SharedCache(DISCOVERIES_KEPT),
    progress: new Progress(),
    probe: (candidate, { signal, ...limits }, trace) => {
      const isNamed = isNamedByUser(candidate);
      const through = isNamed ? toNamedHost(network) : network;
      return probes.get(
        isNamed ? `named ${candidate.key}` : candidate.key,
        signal,
        (shared) => probe(candidate, through, { signal: shared, trace, ...limits }),
        ({ temporary }) => (temporary ? keep.trouble : keep.probe),
      );
    },
  };
}

function namesFilesOrPlaces({ resolver, connectTo, cacert, proxy }: SessionOptions): boolean {
  return [resolver, connectTo, cacert, proxy].some((option) => option !== undefined);
}

interface Question {
  readonly query: Query;
  /** Null where servers are to be found. */
  readonly given: Given | null;
}

async function answer(
  question: Question,
  options: FindOptions,
  sessionOptions: SessionOptions,
  online: Online,
): Promise<Report> {
  const { all = false, explain = false, login } = options;
  const signal = options.signal ?? new AbortController().signal;
  const providers = await loadDirectory();
  const began = performance.now();
  const probe = await probeFor(login, online, sessionOptions);
  const asking = { ...online, probe };
  const found = await discoverOnce(question, options, signal, providers, sessionOptions, asking);
  // It may have been found for another address of the domain, a moment ago.
  const discovery = { ...found, query: question.query, durationMs: performance.now() - began };
  const view: View = { all, explain };
  if (login === undefined) return buildReport(discovery, providers, view);
  const { logIn } = await import('./login.ts');
  const { timeoutMs } = options;
  const result = await logIn(discovery, login, online.network, providers, signal, {
    ...(timeoutMs !== undefined && { deadlineMs: timeoutMs }),
    trace: sessionOptions.trace,
  });
  return buildReport(discovery, providers, view, result, login.username ?? null);
}

type Probe = DiscoverOptions['probe'];

/**
 * Where the secret of a login is known already, neither probes nor their traces repeat it: a server
 * may have it from an earlier login.
 */
async function probeFor(
  login: LoginRequest | undefined,
  { probe }: Online,
  { trace }: SessionOptions,
): Promise<Probe> {
  if (login === undefined || typeof login.secret === 'function') {
    return (candidate, limits) => probe(candidate, limits, trace);
  }
  const [{ Confidential }, { redacted }, { withoutSecrets }] = await Promise.all([
    import('../login/redaction.ts'),
    import('../login/probe-redaction.ts'),
    import('../smtp/trace.ts'),
  ]);
  const hidden = new Confidential(login.secret.value);
  const discreet = trace && withoutSecrets(trace, (lines) => hidden.isIn(...lines));
  return async (candidate, limits) => redacted(await probe(candidate, limits, discreet), hidden);
}

/** Addresses of one domain share what is found, unless it depends on the address. */
function discoverOnce(
  { query, given }: Question,
  options: FindOptions,
  signal: AbortSignal,
  providers: ProviderDirectory,
  { ispdbUrl = DEFAULT_ISPDB }: SessionOptions,
  { network, admission, discoveries, progress, probe }: Omit<Online, 'probe'> & { probe: Probe },
): Promise<Discovery> {
  const { offline = false, sendAddress = false, all: exhaust = false, onProgress } = options;
  const { timeoutMs = timeLimits.query } = options;
  const probing = !offline && (options.probe ?? true);
  const skip = leftOut(options);
  const isShared = !offline && !sendAddress && options.login === undefined;
  const about = given?.kind === 'provider' ? given.provider.id : (given?.servers ?? null);
  const key = JSON.stringify([query.domain, about, timeoutMs, probing, exhaust, [...skip].sort()]);
  const search = isShared ? key : Symbol(key);
  const context = { network, providers, sendAddress, ispdbUrl, ...(given && { given }) };
  const run = (shared: AbortSignal): Promise<Discovery> =>
    discover(query, {
      context,
      probe,
      signal: shared,
      timeoutMs,
      probing,
      offline,
      now: new Date(),
      exhaust,
      skip,
      onProgress: (event) => progress.tell(search, event),
    });
  const start = (shared: AbortSignal): Promise<Discovery> =>
    offline ? run(shared) : admission.run(shared, () => run(shared));
  return progress.follow(search, onProgress, signal, (caller) =>
    isShared
      ? discoveries.get(key, caller, start, (discovery) =>
          isComplete(discovery) ? keep.discovery : keep.trouble,
        )
      : start(caller),
  );
}
