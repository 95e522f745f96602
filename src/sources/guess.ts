/**
 * Names that submission servers often have. What no name server knows is not proposed, and a
 * service that the domain denies (SRV target `.`) is not guessed at.
 */
import type { Statement } from '../model/candidate.ts';
import type { HostAnswer, Network } from '../net/network.ts';
import { withinBudget } from '../net/time.ts';
import type { ProviderDirectory } from '../providers/directory.ts';
import { type MxResult, readMx } from './documents/mx-records.ts';
import { readSubmissionSrv } from './documents/srv-records.ts';
import type { Answer, Lookup, LookupContext, Source } from './source.ts';

export const guess: Source = {
  name: 'guess',
  over: 'dns',
  // Each apart, so that a dead name server costs its own guess alone.
  lookups: ({ domain }) => [
    ...namesOf(domain).map((host) => nameLookup(domain, host)),
    exchangersLookup(domain),
  ],
};

/** In the order in which they are tried. */
const SERVICES = [
  { service: '_submissions', port: 465, encryption: 'tls' },
  { service: '_submission', port: 587, encryption: 'starttls' },
] as const;
type Service = (typeof SERVICES)[number];

const MAX_EXCHANGERS = 4;
/** Milliseconds. Below what the source as a whole may take, so that what is known by then counts. */
const PATIENCE = 1850;
/** Milliseconds after which names are looked up, although a denial may yet make that needless. */
const DENIALS_FIRST = 1000;

function namesOf(domain: string): readonly string[] {
  return [`smtp.${domain}`, `mail.${domain}`, `submission.${domain}`, domain];
}

function nameLookup(domain: string, host: string): Lookup {
  return {
    from: `${host} A, AAAA`,
    find: (context) => tryHosts(domain, [host], context, performance.now() + PATIENCE),
  };
}

function exchangersLookup(domain: string): Lookup {
  return {
    from: `mail exchangers of ${domain}`,
    async find(context) {
      const until = performance.now() + PATIENCE;
      const mx = await readMx(domain, context.network, context.signal);
      if (mx.kind === 'failed') {
        return { outcome: 'failed', detail: mx.detail, temporary: true, reached: mx.reached };
      }
      const hosts = exchangersToTry(mx, context.providers).filter(
        (host) => !namesOf(domain).includes(host),
      );
      if (hosts.length > 0) return tryHosts(domain, hosts, context, until);
      const detail = mx.kind === 'hosts' ? `none to try among ${mx.best.join(', ')}` : 'none';
      return { outcome: 'nothing', detail };
    },
  };
}

/** A gateway only passes mail on, and a known provider's settings are in the database. */
function exchangersToTry(mx: MxResult, providers: ProviderDirectory): readonly string[] {
  if (mx.kind !== 'hosts') return [];
  const own = mx.best.filter((host) => (providers.byMx(host)?.proves ?? 'rented') === 'rented');
  return own.slice(0, MAX_EXCHANGERS);
}

/** @param until on the clock of `performance.now()`: what is silent longer than that has failed */
async function tryHosts(
  domain: string,
  hosts: readonly string[],
  { network, signal }: LookupContext,
  until: number,
): Promise<Answer> {
  const left = (): number => until - performance.now();
  const reading = readDenials(domain, network, signal, left());
  reading.catch(() => {}); // It may end while nobody waits for it.
  const early = await withinBudget(DENIALS_FIRST, signal, () => reading);
  if (early?.services.length === 0) return bothDenied;
  const [{ services, certain }, ...answers] = await Promise.all([
    reading,
    ...hosts.map((host) => lookUp(host, network, signal, left())),
  ]);
  if (services.length === 0) return bothDenied;

  const found = answers.flatMap(({ host, answer }) => {
    const usable = services.filter(
      ({ port }) => answer.kind === 'addresses' || isRedirected(network, host, port),
    );
    return usable.length > 0 ? [{ host, usable }] : [];
  });
  const [failure] = answers.flatMap(({ answer }) => (answer.kind === 'failed' ? [answer] : []));
  if (found.length === 0) {
    if (!failure) return { outcome: 'nothing', detail: `no such host: ${hosts.join(', ')}` };
    const reached = answers.some(({ answer }) => answer.kind !== 'failed' || answer.reached);
    return { outcome: 'failed', detail: failure.detail, temporary: true, reached };
  }
  return {
    outcome: 'found',
    statements: found.flatMap(({ host, usable }) => usable.map((service) => at(host, service))),
    channel: 'dns',
    provider: null,
    detail: found.map(({ host }) => host).join(', '),
    ...(failure || !certain ? { incomplete: true } : {}),
  };
}

const bothDenied: Answer = {
  outcome: 'nothing',
  detail: 'the domain says that it offers no submission',
};

function at(host: string, { port, encryption }: Service): Statement {
  return { host, port, encryption, auth: [], username: null, oauth: null };
}

interface Offered {
  /** Those that the domain does not deny. */
  readonly services: readonly Service[];
  /** False when a denial could not be looked up. */
  readonly certain: boolean;
}

async function readDenials(
  domain: string,
  network: Network,
  signal: AbortSignal,
  ms: number,
): Promise<Offered> {
  const read = await Promise.all(
    SERVICES.map((service) =>
      withinBudget(ms, signal, (patient) =>
        readSubmissionSrv(service.service, domain, network, patient),
      ),
    ),
  );
  return {
    services: SERVICES.filter((_, index) => read[index]?.kind !== 'denied'),
    certain: read.every((result) => result !== null && result.kind !== 'failed'),
  };
}

interface LookedUp {
  readonly host: string;
  readonly answer: HostAnswer;
}

const SILENT: HostAnswer = { kind: 'failed', detail: 'no answer in time', reached: false };

/** A name that is redirected for all its services need not exist. */
async function lookUp(
  host: string,
  network: Network,
  signal: AbortSignal,
  ms: number,
): Promise<LookedUp> {
  if (SERVICES.every(({ port }) => isRedirected(network, host, port))) {
    return { host, answer: { kind: 'none' } };
  }
  const answer = await withinBudget(ms, signal, (patient) => network.resolveHost(host, patient));
  return { host, answer: answer ?? SILENT };
}

/** By a rule for this name, and not by one for every name, under which all of them would exist. */
function isRedirected(network: Network, host: string, port: number): boolean {
  const target = network.redirected(host, port);
  if (target === null) return false;
  const anything = network.redirected('no-such-name.invalid', port);
  return anything === null || anything.host !== target.host || anything.port !== target.port;
}
