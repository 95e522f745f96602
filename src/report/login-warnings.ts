/** What a user must be told about a login. */

import type { Ranked } from '../engine/rank.ts';
import type { LoginResult } from '../login/record.ts';
import { type Warning, warning } from '../model/warnings.ts';

export function loginWarnings(
  login: LoginResult,
  winner: Ranked | null,
  email: string | null,
  providerName: string | null,
): readonly Warning[] {
  const { reason } = login;
  if (winner === null) return [warning('login-not-tried', { reason })];
  const { host, port } = winner.candidate;
  const provider = providerName ?? host;
  switch (login.outcome) {
    case 'accepted':
      return login.maySendAs === false && email !== null
        ? [warning('sender-refused', { host, port, address: email })]
        : [];
    case 'temporary':
      return [warning('login-temporary', { host, port, reason })];
    case 'not-tried':
      return [warning('login-not-tried', { reason })];
    case 'refused': {
      const refused = warning('login-refused', { host, port, reason });
      switch (login.hint) {
        case 'app-password':
          return [refused, warning('app-password-wanted', { provider })];
        case 'smtp-auth-disabled':
          return [refused, warning('smtp-auth-disabled', { provider })];
        case 'oauth2-only':
          return [refused, warning('oauth2-only', { provider })];
        case null:
          return [refused];
      }
    }
  }
}
