/**
 * How every conversation with a submission server begins, up to the EHLO reply that counts:
 *
 *     tls:       TLS → banner → EHLO
 *     starttls:  banner → EHLO → STARTTLS → TLS → EHLO
 *     none:      banner → EHLO
 */
import type { Socket } from 'node:net';
import type { Encryption } from '../model/endpoint.ts';
import { type SecureConnection, TlsFailure } from '../net/network.ts';
import type { Conversation } from './conversation.ts';
import { hello, readBanner, type Seen, startTls } from './dialogue.ts';

export interface Opening {
  readonly encryption: Encryption;
  readonly handshake: (socket: Socket) => Promise<SecureConnection>;
  readonly ehloName: string;
  readonly signal: AbortSignal;
}

/**
 * A bad certificate doesn't end it: the caller looks at `seen.tls` and decides.
 * @param seen is filled in as things are seen
 * @throws TurnedAway, TlsFailure, HungUp, ReplyError, or the signal's reason
 */
export async function open(talk: Conversation, seen: Seen, opening: Opening): Promise<void> {
  const { encryption, ehloName, signal } = opening;
  const secure = async (): Promise<void> => {
    seen.stage = 'tls';
    seen.awaiting = 'handshake';
    const { tls, socket } = await talk.secure(opening.handshake);
    seen.tls = tls;
    // The one trace of a CertificateRequest: it says which signatures the server would accept.
    seen.certificateAsked = socket.getSharedSigalgs().length > 0;
  };

  if (encryption === 'tls') await secure();
  await readBanner(talk, seen, signal);
  await hello(talk, seen, ehloName, signal);
  if (encryption === 'tls') return;

  seen.clearAuth = seen.auth;
  seen.startTls = 'STARTTLS' in seen.capabilities;
  if (encryption === 'none') return;
  // What is offered in the clear says nothing about what will be offered under TLS.
  seen.auth = [];
  await startTls(talk, seen, signal);
  try {
    await secure();
  } catch (error) {
    // What came a moment too late to be discarded went into the handshake, and broke it.
    if (error instanceof TlsFailure && error.kind === 'plaintext') seen.injection = true;
    throw error;
  }
  await hello(talk, seen, ehloName, signal);
}
