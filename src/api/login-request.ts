/** What a caller says who wants to log in. */
import type { Endpoint } from '../model/endpoint.ts';

/** A password, or an OAuth 2.0 access token. Never shown, never kept. */
export interface Secret {
  readonly kind: 'password' | 'token';
  readonly value: string;
}

export interface LoginRequest {
  /** A function is called only when there is a server that may be shown the secret. */
  readonly secret: Secret | AskForSecret;
  /** The user name, where it isn't the one the sources name or the address. */
  readonly username?: string;
  /** Hosts to trust although only an unprotected answer names them. */
  readonly acceptHosts?: readonly string[];
}

/** What to ask for. */
export interface WantedSecret {
  /** `token` where the server or its provider takes no password. */
  readonly kind: Secret['kind'];
  /**
   * Null where the account's own password will do. `needed` says when it won't: `always`, or once
   * `two-factor` sign-in is on; `url` is the page on which to make an app password, if one is known.
   */
  readonly appPassword: {
    readonly needed: 'always' | 'two-factor';
    readonly url: string | null;
  } | null;
}

/**
 * For those who ask a person, who should know which server it is for. It is not called where no
 * secret could work. What it throws is passed on.
 */
export type AskForSecret = (
  server: Endpoint,
  signal: AbortSignal,
  wanted: WantedSecret,
) => Promise<Secret>;

/** Also for callers that no compiler has checked. */
export function isSecret(value: unknown): value is Secret {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, value: text } = value as Partial<Secret>;
  return (kind === 'password' || kind === 'token') && typeof text === 'string';
}

export function isLoginRequest(value: unknown): value is LoginRequest {
  if (typeof value !== 'object' || value === null) return false;
  const { secret, username, acceptHosts } = value as Partial<LoginRequest>;
  return (
    (typeof secret === 'function' || isSecret(secret)) &&
    (username === undefined || typeof username === 'string') &&
    (acceptHosts === undefined || Array.isArray(acceptHosts))
  );
}
