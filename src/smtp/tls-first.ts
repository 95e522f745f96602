/** A server that says nothing on a port for STARTTLS: does it wait for a TLS handshake? */
import type { Endpoint } from '../model/endpoint.ts';
import type { Network } from '../net/network.ts';
import { Conversation } from './conversation.ts';
import { startTrace, type TraceListener } from './trace.ts';

/** Ends a conversation in which both sides would wait for the other. */
export class SpeaksTlsFirst extends Error {
  override readonly name: string = 'SpeaksTlsFirst';

  constructor() {
    super('the server speaks TLS from the first byte on this port');
  }
}

/**
 * Tries a handshake on a connection of its own, beside the silent one. Never rejects.
 * @returns whether it worked, when the goodbye is over
 */
export async function speaksTlsFirst(
  endpoint: Endpoint,
  network: Network,
  signal: AbortSignal,
  listener?: TraceListener,
): Promise<boolean> {
  const { host, port } = endpoint;
  try {
    // Not `polite`: its turn would come after the silent connection.
    const { socket, address } = await network.connect(host, port, { signal });
    const trace = startTrace(listener, endpoint);
    trace?.connected(endpoint, address);
    const conversation = new Conversation(socket, trace);
    try {
      const { tls } = await conversation.secure((raw) => network.handshake(raw, { host, signal }));
      trace?.secured(tls);
      await conversation.quit();
      return !signal.aborted;
    } catch (error) {
      conversation.destroy(error);
      throw error;
    }
  } catch {
    return false;
  }
}
