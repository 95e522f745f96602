/** What became of a login. Nothing in it ever holds the secret. */
import type { LoginHint } from './verdict.ts';

export type LoginOutcome =
  | 'accepted'
  /** The server said no to the credentials, or they could not be shown to it in any way it takes. */
  | 'refused'
  /** The server asked to come back later, or fell silent after the secret had been sent. */
  | 'temporary'
  /** Nothing made from the secret was sent. */
  | 'not-tried';

export interface LoginResult {
  readonly outcome: LoginOutcome;
  /** The one that was accepted, or that the outcome is about; null when none was tried. */
  readonly mechanism: string | null;
  /** Likewise; null too when it is the same as the secret. */
  readonly username: string | null;
  /** Whether the server takes the address in MAIL FROM; null when that is not known. */
  readonly maySendAs: boolean | null;
  /** The server's last word on it, such as `535 5.7.8 Bad credentials`: sanitised, one line. */
  readonly reply: string | null;
  /** Sanitised, one line, no full stop. */
  readonly reason: string;
  readonly hint: LoginHint | null;
  /** How often the server may have counted a login, at most 3. */
  readonly attempts: number;
}
