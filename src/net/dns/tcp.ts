/**
 * DNS over TCP (RFC 7766), for replies too long for UDP: one connection, one question. The two
 * bytes of length keep a reply under 64 KiB.
 */
import { connect } from 'node:net';
import { type Exchange, type Transport, TransportFailure, transportFailure } from './transport.ts';

const LENGTH_BYTES = 2;

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

    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < LENGTH_BYTES) return;
      const whole = LENGTH_BYTES + received.readUInt16BE(0);
      if (received.length < whole) return;
      const reply = accept(received.subarray(LENGTH_BYTES, whole));
      if (reply === null) fail('something else was answered over TCP');
      else end(() => resolve(reply));
    });
    socket.on('error', (error) => end(() => reject(transportFailure(error))));
    socket.on('close', () => fail('the connection was closed early'));
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt16BE(query.length);
    socket.write(Buffer.concat([length, query]));
  });
