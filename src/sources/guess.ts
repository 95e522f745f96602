/**
 * Names that submission servers often have. Only names that exist are proposed, and no service that
 * the domain denies (SRV target `.`).
 */
import type { Statement } from '../model/candidate.ts';
import type { HostAnswer, Network } from '../net/network.ts';
import type { ProviderDirectory } from '../providers/directory.ts';
import type { Answer } from './answer.ts';
import { readMx, readSubmissionSrv } from './documents/dns-records.ts';
import { type Lookup, type LookupContext, type Source, withinShare } from './source.ts';

export const guess: Source = {
  name: 'guess',
  over: 'dns',
  // One lookup for each name, so that a dead name server costs its own guess alone.
  lookups: ({ domain }) => [
    ...namesOf(domain).map((host) => nameLookup(domain, host)),
    exchangersLookup(domain),
  ],
};

/** The services that a guessed host may offer, in the order in which they are tried. */
const SERVICES = [
  { service: '_submissions', port: 465, encryption: 'tls' },
  { service: '_submission', port: 587, encryption: 'starttls' },
] as const;
type Service = (typeof SERVICES)[number];

const MAX_EXCHANGERS = 4;
/** The share of the time for which names wait, since a denial would make looking them up needless. */
const DENIALS_FIRST = 0.5;

function namesOf(domain: string): readonly string[] {
  return [`smtp.${domain}`, `mail.${domain}`, `submission.${domain}`, domain];
}

function nameLookup(domain: string, host: string): Lookup {
  return { from: `${host} A, AAAA`, find: (context) => tryHosts(domain, [host], context) };
}

function exchangersLookup(domain: string): Lookup {
  return {
    from: `mail exchangers of ${domain}`,
    async find(context) {
      const mx = await readMx(domain, context);
      if (mx.outcome === 'failed') return mx;
      if (mx.outcome === 'nothing') return { outcome: 'nothing', detail: 'none' };
      const hosts = exchangersToTry(mx.records, context.providers).filter(
        (host) => !namesOf(domain).includes(host),
      );
      return hosts.length > 0
        ? tryHosts(domain, hosts, context)
        : { outcome: 'nothing', detail: `none to try among ${mx.records.join(', ')}` };
    },
  };
}

/** A gateway only passes mail on, and a known provider's settings are in the database. */
function exchangersToTry(
  hosts: readonly string[],
  providers: ProviderDirectory,
): readonly string[] {
  const own = hosts.filter((host) => (providers.byMx(host)?.proves ?? 'rented') === 'rented');
  return own.slice(0, MAX_EXCHANGERS);
}

async function tryHosts(
  domain: string,
  hosts: readonly string[],
  context: LookupContext,
): Promise<Answer> {
  const { network } = context;
  const reading = readDenials(domain, context);
  reading.catch(() => {}); // It may end while nobody waits for it.
  const early = await withinShare(DENIALS_FIRST, context, () => reading);
  if (early?.services.length === 0) return bothDenied;
  const [{ services, certain }, ...answers] = await Promise.all([
    reading,
    ...hosts.map((host) => lookUp(host, context)),
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
  /** The services that the domain does not deny. */
  readonly services: readonly Service[];
  /** False when a denial could not be looked up. */
  readonly certain: boolean;
}

async function readDenials(domain: string, context: LookupContext): Promise<Offered> {
  const read = await Promise.all(
    SERVICES.map(({ service }) =>
      withinShare(1, context, (part) => readSubmissionSrv(service, domain, part)),
    ),
  );
  return {
    services: SERVICES.filter((_, index) => {
      const answer = read[index];
      return !(answer?.outcome === 'nothing' && answer.denies !== undefined);
    }),
    certain: read.every((answer) => answer !== null && answer.outcome !== 'failed'),
  };
}

interface LookedUp {
  readonly host: string;
  readonly answer: HostAnswer;
}

const TIMED_OUT: HostAnswer = { kind: 'failed', detail: 'no answer in time', reached: false };

/** A name that is redirected for all its services need not exist. */
async function lookUp(host: string, context: LookupContext): Promise<LookedUp> {
  const { network } = context;
  if (SERVICES.every(({ port }) => isRedirected(network, host, port))) {
    return { host, answer: { kind: 'none' } };
  }
  const answer = await withinShare(1, context, ({ signal }) => network.resolveHost(host, signal));
  return { host, answer: answer ?? TIMED_OUT };
}

/** Whether `--connect-to` redirects this name by its own rule, and not by one for every name. */
function isRedirected(network: Network, host: string, port: number): boolean {
  const target = network.redirected(host, port);
  if (target === null) return false;
  const anything = network.redirected('no-such-name.invalid', port);
  return anything === null || anything.host !== target.host || anything.port !== target.port;
}
