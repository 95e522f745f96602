/**
 * Names that submission servers often have. What no name server knows is not proposed, and a
 * service that the domain denies (SRV target `.`) is not guessed at.
 */
import type { Statement } from '../candidate.ts';
import type { HostAnswer, Network } from '../net/network.ts';
import type { ProviderDirectory } from '../providers/directory.ts';
import { type MxResult, readMx } from '../published/mx-records.ts';
import { readSubmissionSrv } from '../published/srv-records.ts';
import type { Answer, Ask, AskContext, Source } from './source.ts';

export const guess: Source = {
  name: 'guess',
  over: 'dns',
  // Apart, so that a dead name server of a mail exchanger elsewhere costs its own guesses alone.
  asks: ({ domain }) => [namesAsk(domain), exchangersAsk(domain)],
};

/** In the order in which they are tried. */
const SERVICES = [
  { service: '_submissions', port: 465, encryption: 'tls' },
  { service: '_submission', port: 587, encryption: 'starttls' },
] as const;
type Service = (typeof SERVICES)[number];

const MAX_EXCHANGERS = 4;

function namesOf(domain: string): readonly string[] {
  return [`smtp.${domain}`, `mail.${domain}`, `submission.${domain}`, domain];
}

function namesAsk(domain: string): Ask {
  return {
    from: `common names of ${domain}`,
    find: (context) => tryNames(domain, namesOf(domain), context),
  };
}

function exchangersAsk(domain: string): Ask {
  return {
    from: `mail exchangers of ${domain}`,
    async find(context) {
      const mx = await readMx(domain, context.network, context.signal);
      if (mx.kind === 'failed') {
        return { outcome: 'failed', detail: mx.detail, temporary: true, reached: mx.reached };
      }
      const hosts = exchangersToTry(mx, context.providers).filter(
        (host) => !namesOf(domain).includes(host),
      );
      if (hosts.length > 0) return tryNames(domain, hosts, context);
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

async function tryNames(
  domain: string,
  hosts: readonly string[],
  { network, signal }: AskContext,
): Promise<Answer> {
  const denials = await Promise.all(
    SERVICES.map(({ service }) => readSubmissionSrv(service, domain, network, signal)),
  );
  const services = SERVICES.filter((_, index) => denials[index]?.kind !== 'denied');
  if (services.length === 0) {
    return { outcome: 'nothing', detail: 'the domain says that it offers no submission' };
  }
  const answers = await Promise.all(
    hosts.map(async (host) => ({ host, ...(await lookUp(host, services, network, signal)) })),
  );
  const found = answers.filter(({ services: usable }) => usable.length > 0);
  const failed = answers.flatMap(({ answer }) => (answer?.kind === 'failed' ? [answer] : []));
  const [failure] = failed;
  if (found.length === 0) {
    return failure
      ? {
          outcome: 'failed',
          detail: failure.detail,
          temporary: true,
          reached: answers.some(({ answer }) => answer?.kind !== 'failed' || answer.reached),
        }
      : { outcome: 'nothing', detail: `no such host: ${hosts.join(', ')}` };
  }
  return {
    outcome: 'found',
    statements: found.flatMap(({ host, services: usable }) =>
      usable.map(
        ({ port, encryption }): Statement => ({
          host,
          port,
          encryption,
          auth: [],
          username: null,
          oauth: null,
        }),
      ),
    ),
    channel: 'dns',
    provider: null,
    detail: `${found.map(({ host }) => host).join(', ')} of ${hosts.join(', ')}`,
    ...(failure ? { incomplete: true } : {}),
  };
}

/** Which services can be tried at a host: those redirected for that very name, or all if it resolves. */
async function lookUp(
  host: string,
  services: readonly Service[],
  network: Network,
  signal: AbortSignal,
): Promise<{ services: readonly Service[]; answer: HostAnswer | null }> {
  const redirected = services.filter(({ port }) => isRedirected(network, host, port));
  if (redirected.length === services.length) return { services, answer: null };
  const answer = await network.resolveHost(host, signal);
  return { services: answer.kind === 'addresses' ? services : redirected, answer };
}

/** By a rule for this name, and not by one for every name, under which all of them would exist. */
function isRedirected(network: Network, host: string, port: number): boolean {
  const target = network.redirected(host, port);
  if (target === null) return false;
  const anything = network.redirected('no-such-name.invalid', port);
  return anything === null || anything.host !== target.host || anything.port !== target.port;
}
