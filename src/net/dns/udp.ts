/**
 * DNS over UDP. Every exchange has its own socket, so that the source port is random too
 * (RFC 5452 §9.2), and the socket is connected: strangers' packets do not reach it, and a closed
 * port is heard of at once.
 */
import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { onAbort } from '../time.ts';
import type { PlainServer } from './servers.ts';
import { type DnsExchange, type Transport, transportFailure } from './transport.ts';

export const udp: Transport = <T>(
  server: PlainServer,
  { query, accept, signal }: DnsExchange<T>,
): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    signal.throwIfAborted();
    const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4');
    let open = true;
    const end = (settle: () => void): void => {
      if (!open) return;
      open = false;
      unfollow();
      socket.close();
      settle();
    };
    const unfollow = onAbort(signal, () => end(() => reject(signal.reason)));
    socket.on('error', (error) => end(() => reject(transportFailure(error))));
    socket.on('message', (bytes) => {
      const reply = open ? accept(bytes) : null;
      if (reply !== null) end(() => resolve(reply));
    });
    socket.once('connect', () => {
      if (open) socket.send(query);
    });
    socket.connect(server.port, server.address);
  });
