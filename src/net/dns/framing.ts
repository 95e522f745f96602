/** Messages on a stream, each after two bytes of length (RFC 1035 §4.2.2): under 64 KiB each. */

const LENGTH_BYTES = 2;

export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** Puts together what arrives in pieces. */
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
