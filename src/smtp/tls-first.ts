/** A server that says nothing on a port for STARTTLS: does it wait for a TLS handshake? */
import type { Endpoint } from '../model/endpoint.ts';
import type { Network } from '../net/network.ts';
import { Conversation } from './conversation.ts';

/** Ends a conversation in which both sides would wait for the other. */
export class SpeaksTlsFirst extends Error {
  override readonly name: string = 'SpeaksTlsFirst';
}

/**
 * Tries a handshake on a connection of its own, beside the silent one. Never rejects.
 * @returns whether it worked, when the goodbye is over
 */
export async function speaksTlsFirst(
  { host, port }: Endpoint,
  network: Network,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    // Not `polite`: its turn would come after the silent connection.
    const { socket } = await network.connect(host, port, { signal });
    const conversation = new Conversation(socket);
    await conversation.secure((raw) => network.handshake(raw, { host, signal }));
    await conversation.quit();
    return !signal.aborted;
  } catch {
    return false;
  }
}
