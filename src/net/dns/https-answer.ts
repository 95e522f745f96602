/** What makes the answer to a POST a DNS message (RFC 8484 §4.2). */
import { printable } from '../../model/printable.ts';
import { TransportFailure } from './transport.ts';

export const MEDIA_TYPE = 'application/dns-message';

const MAX_BYTES = 65_535; // as much as a message over TCP may have

/**
 * Looks at status and media type.
 * @throws TransportFailure
 */
export function checkHead(status: number, contentType: string): void {
  if (status !== 200) throw misread(`it answered HTTP ${status}`);
  const [type = ''] = contentType.split(';');
  if (type.trim().toLowerCase() === MEDIA_TYPE) return;
  const shown = printable(type.trim(), 60) || 'nothing';
  throw misread(`it answered ${shown} where ${MEDIA_TYPE} was expected`);
}

/** Collects a body within its limit. */
export class Body {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  /** @throws TransportFailure when it becomes too large */
  push(chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length > MAX_BYTES) throw misread('its answer is too large for a DNS message');
    this.#chunks.push(chunk);
  }

  /** @throws TransportFailure when it does not answer the question */
  judge<T>(accept: (reply: Buffer) => T | null): T {
    const reply = accept(Buffer.concat(this.#chunks));
    if (reply === null) throw misread('it answered something else than was asked');
    return reply;
  }
}

function misread(message: string): TransportFailure {
  return new TransportFailure(message, { misread: true });
}
