/** DNS over TCP (RFC 7766), for replies too long for UDP: one connection, one question. */
import { connect } from 'node:net';
import { settleOnce } from '../time.ts';
import { type Transport, TransportFailure, transportFailure } from './transport.ts';

export const tcp: Transport = ({ address, port }, { query, accept, signal }) =>
  settleOnce(signal, (resolve, reject) => {
    const socket = connect({ host: address, port, autoSelectFamily: false });
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

const LENGTH_BYTES = 2;

/** A message as it goes on a stream: after two bytes of length (RFC 1035 §4.2.2), under 64 KiB. */
export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** Puts messages together from what a stream brings in pieces. */
export class Frames {
  #received: Buffer = Buffer.alloc(0);

  /** @returns the messages that are whole by now */
  push(chunk: Buffer): readonly Buffer[] {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const messages: Buffer[] = [];
    for (;;) {
      if (this.#received.length < LENGTH_BYTES) return messages;
      const end = LENGTH_BYTES + this.#received.readUInt16BE(0);
      if (this.#received.length < end) return messages;
      messages.push(this.#received.subarray(LENGTH_BYTES, end));
      this.#received = this.#received.subarray(end);
    }
  }
}
