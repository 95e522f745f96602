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
import { buildReport } from './build-report.ts';
import type { Report } from './report.ts';

/**
 * @param query fills in the user name; without one the placeholders stay
 * @throws SmtpFindError `unknown-provider`, with suggestions
 */
export function providerReport(
  directory: ProviderDirectory,
  name: string,
  query: Query | null,
): Report {
  const provider = directory.byName(name);
  if (provider === null) throw unknown(name, directory.suggestions(name));
  const facts: ProviderFacts = providerFacts(provider);
  const domain = query?.domain ?? provider.domains[0] ?? '';
  const candidates = mergeEvidence(
    provider.servers.map((statement, index) => ({
      source: 'database',
      via: 'database',
      subject: domain === '' ? provider.id : domain,
      from: `bundled database, ${provider.id}`,
      channel: 'bundled',
      published: true,
      alternateName: false,
      precedence: { rank: 1, server: index },
      statement: {
        ...statement,
        username: statement.username ?? (provider.kind === 'relay' ? HANDED_OUT : null),
        oauth: provider.oauth,
      },
      provider: facts,
    })),
  );
  const ranked = rank(candidates.values(), new Map(), new Set(), new Date(0));
  const winner = ranked[0] ?? null;
  const relevance = relevantTo({ winner, lookups: [], ranked }, false);
  const discovery: Discovery = {
    query: query ?? { input: name, email: null, localPart: null, domain },
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

function unknown(name: string, suggestions: readonly string[]): SmtpFindError {
  const hint = suggestions.length > 0 ? `; did you mean ${suggestions.join(', ')}?` : '';
  return new SmtpFindError(
    'unknown-provider',
    `the database has no provider "${printable(name, 60)}"${hint || ': expected an id or a name, like gmail or sendgrid'}`,
  );
}
