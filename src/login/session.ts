/** A connection on which something secret may be sent. */
import type { Endpoint } from '../model/endpoint.ts';
import type { Network } from '../net/network.ts';
import { isOutdatedProtocol, judge } from '../probe/verdict.ts';
import { type SecretKind, takesSecret } from '../sasl/index.ts';
import { bestFirst } from '../sasl/mechanisms.ts';
import type { Conversation } from '../smtp/conversation.ts';
import type { Seen } from '../smtp/dialogue.ts';
import { open } from '../smtp/opening.ts';
import type { LoginHint } from './verdict.ts';

export interface Session {
  readonly kind: 'session';
  readonly talk: Conversation;
  readonly seen: Seen;
  /** Never empty. */
  readonly mechanisms: readonly string[];
}

/** Why nothing secret is sent here. */
export interface Obstacle {
  readonly kind: 'obstacle';
  readonly reason: string;
  readonly hint: LoginHint | null;
}

export interface SessionNeeds {
  readonly endpoint: Endpoint;
  readonly network: Network;
  readonly secretKind: SecretKind;
  /** Only these, in this order; undefined for all that the server offers, best first. */
  readonly mechanisms: readonly string[] | undefined;
  readonly ehloName: string;
  readonly signal: AbortSignal;
}

/**
 * @param seen is filled in as things are seen
 * @throws what `open` throws
 */
export async function beginSession(
  talk: Conversation,
  seen: Seen,
  { endpoint, network, secretKind, mechanisms, ehloName, signal }: SessionNeeds,
): Promise<Session | Obstacle> {
  const { host, encryption } = endpoint;
  await open(talk, seen, {
    encryption,
    handshake: (socket) => network.handshake(socket, { host, signal }),
    ehloName,
    signal,
  });

  const became = judge(seen.auth, seen.tls);
  if (became.outcome !== 'ok') return obstacle(became.reason);
  // `judge` lets plaintext pass, and a lab's TLS may be of any age.
  if (seen.tls?.certificate?.problem !== null || isOutdatedProtocol(seen.tls.protocol)) {
    return obstacle('the connection is not verified');
  }
  const wanted = (mechanisms ?? bestFirst(seen.auth)).map((name) => name.toUpperCase());
  const usable = wanted.filter((name) => seen.auth.includes(name) && takesSecret(name, secretKind));
  if (usable.length > 0) return { kind: 'session', talk, seen, mechanisms: usable };
  const tokens = secretKind === 'password' && seen.auth.some((name) => takesSecret(name, 'token'));
  return obstacle(
    `AUTH offers nothing for a ${secretKind} that we speak: ${seen.auth.join(' ')}`,
    tokens ? 'oauth2-only' : null,
  );
}

function obstacle(reason: string, hint: LoginHint | null = null): Obstacle {
  return { kind: 'obstacle', reason, hint };
}
