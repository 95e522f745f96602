/** What a server says in the clear where TLS belongs: a handshake that met plaintext hides it. */
import type { Endpoint } from '../model/endpoint.ts';
import { timeLimits } from '../model/time-limits.ts';
import type { Network } from '../net/network.ts';
import { withDeadline } from '../net/time.ts';
import { Conversation } from './conversation.ts';
import type { Reply } from './reply.ts';
import { startTrace, type TraceListener } from './trace.ts';

/**
 * Connects once more, and reads the greeting without TLS.
 * @throws DeadlinePassed when the server waits for TLS after all, and what `Conversation.read` and
 *   `Network.connect` throw
 */
export async function greetingInTheClear(
  endpoint: Endpoint,
  network: Network,
  avoid: readonly string[],
  signal: AbortSignal,
  listener?: TraceListener,
): Promise<Reply> {
  const { host, port } = endpoint;
  const connection = await network.connect(host, port, { signal, limited: true, avoid });
  const trace = startTrace(listener, endpoint);
  trace?.connected(endpoint, connection.address);
  const conversation = new Conversation(connection.socket, trace);
  try {
    const reply = await withDeadline(timeLimits.plaintextGreeting, signal, (left) =>
      conversation.read(left),
    );
    void conversation.quit();
    return reply;
  } catch (error) {
    conversation.destroy(error);
    throw error;
  }
}
