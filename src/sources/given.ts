/**
 * The source of what the user named: servers, or a provider of the bundled database. The database
 * also says how to sign in at a named server that it knows.
 */
import { providerFacts, type Statement } from '../model/candidate.ts';
import { NAMED_BY_USER } from '../model/describe.ts';
import { describeEndpoint } from '../model/endpoint.ts';
import type { NamedServer } from '../model/named-server.ts';
import type { Query } from '../model/query.ts';
import type { ProviderDirectory } from '../providers/directory.ts';
import type { Answer } from './answer.ts';
import { databaseEntry, providerAnswer, providerStatements } from './provider-answer.ts';
import type { Given, QueryContext, Source, Subject } from './source.ts';

export const given: Source = {
  name: 'given',
  over: 'bundle',
  lookups: ({ domain }, context) => {
    const from =
      context.given?.kind === 'provider' ? databaseEntry(context.given.provider) : NAMED_BY_USER;
    return [
      {
        from,
        async find({ signal }) {
          signal.throwIfAborted();
          return answerOf(domain, context);
        },
      },
    ];
  },
};

/** What was named, in the order in which it counts. */
export function givenSubjects(given: Given, { domain }: Query): readonly Subject[] {
  const names =
    given.kind === 'provider'
      ? [domain || given.provider.id]
      : new Set(given.servers.map(({ host }) => host));
  return Array.from(names, (name) => ({ domain: name, kind: 'given' }));
}

/** What a named server or provider comes to, without contacting anybody. */
export function givenStatements(
  given: Given,
  query: Query,
  providers: ProviderDirectory,
): readonly Statement[] {
  return given.kind === 'provider'
    ? providerStatements(given.provider, query.domain)
    : given.servers.flatMap((server) => ofServer(server, query, providers));
}

function answerOf(subject: string, { given, query, providers }: QueryContext): Answer {
  if (!given) return { outcome: 'nothing', detail: 'nothing was named' };
  if (given.kind === 'provider') {
    const { provider } = given;
    return providerAnswer(provider, query.domain, 'bundled', provider.name);
  }
  const known = providers.byHost(subject);
  const statements = given.servers
    .filter(({ host }) => host === subject)
    .flatMap((server) => ofServer(server, query, providers));
  return {
    outcome: 'found',
    statements,
    channel: 'user',
    provider: known && providerFacts(known),
    detail: statements.map(describeEndpoint).join(', '),
  };
}

/** The usual ports where none is named: implicit TLS is preferred (RFC 8314 §3.3). */
function ofServer(
  { host, port, encryption }: NamedServer,
  query: Query,
  providers: ProviderDirectory,
): readonly Statement[] {
  const provider = providers.byHost(host);
  const known = (provider ? providerStatements(provider, query.domain) : []).filter(
    (one) => one.host === host,
  );
  return (port === null ? [465, 587] : [port]).map((at) => {
    const { auth, username, oauth, signIn } = known.find((one) => one.port === at) ?? {
      ...NOTHING_KNOWN,
      ...known[0],
    };
    return {
      host,
      port: at,
      encryption: encryption ?? (at === 465 ? 'tls' : 'starttls'),
      auth,
      username,
      oauth,
      ...(signIn !== undefined && { signIn }),
    };
  });
}

const NOTHING_KNOWN: Pick<Statement, 'auth' | 'username' | 'oauth' | 'signIn'> = {
  auth: [],
  username: null,
  oauth: null,
};
