/** Which secret a server can be shown, known before anybody is asked for one. */
import type { Ranked } from '../engine/rank.ts';
import { usableMechanisms } from '../login/plan.ts';
import type { Provider } from '../providers/provider.ts';
import {
  acceptsPasswords,
  usableMechanisms as signInMechanisms,
} from '../report/authentication.ts';
import type { Secret, WantedSecret } from './login-request.ts';

type SecretKind = Secret['kind'];

/** Empty where the login speaks nothing that is offered; a password before a token. */
export function secretKinds(
  winner: Ranked,
  stated: readonly string[],
  known: Provider | null,
): readonly SecretKind[] {
  const offered = signInMechanisms(winner, stated, known);
  const possible: readonly SecretKind[] = acceptsPasswords(known)
    ? ['password', 'token']
    : ['token'];
  return possible.filter((kind) => usableMechanisms(offered, kind).length > 0);
}

/** What to ask a person for: hardly anybody has a token at hand where a password will do. */
export function wantedSecret(kind: SecretKind, known: Provider | null): WantedSecret {
  const note = known?.notes.find(({ code }) => code === 'app-password');
  const appPassword =
    kind === 'password' && note
      ? { needed: note.when ?? 'always', url: known?.links.appPassword ?? null }
      : null;
  return { kind, appPassword };
}

/** Why this secret can't work here; null when it may. */
export function obstacleOf(
  secret: Pick<Secret, 'kind'>,
  kinds: readonly SecretKind[],
  name: string,
): string | null {
  if (kinds.includes(secret.kind)) return null;
  return secret.kind === 'password'
    ? `${name} takes no password, only an OAuth 2.0 access token: set SMTP_FIND_TOKEN to one ` +
        '(docs/login.md tells how to get it)'
    : `${name} takes no access token, only a password: set SMTP_FIND_PASSWORD instead`;
}
