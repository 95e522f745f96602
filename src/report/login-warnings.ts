/** What a user must be told about a login. */

import type { Ranked } from '../engine/rank.ts';
import type { LoginResult } from '../login/result.ts';
import { type Finding, finding } from '../model/warnings.ts';

export function loginWarnings(
  login: LoginResult,
  winner: Ranked | null,
  email: string | null,
  providerName: string | null,
): readonly Finding[] {
  const { reason } = login;
  if (winner === null) return [finding('login-not-tried', { reason })];
  const { host, port } = winner.candidate;
  const provider = providerName ?? host;
  switch (login.outcome) {
    case 'accepted':
      return login.maySendAs === false && email !== null
        ? [finding('sender-refused', { host, port, address: email })]
        : [];
    case 'temporary':
      return [finding('login-temporary', { host, port, reason })];
    case 'not-tried':
      return [finding('login-not-tried', { reason })];
    case 'refused': {
      const refused = finding('login-refused', { host, port, reason });
      switch (login.hint) {
        case 'app-password':
          return [refused, finding('app-password-wanted', { provider })];
        case 'smtp-auth-disabled':
          return [refused, finding('smtp-auth-disabled', { provider })];
        case 'oauth2-only':
          return [refused, finding('oauth2-only', { provider })];
        case null:
          return [refused];
      }
    }
  }
}
