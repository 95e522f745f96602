/**
 * From a decision to a login: whether the credentials may be shown to this server at all, under
 * which user names, and what came of it.
 */

import type { Discovery, SignIn } from '../engine/discovery.ts';
import { tryLogin } from '../login/login.ts';
import type { LoginResult } from '../login/record.ts';
import { isNamedByUser } from '../model/candidate.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { SmtpFindError } from '../model/errors.ts';
import { ASSUMED_USERNAME, fillUsername, isIncomplete, LOCAL_PART } from '../model/username.ts';
import { toNamedHost } from '../net/named-host.ts';
import type { Network } from '../net/network.ts';
import { abortable } from '../net/time.ts';
import type { ProviderDirectory } from '../providers/directory.ts';
import { acceptsPasswords } from '../report/authentication.ts';
import { isUnprotected } from '../report/trust.ts';
import {
  type AskForSecret,
  isSecret,
  type LoginRequest,
  type Secret,
  type WantedSecret,
} from './login-request.ts';
import { obstacleOf, secretKinds, wantedSecret } from './wanted-secret.ts';

/** @throws the signal's reason, or what asking for the secret throws */
export async function logIn(
  discovery: Discovery,
  request: LoginRequest,
  network: Network,
  providers: ProviderDirectory,
  signal: AbortSignal,
  deadlineMs?: number,
): Promise<LoginResult> {
  const { winner, signIn, query } = discovery;
  if (winner === null || signIn === null) return notTried('no server was found');
  if (!winner.verified) return notTried('the server could not be verified');
  const { host } = winner.candidate;
  const accepted = request.acceptHosts?.some((name) => name.toLowerCase() === host) ?? false;
  if (!accepted && isUnprotected(winner, signIn.evidence, query.domain, providers)) {
    return notTried(
      `only an unprotected answer names ${host}; if you know it is right, pass --accept-host ${host}`,
    );
  }
  const usernames = usernamesFor(signIn, discovery, request);
  if (usernames.length === 0) {
    return notTried('a domain alone has no user name; pass the full address or --user');
  }
  const known = providers.byHost(host);
  const kinds = secretKinds(winner, signIn.auth, known);
  const [kind] = kinds;
  if (kind === undefined) {
    const offered = winner.probe?.auth.join(' ');
    const why = acceptsPasswords(known) ? '' : `${known?.name} takes no password, and `;
    return notTried(`${why}of what ${host} offers, we speak nothing that could work: ${offered}`);
  }
  const wanted = wantedSecret(kind, known);
  const secret =
    typeof request.secret === 'function'
      ? await askFor(request.secret, winner.candidate, wanted, signal)
      : request.secret;
  const obstacle = obstacleOf(secret, kinds, known?.name ?? host);
  if (obstacle !== null) return notTried(obstacle);
  const through = isNamedByUser(winner.candidate) ? toNamedHost(network) : network;
  return tryLogin(winner.candidate, through, {
    signal,
    usernames,
    secret,
    address: query.email,
    ...(deadlineMs !== undefined && { deadlineMs }),
  });
}

/** Whoever is asked may never answer. @throws the signal's reason, or what asking throws */
async function askFor(
  ask: AskForSecret,
  { host, port, encryption }: Endpoint,
  wanted: WantedSecret,
  signal: AbortSignal,
): Promise<Secret> {
  const asking = ask({ host, port, encryption }, signal, wanted);
  const secret: unknown = await abortable(asking, signal);
  if (isSecret(secret)) return secret;
  throw new SmtpFindError('bad-option', `login.secret gave ${typeof secret}: expected a secret`);
}

/** What was asked for; else what the sources say, best first; else the address, then its local part (RFC 6186 §4). */
function usernamesFor(
  { usernames }: SignIn,
  { query }: Discovery,
  { username }: LoginRequest,
): readonly string[] {
  if (username !== undefined) return [username];
  const stated = usernames.flatMap(({ statement }) => statement.username ?? []);
  const templates = stated.length > 0 ? stated : [ASSUMED_USERNAME, LOCAL_PART];
  return templates
    .map((template) => fillUsername(template, query))
    .filter((name) => !isIncomplete(name));
}

function notTried(reason: string): LoginResult {
  return {
    outcome: 'not-tried',
    mechanism: null,
    username: null,
    maySendAs: null,
    reply: null,
    reason,
    hint: null,
    attempts: 0,
  };
}
