/**
 * DNS over UDP. Every exchange has its own socket, so that the source port is random too
 * (RFC 5452 §9.2), and the socket is connected: strangers' packets do not reach it, and a closed
 * port is heard of at once.
 */
import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { settleOnce } from '../time.ts';
import { type Transport, transportFailure } from './transport.ts';

export const udp: Transport = ({ address, port }, { query, accept, signal }) =>
  settleOnce(signal, (resolve, reject) => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    let open = true;
    socket.on('error', (error) => reject(transportFailure(error)));
    socket.on('message', (bytes) => {
      const reply = open ? accept(bytes) : null;
      if (reply !== null) resolve(reply);
    });
    socket.once('connect', () => {
      if (open) socket.send(query);
    });
    socket.connect(port, address);
    return () => {
      open = false;
      socket.close();
    };
  });
