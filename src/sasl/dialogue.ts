/**
 * What SASL mechanisms have in common (RFC 4422). Each is a dialogue, written as a generator: it
 * yields the client's messages, is resumed with the server's, and knows nothing of SMTP, base64 or
 * sockets.
 */

export interface Credentials {
  readonly username: string;
  /** A password, or an OAuth token. */
  readonly secret: string;
  /** The server's, for OAUTHBEARER. */
  readonly host: string;
  readonly port: number;
}

/** What the client says. */
export interface ClientMessage {
  readonly bytes: Buffer;
  /** Made from the secret: from here on it is an attempt at logging in. */
  readonly secret: boolean;
  /** Parts of it that are as good as the secret to somebody who guesses passwords. */
  readonly proofs?: readonly string[];
  /** The mechanism's own error code that the server sent; not yet safe to show. */
  readonly serverError?: string;
}

/** What the server says: a challenge, or that the login succeeded with the text of its reply. */
export interface ServerMessage {
  readonly kind: 'challenge' | 'success';
  /** Of a challenge the bytes; null when they were no base64. Of a success the text. */
  readonly data: Buffer | null;
}

/**
 * First yields the initial response, or null when the server speaks first. When it returns, the
 * client has nothing more to say; it is resumed with `success` too, and may throw then.
 * @throws SaslFailure
 */
export type SaslDialogue = AsyncGenerator<ClientMessage | null, void, ServerMessage>;

/** The client's side of a mechanism. */
export type SaslClient = (credentials: Credentials) => SaslDialogue;

/** The client will not go on. Messages are safe to show and never hold anything secret. */
export class SaslFailure extends Error {
  override readonly name: string = 'SaslFailure';
  /**
   * `unusable`: this mechanism can't be used here. `server-not-authenticated`: the server let us in
   * without proving that it knows the credentials.
   */
  readonly kind: 'unusable' | 'server-not-authenticated';

  constructor(kind: SaslFailure['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** An empty message, where the protocol wants one to be sent. */
export const emptyMessage: ClientMessage = { bytes: Buffer.alloc(0), secret: false };

/** @throws SaslFailure when it is no challenge, or no base64 */
export function challengeOf(message: ServerMessage): Buffer {
  if (message.kind === 'success') {
    throw new SaslFailure(
      'server-not-authenticated',
      'the server let us in without asking for a password',
    );
  }
  if (message.data) return message.data;
  throw new SaslFailure('unusable', 'the server sent a challenge that is no base64');
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Strict, where Node skips what it does not know (RFC 4648 §3.3). */
export function decodeBase64(text: string): Buffer | null {
  return BASE64.test(text) ? Buffer.from(text, 'base64') : null;
}

/** `saslname` of RFC 5801 §4 and RFC 5802 §5.1: a user name between commas. */
export function saslName(name: string): string {
  return name.replaceAll('=', '=3D').replaceAll(',', '=2C');
}
