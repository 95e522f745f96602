/** DNS over TCP (RFC 7766), for replies too long for UDP: one connection, one question. */
import { connect } from 'node:net';
import { settleOnce } from '../time.ts';
import { Frames, framed } from './framing.ts';
import { type Transport, TransportFailure, transportFailure } from './transport.ts';

export const tcp: Transport = ({ server, query, accept, signal }) =>
  settleOnce(signal, (resolve, reject) => {
    const socket = connect({ host: server.address, port: server.port, autoSelectFamily: false });
    const fail = (reason: string): void => reject(new TransportFailure(reason));
    const frames = new Frames();
    socket.on('data', (chunk) => {
      const [message] = frames.push(chunk);
      if (message === undefined) return;
      const reply = accept(message);
      if (reply === null) fail('something else was answered over TCP');
      else resolve(reply);
    });
    socket.on('error', (error) => reject(transportFailure(error)));
    socket.on('close', () => fail('the connection was closed early'));
    socket.write(framed(query));
    return () => socket.destroy();
  });
