/** What a caller names, checked: servers, or a provider of the bundled database. */
import { SmtpFindError } from '../model/errors.ts';
import { parseNamedServer } from '../model/named-server.ts';
import { parseQuery, type Query } from '../model/query.ts';
import { ASSUMED_USERNAME, fillUsername, HANDED_OUT, isIncomplete } from '../model/username.ts';
import type { ProviderDirectory } from '../providers/directory.ts';
import type { Provider } from '../providers/provider.ts';
import { providerNamed } from '../providers/provider-named.ts';
import { givenStatements } from '../sources/given.ts';
import type { Given } from '../sources/source.ts';
import type { LoginRequest } from './login-request.ts';

/** Each may take several probes, of which a query has a limited number. */
const MOST_SERVERS = 16;

/** What to examine. */
export type Named =
  /**
   * `HOST`, `HOST:PORT` or `smtps://HOST:PORT`; without a port 465 and 587. The first good one is the
   * answer. At most 16.
   */
  | { readonly servers: readonly string[] }
  /** An id, name or alias, however it is spelled, one of its domains or of its servers. */
  | { readonly provider: string };

/** @throws SmtpFindError `bad-option`, `unknown-provider` or `ambiguous-provider` */
export function givenBy(named: unknown, providers: ProviderDirectory): Given {
  const { servers, provider } = (named ?? {}) as { servers?: unknown; provider?: unknown };
  const isList = Array.isArray(servers) && servers.length > 0;
  if (isList && servers.every((text) => typeof text === 'string') && provider === undefined) {
    if (servers.length > MOST_SERVERS) {
      const message = `${servers.length} servers are too many at once: expected ${MOST_SERVERS} at most`;
      throw new SmtpFindError('bad-option', message);
    }
    return { kind: 'servers', servers: servers.map(parseNamedServer) };
  }
  if (typeof provider === 'string' && servers === undefined) {
    return { kind: 'provider', provider: providerNamed(providers, provider) };
  }
  throw new SmtpFindError('bad-option', 'expected servers, or the name of a provider, as text');
}

/** @throws SmtpFindError `bad-input`, also for callers that no compiler has checked */
export function queryOf(input: unknown): Query {
  if (typeof input === 'string') return parseQuery(input);
  if (isQuery(input)) return input;
  throw new SmtpFindError('bad-input', 'expected an address or a domain, as text or parsed');
}

function isQuery(input: unknown): input is Query {
  return (
    typeof input === 'object' &&
    input !== null &&
    'input' in input &&
    typeof input.input === 'string' &&
    'domain' in input &&
    typeof input.domain === 'string'
  );
}

/**
 * The query about what was named; without an address or a domain it has an empty domain.
 * @throws SmtpFindError `bad-input`
 */
export function queryAbout(named: Named, input: unknown): Query {
  if (input !== undefined) return queryOf(input);
  const text = 'servers' in named ? named.servers.join(', ') : named.provider;
  return { input: text, email: null, localPart: null, domain: '' };
}

/** @throws SmtpFindError `bad-input` where servers are named after a domain, and there is none */
export function checkDomain(given: Given, query: Query, providers: ProviderDirectory): void {
  if (given.kind === 'servers' || query.domain !== '') return;
  const { provider } = given;
  if (provider.servers.length === 0) return;
  if (givenStatements(given, query, providers).length === 0) throw lacksDomain(provider);
}

function lacksDomain({ name, domains: [example = 'example.com'] }: Provider): SmtpFindError {
  return new SmtpFindError(
    'bad-input',
    `the settings of ${name} depend on your domain: add your address or domain, like you@${example}`,
  );
}

/**
 * Told before anybody is contacted.
 * @throws SmtpFindError `bad-option` where nothing says who logs in
 */
export function checkUsername(
  given: Given,
  query: Query,
  { username }: LoginRequest,
  providers: ProviderDirectory,
): void {
  if (username !== undefined) return;
  const statements = givenStatements(given, query, providers);
  const templates = statements.map((statement) => statement.username ?? ASSUMED_USERNAME);
  if (templates.length === 0) return;
  if (templates.some((template) => !isIncomplete(fillUsername(template, query)))) return;
  const isHandedOut = templates.every((template) => template.includes(HANDED_OUT));
  throw new SmtpFindError(
    'bad-option',
    isHandedOut
      ? 'the provider hands out the user name for a login: pass it with --user'
      : 'a login needs a user name: add your address, or pass it with --user',
  );
}
