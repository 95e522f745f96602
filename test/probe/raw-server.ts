/** A TCP server of which every test says itself how it misbehaves. */
import { createServer, type Socket } from 'node:net';
import { listen, type Stoppable, track } from '../lab/loopback.ts';

export interface RawServer extends Stoppable {
  readonly port: number;
  /** What each client said, in the order in which they came. */
  readonly heard: readonly string[];
}

export async function startRawServer(
  behave: (socket: Socket, heard: () => string) => void,
  allowHalfOpen = false,
): Promise<RawServer> {
  const heard: string[] = [];
  const server = createServer({ allowHalfOpen }, (socket) => {
    socket.on('error', () => {}); // Clients that leave in mid-handshake.
    const index = heard.push('') - 1;
    socket.on('data', (chunk) => {
      heard[index] += chunk.toString('latin1');
    });
    behave(socket, () => heard[index] ?? '');
  });
  const stop = track(server);
  const { port } = await listen(server);
  return { port, heard, stop };
}
