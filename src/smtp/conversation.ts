/**
 * One side of an SMTP conversation over a connected socket: commands out, replies in, a goodbye.
 * Reads only when a reply is wanted, so that what a peer may make us hold is bounded by the
 * socket's buffer and the reply limits.
 */
import type { Socket } from 'node:net';
import { errorCode } from '../net/error-code.ts';
import { type Reply, ReplyParser } from './reply.ts';

/** The connection ended while a reply was wanted. */
export class HungUp extends Error {
  override readonly name: string = 'HungUp';
  /** Node's or OpenSSL's, such as `ECONNRESET`; null for an orderly end. */
  readonly code: string | null;

  constructor(code: string | null, options?: ErrorOptions) {
    super(code ?? 'connection closed', options);
    this.code = code;
  }
}

const GOODBYE_MS = 1000;

export class Conversation {
  #socket: Socket;
  readonly #parser = new ReplyParser();
  #error: NodeJS.ErrnoException | null = null;
  /** A reply is still to come, first of all the banner, so that it's not our turn to speak. */
  #owed = true;
  #midHandshake = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#watch();
  }

  /**
   * The next reply.
   * @throws ReplyError, HungUp, or the signal's reason
   */
  async read(signal: AbortSignal): Promise<Reply> {
    for (;;) {
      const reply = this.#parser.next();
      if (reply) {
        this.#owed = false;
        return reply;
      }
      this.#parser.push(await this.#bytes(signal));
    }
  }

  /**
   * Sends a command and reads its reply. What came unasked before is read as that reply, so that
   * a 421 in parting is heard, and nothing depends on when it came.
   * @throws ReplyError, HungUp, or the signal's reason
   */
  async command(line: string, signal: AbortSignal): Promise<Reply> {
    signal.throwIfAborted();
    this.#owed = true;
    if (this.#socket.writable) this.#socket.write(`${line}\r\n`);
    return this.read(signal);
  }

  /** Forgets everything that arrived unasked. @returns whether there was anything */
  discard(): boolean {
    let count = this.#parser.discard();
    for (let chunk = this.#take(); chunk; chunk = this.#take()) count += chunk.length;
    return count > 0;
  }

  /**
   * Goes on over TLS.
   * @throws what the handshake throws; nothing can be said any more then
   */
  async secure<S extends { readonly socket: Socket }>(
    handshake: (socket: Socket) => Promise<S>,
  ): Promise<S> {
    this.#midHandshake = true;
    const secure = await handshake(this.#socket);
    this.#midHandshake = false;
    this.#socket = secure.socket;
    this.#watch();
    return secure;
  }

  /**
   * QUIT, in the background: first the reply that is still owed, so as never to talk out of turn.
   * With QUIT our side ends, and we listen until the server has closed its own (RFC 5321
   * §4.1.1.10); the socket is closed within a second, whatever the peer does. Never rejects.
   */
  async leave(): Promise<void> {
    if (this.#midHandshake) return this.destroy();
    const hurry = new AbortController();
    const timer = setTimeout(() => hurry.abort(), GOODBYE_MS);
    try {
      if (this.#owed) await this.read(hurry.signal);
      if (this.#socket.writable) this.#socket.end('QUIT\r\n');
      await this.read(hurry.signal);
      await this.#bytes(hurry.signal);
    } catch {
      // A goodbye is a courtesy.
    } finally {
      clearTimeout(timer);
      this.#socket.destroy();
    }
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** For the socket's whole life: an error may come when nobody waits. */
  #watch(): void {
    this.#socket.on('error', (error) => {
      this.#error ??= error;
    });
  }

  #take(): Buffer | null {
    const chunk: unknown = this.#socket.read();
    return Buffer.isBuffer(chunk) ? chunk : null;
  }

  #hungUp(): HungUp {
    if (!this.#error) return new HungUp(null);
    return new HungUp(errorCode(this.#error) || 'UNKNOWN', { cause: this.#error });
  }

  /** Some bytes, as soon as there are any. */
  #bytes(signal: AbortSignal): Promise<Buffer> {
    const socket = this.#socket;
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        socket.off('readable', look);
        socket.off('end', gone);
        socket.off('close', gone);
        signal.removeEventListener('abort', aborted);
        act();
      };
      const look = (): void => {
        const chunk = this.#take();
        if (chunk) settle(() => resolve(chunk));
      };
      const gone = (): void => settle(() => reject(this.#hungUp()));
      const aborted = (): void => settle(() => reject(signal.reason));
      if (signal.aborted) return reject(signal.reason);
      // What came before the end still counts.
      const chunk = this.#take();
      if (chunk) return resolve(chunk);
      if (socket.readableEnded || socket.destroyed) return reject(this.#hungUp());
      signal.addEventListener('abort', aborted, { once: true });
      socket.on('end', gone);
      socket.on('close', gone);
      socket.on('readable', look);
    });
  }
}
