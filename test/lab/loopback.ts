/** Servers on loopback: ephemeral ports, and stopping without leftovers. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** Nothing listens on port 1 (tcpmux) of a sane machine, so connecting there is refused. */
export const CLOSED_PORT = 1;

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface Stoppable {
  stop(): Promise<void>;
}

/**
 * A loopback address of its own for each host, so that limits per address do not mix up hosts.
 * Only Linux answers on all of 127.0.0.0/8 without being told to.
 */
export function ownLoopbackAddress(index: number): string {
  if (process.platform !== 'linux') return '127.0.0.1';
  return `127.0.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`;
}

export async function listen(server: Server, address = '127.0.0.1'): Promise<Endpoint> {
  server.listen(0, address);
  await once(server, 'listening');
  return { address, port: (server.address() as AddressInfo).port };
}

const ATTEMPTS = 50;

/** One port for UDP and TCP. A port that is free for the one may be taken for the other. */
export async function listenBoth(tcp: Server): Promise<{ udp: UdpSocket; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const udp = createSocket('udp4');
    udp.bind(0, '127.0.0.1');
    await once(udp, 'listening');
    const { port } = udp.address();
    try {
      tcp.listen(port, '127.0.0.1');
      await once(tcp, 'listening');
      return { udp, port };
    } catch (error) {
      udp.close();
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

/** Keeps count of a server's sockets. The returned function closes the server and all of them. */
export function track(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
}

/** Accepts connections, and never says a word. */
export async function startSilentServer(address?: string): Promise<Endpoint & Stoppable> {
  const server = createServer((socket) => socket.resume());
  const stop = track(server);
  return { ...(await listen(server, address)), stop };
}
