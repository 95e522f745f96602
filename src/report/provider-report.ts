/** The bundled settings of a provider or relay service, as a report. Nothing is contacted. */

import type { Discovery } from '../engine/discovery.ts';
import { rank } from '../engine/rank.ts';
import { relevantTo } from '../engine/relevance.ts';
import { signInFacts } from '../engine/sign-in.ts';
import { mergeEvidence, type ProviderFacts, providerFacts } from '../model/candidate.ts';
import { SmtpFindError } from '../model/errors.ts';
import { printable } from '../model/printable.ts';
import type { Query } from '../model/query.ts';
import { HANDED_OUT } from '../model/username.ts';
import type { ProviderDirectory } from '../providers/directory.ts';
import { settingsForAnyDomain, settingsForDomain } from '../providers/own-domains.ts';
import type { Provider } from '../providers/provider.ts';
import { buildReport } from './build-report.ts';
import type { Report } from './report.ts';

/**
 * @param query fills in what depends on the address or the domain
 * @throws SmtpFindError `unknown-provider` or `ambiguous-provider`, with suggestions; `bad-input`
 * where the servers are named after a domain, and there is no query
 */
export function providerReport(
  directory: ProviderDirectory,
  name: string,
  query: Query | null,
): Report {
  const provider = named(directory, name);
  const { servers, signIn: advice } = query
    ? settingsForDomain(provider, query.domain)
    : settingsForAnyDomain(provider);
  if (query === null && servers.length === 0 && provider.servers.length > 0) {
    throw lacksDomain(provider);
  }
  const facts: ProviderFacts = providerFacts(provider);
  const candidates = mergeEvidence(
    servers.map((statement, index) => ({
      source: 'given',
      via: 'given',
      subject: query?.domain ?? provider.id,
      from: `bundled database, ${provider.id}`,
      channel: 'bundled',
      published: true,
      alternateName: false,
      precedence: { rank: 1, server: index },
      statement: {
        ...statement,
        username: statement.username ?? (provider.kind === 'relay' ? HANDED_OUT : null),
        oauth: provider.oauth,
        ...(advice !== null && { signIn: advice }),
      },
      provider: facts,
    })),
  );
  const ranked = rank(candidates.values(), new Map(), new Set(), new Date(0));
  const winner = ranked[0] ?? null;
  const relevance = relevantTo({ winner, lookups: [], ranked }, false);
  const discovery: Discovery = {
    query: query ?? { input: name, email: null, localPart: null, domain: '' },
    lookups: [],
    ranked,
    winner,
    signIn: winner && signInFacts(winner, relevance),
    withoutSubmission: facts.notes.some(({ code }) => code === 'no-submission') ? facts : null,
    moved: null,
    deniedBy: null,
    probing: false,
    offline: true,
    durationMs: 0,
  };
  const report = buildReport(discovery, directory, { all: true, explain: false });
  return { ...report, domain: query?.domain ?? null, provider: facts };
}

function named(directory: ProviderDirectory, name: string): Provider {
  const [provider, ...others] = directory.byName(name);
  if (provider === undefined) throw unknown(name, directory.suggestions(name));
  if (others.length > 0) throw ambiguous(name, [provider, ...others]);
  return provider;
}

function unknown(name: string, suggestions: readonly string[]): SmtpFindError {
  const hint =
    suggestions.length > 0
      ? `; did you mean ${suggestions.join(', ')}?`
      : ': expected an id, a name, a domain or a server, like gmail or sendgrid';
  return new SmtpFindError(
    'unknown-provider',
    `the database has no provider "${printable(name, 60)}"${hint}`,
    { suggestions },
  );
}

function ambiguous(name: string, providers: readonly Provider[]): SmtpFindError {
  const usable = providers.filter(({ servers }) => servers.length > 0);
  const suggestions = (usable.length > 0 ? usable : providers).map(({ id }) => id);
  const [family, ...others] = new Set(providers.map((provider) => provider.family));
  const why =
    family && others.length === 0
      ? `${family} has a server for each region`
      : `"${printable(name, 60)}" may be any of several providers`;
  return new SmtpFindError(
    'ambiguous-provider',
    `${why}: expected one of ${suggestions.join(', ')}`,
    { suggestions },
  );
}

function lacksDomain({ name, domains: [example = 'example.com'] }: Provider): SmtpFindError {
  return new SmtpFindError(
    'bad-input',
    `the settings of ${name} depend on your domain: add your address or domain, like you@${example}`,
  );
}
