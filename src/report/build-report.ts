/** From a finished discovery to its report: a pure function. */

import type { Discovery, SignIn } from '../engine/discovery.ts';
import type { Ranked } from '../engine/rank.ts';
import { isComplete, type Relevance, relevantTo } from '../engine/relevance.ts';
import { signInFacts } from '../engine/sign-in.ts';
import type { LoginResult } from '../login/record.ts';
import { type Evidence, type ProviderFacts, providerFacts } from '../model/candidate.ts';
import { SmtpFindError } from '../model/errors.ts';
import { printableDeep, visible } from '../model/printable.ts';
import type { Query } from '../model/query.ts';
import { ASSUMED_USERNAME, fillUsername } from '../model/username.ts';
import { type Warning, warning } from '../model/warnings.ts';
import type { ProviderDirectory } from '../providers/directory.ts';
import { alsoOffered } from './also-offered.ts';
import { usableMechanisms } from './authentication.ts';
import { because } from './because.ts';
import { loginWarnings } from './login-warnings.ts';
import type { Alternative, Report, ReportedLogin, Settings } from './report.ts';
import { reportedProbe, reportedTls, seenByProbe } from './seen.ts';
import { trustOf } from './trust.ts';
import { warningsOf } from './warnings.ts';

export interface View {
  /** List every candidate; everything was let finish. */
  readonly all: boolean;
  /** Tell what each source answered. */
  readonly explain: boolean;
}

/** @param username whom the caller named for the login; null leaves it to the sources */
export function buildReport(
  discovery: Discovery,
  providers: ProviderDirectory,
  view: View,
  login: LoginResult | null = null,
  username: string | null = null,
): Report {
  const { query, winner, signIn, ranked } = discovery;
  const relevance = relevantTo(discovery, view.all);
  const describe = (item: Ranked, signIn: SignIn): Settings =>
    settingsOf(
      item,
      signIn,
      view.all ? [...new Set([...item.candidate.evidence, ...signIn.evidence])] : signIn.evidence,
      context,
    );
  const context = { query, providers };
  const settings = winner && signIn && withLogin(describe(winner, signIn), login, username);
  const provider = winner ? providerOf(winner, relevance, providers) : withoutServer(discovery);
  const reason = view.explain ? because(discovery) : null;
  return printableDeep<Report>({
    version: 1,
    query: query.input,
    email: query.email,
    domain: query.domain || null,
    status: settings === null ? 'not-found' : settings.verified ? 'verified' : 'unverified',
    complete: isComplete(discovery),
    settings,
    alsoOffered: alsoOffered(
      discovery,
      winner && providers.byHost(winner.candidate.host),
      view.all,
    ),
    provider,
    login: login && reportedLogin(login),
    checks: [],
    alternatives: view.all
      ? ranked
          .filter((item) => item !== winner)
          .map(
            (item): Alternative => ({
              ...describe(item, signInFacts(item, relevance)),
              probe: reportedProbe(item),
            }),
          )
      : [],
    warnings: [
      ...(login ? loginWarnings(login, winner, query.email, provider?.name ?? null) : []),
      ...warningsOf(discovery, relevance, providers).filter(
        (warning) => !isSettled(warning, login, username),
      ),
    ],
    sources:
      view.explain || view.all
        ? discovery.lookups.map(({ source, subject, outcome, durationMs, detail, from }) => ({
            source,
            subject: subject.domain,
            outcome,
            durationMs: Math.round(durationMs),
            detail,
            from,
          }))
        : [],
    durationMs: Math.round(discovery.durationMs),
    ...(view.explain || view.all ? { probes: ranked.flatMap(seenByProbe) } : {}),
    ...(reason === null ? {} : { because: reason }),
  });
}

/** The name that was let in is the right one; else whoever names one knows best. */
function withLogin(
  settings: Settings,
  login: LoginResult | null,
  username: string | null,
): Settings {
  if (username !== null) return { ...settings, username, usernameFrom: 'given' };
  const accepted = login?.outcome === 'accepted' ? login.username : null;
  return accepted === null ? settings : { ...settings, username: accepted };
}

function isSettled({ code }: Warning, login: LoginResult | null, username: string | null): boolean {
  const tried = login?.outcome === 'accepted' || login?.outcome === 'refused';
  return code === 'assumed-username' && (tried || username !== null);
}

function reportedLogin({
  outcome,
  mechanism,
  username,
  maySendAs,
  reply,
}: LoginResult): ReportedLogin {
  return { outcome, mechanism, username, maySendAs, reply };
}

/** The report for bad input among several queries. */
export function errorReport(input: string, error: unknown): Report {
  const isOurs = error instanceof SmtpFindError && error.code !== 'internal';
  const message = error instanceof Error ? error.message : String(error);
  return printableDeep<Report>({
    version: 1,
    query: visible(input.trim()),
    email: null,
    domain: null,
    status: 'error',
    complete: true,
    settings: null,
    alsoOffered: [],
    provider: null,
    login: null,
    checks: [],
    alternatives: [],
    warnings: [warning(isOurs ? 'bad-input' : 'internal', { message })],
    sources: [],
    durationMs: 0,
  });
}

function settingsOf(
  ranked: Ranked,
  signIn: SignIn,
  evidence: readonly Evidence[],
  { query, providers }: { readonly query: Query; readonly providers: ProviderDirectory },
): Settings {
  const { candidate, probe, verified } = ranked;
  const known = providers.byHost(candidate.host);
  return {
    host: candidate.host,
    port: candidate.port,
    encryption: candidate.encryption,
    auth: usableMechanisms(ranked, signIn.auth, known),
    username: fillUsername(signIn.username ?? ASSUMED_USERNAME, query),
    usernameFrom: signIn.username === null ? 'assumed' : 'published',
    verified,
    evidence: evidence.map((item) => ({
      source: item.source,
      subject: item.subject,
      trust: trustOf(item, ranked, query.domain),
      from: item.from,
    })),
    tls: reportedTls(probe?.tls ?? null),
    oauth: signIn.oauth ?? known?.oauth ?? null,
  };
}

/** The one that is known to offer no submission, or whose servers are not known. */
function withoutServer({ withoutSubmission, given }: Discovery): ProviderFacts | null {
  if (given?.kind === 'provider') return providerFacts(given.provider);
  return withoutSubmission;
}

/** Our own entry tells more than a document says of itself. */
function providerOf(
  winner: Ranked,
  relevance: Relevance,
  providers: ProviderDirectory,
): ProviderFacts | null {
  const stated = relevance.evidence(winner)[0].provider;
  if (stated?.id) return stated;
  const known = providers.byHost(winner.candidate.host);
  return known ? providerFacts(known) : stated;
}
