/** The parts of a report that can be asked for by name: columns of TSV, members of JSON. */
import { hostPort } from '../model/endpoint.ts';
import type { Report } from '../report/report.ts';

export interface Field {
  /** Short; its path in the JSON is another name of it. */
  readonly name: string;
  readonly path: string;
  /** As JSON has it. */
  value(report: Report): unknown;
  /** In one line of text; empty where there is nothing. */
  text(report: Report): string;
}

/** @param words what stands for a value that is not a text, a number, or a list of such */
function field<V>(
  name: string,
  path: string,
  value: (report: Report) => V,
  words: (value: NonNullable<V>) => string = plainWords,
): Field {
  return {
    name,
    path,
    value: (report) => value(report) ?? null,
    text: (report) => {
      const found = value(report);
      return found === null || found === undefined ? '' : words(found);
    },
  };
}

/** Lists are separated by commas; those of objects are named by what is stable in each. */
export const fields: readonly Field[] = [
  field('query', 'query', ({ query }) => query),
  field('email', 'email', ({ email }) => email),
  field('domain', 'domain', ({ domain }) => domain),
  field('status', 'status', ({ status }) => status),
  field('complete', 'complete', ({ complete }) => complete),
  field('host', 'settings.host', ({ settings }) => settings?.host),
  field('port', 'settings.port', ({ settings }) => settings?.port),
  field('encryption', 'settings.encryption', ({ settings }) => settings?.encryption),
  field('auth', 'settings.auth', ({ settings }) => settings?.auth),
  field('username', 'settings.username', ({ settings }) => settings?.username),
  field('usernameFrom', 'settings.usernameFrom', ({ settings }) => settings?.usernameFrom),
  field('verified', 'settings.verified', ({ settings }) => settings?.verified),
  field(
    'evidence',
    'settings.evidence',
    ({ settings }) => settings?.evidence,
    (evidence) => listed(evidence.map(({ source }) => source)),
  ),
  field('tls', 'settings.tls', tls, ({ protocol }) => protocol),
  field('protocol', 'settings.tls.protocol', (report) => tls(report)?.protocol),
  field(
    'certificate',
    'settings.tls.certificate',
    (report) => tls(report)?.certificate,
    ({ names }) => listed(names),
  ),
  field('issuer', 'settings.tls.certificate.issuer', (report) => tls(report)?.certificate?.issuer),
  field(
    'validTo',
    'settings.tls.certificate.validTo',
    (report) => tls(report)?.certificate?.validTo,
  ),
  field(
    'oauth',
    'settings.oauth',
    ({ settings }) => settings?.oauth,
    ({ issuer }) => issuer ?? '',
  ),
  field(
    'provider',
    'provider',
    ({ provider }) => provider,
    ({ id, name }) => id ?? name,
  ),
  field('providerName', 'provider.name', ({ provider }) => provider?.name),
  field('documentation', 'provider.documentation', ({ provider }) => provider?.documentation),
  field('notes', 'provider.notes', ({ provider }) => provider?.notes, codes),
  field('confirmed', 'provider.confirmed', ({ provider }) => provider?.confirmed),
  field(
    'login',
    'login',
    ({ login }) => login,
    ({ outcome }) => outcome,
  ),
  field('maySendAs', 'login.maySendAs', ({ login }) => login?.maySendAs),
  field(
    'checks',
    'checks',
    ({ checks }) => checks,
    (checks) => listed(checks.flatMap(({ condition, ok }) => (ok ? [] : [condition]))),
  ),
  field('warnings', 'warnings', ({ warnings }) => warnings, codes),
  field(
    'sources',
    'sources',
    ({ sources }) => sources,
    (sources) => listed(sources.map(({ source, outcome }) => `${source}=${outcome}`)),
  ),
  field('because', 'because', ({ because }) => because),
  field('durationMs', 'durationMs', ({ durationMs }) => durationMs),
  field(
    'alternatives',
    'alternatives',
    ({ alternatives }) => alternatives,
    (alternatives) => listed(alternatives.map(({ host, port }) => hostPort(host, port))),
  ),
];

/** Short names are what people type; the path is what they see in the JSON. */
export function fieldNamed<F extends Pick<Field, 'name' | 'path'>>(
  name: string,
  among: readonly F[],
): F | null {
  const wanted = name.toLowerCase();
  return (
    among.find((known) => [known.name, known.path].some((own) => own.toLowerCase() === wanted)) ??
    null
  );
}

function tls({ settings }: Report): NonNullable<Report['settings']>['tls'] | undefined {
  return settings?.tls;
}

function codes(items: readonly { readonly code: string }[]): string {
  return listed(items.map(({ code }) => code));
}

/** A server that warns twice of the same has it once. */
function listed(words: readonly string[]): string {
  return [...new Set(words)].join(',');
}

function plainWords(value: unknown): string {
  return Array.isArray(value) ? listed(value.map(String)) : String(value);
}
