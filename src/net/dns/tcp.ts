/** DNS over TCP (RFC 7766), for replies too long for UDP: one connection, one question. */
import { connect } from 'node:net';
import { Frames, framed } from './framing.ts';
import { type Exchange, type Transport, TransportFailure, transportFailure } from './transport.ts';

export const tcp: Transport = <T>({ server, query, accept, signal }: Exchange<T>): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({ host: server.address, port: server.port, autoSelectFamily: false });
    const end = (settle: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      settle();
    };
    const onAbort = (): void => end(() => reject(signal.reason));
    signal.addEventListener('abort', onAbort, { once: true });
    const fail = (reason: string): void => end(() => reject(new TransportFailure(reason)));

    const frames = new Frames();
    socket.on('data', (chunk) => {
      const [message] = frames.push(chunk);
      if (message === undefined) return;
      const reply = accept(message);
      if (reply === null) fail('something else was answered over TCP');
      else end(() => resolve(reply));
    });
    socket.on('error', (error) => end(() => reject(transportFailure(error))));
    socket.on('close', () => fail('the connection was closed early'));
    socket.write(framed(query));
  });
