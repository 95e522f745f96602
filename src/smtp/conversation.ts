/**
 * The client's side of an SMTP conversation over a connected socket: sends commands, reads replies,
 * says QUIT. It reads only when it wants a reply, so that the socket's buffer and the reply limits
 * bound what a server may make it hold.
 */
import type { Socket } from 'node:net';
import { timeLimits } from '../model/time-limits.ts';
import { errorCode } from '../net/error-code.ts';
import { onAbort } from '../net/time.ts';
import { type Reply, ReplyParser } from './reply.ts';
import type { Trace } from './trace.ts';

/** The connection ended while the client waited for a reply. */
export class ConnectionLost extends Error {
  override readonly name: string = 'ConnectionLost';
  /** Node's or OpenSSL's, such as `ECONNRESET`; null for an orderly end. */
  readonly code: string | null;

  constructor(code: string | null, options?: ErrorOptions) {
    super(code ?? 'connection closed', options);
    this.code = code;
  }
}

export class Conversation {
  #socket: Socket;
  readonly #parser: ReplyParser;
  readonly #trace: Trace | null;
  /** Of the reply that is being read, for the trace. */
  #lines: string[] = [];
  #error: NodeJS.ErrnoException | null = null;
  /** The server owes a reply, first of all the banner: a command would be out of turn. */
  #owed = true;
  #midHandshake = false;

  constructor(socket: Socket, trace: Trace | null = null) {
    this.#socket = socket;
    this.#trace = trace;
    this.#parser = new ReplyParser(undefined, trace ? (line) => this.#lines.push(line) : undefined);
    this.#watch();
  }

  /**
   * The next reply.
   * @throws ReplyError, ConnectionLost, or the signal's reason
   */
  async read(signal: AbortSignal): Promise<Reply> {
    try {
      for (;;) {
        const reply = this.#parser.next();
        if (reply) {
          this.#owed = false;
          return reply;
        }
        this.#parser.push(await this.#bytes(signal));
      }
    } finally {
      this.#trace?.received(this.#lines.splice(0));
    }
  }

  /**
   * Sends a command and reads its reply. An unsolicited reply that came before counts as that
   * reply: it may be a 421 that closes the connection, and the result must not depend on timing.
   * @throws ReplyError, ConnectionLost, or the signal's reason
   */
  async command(line: string, signal: AbortSignal): Promise<Reply> {
    signal.throwIfAborted();
    this.#owed = true;
    this.#trace?.sent(line);
    if (this.#socket.writable) this.#socket.write(`${line}\r\n`);
    return this.read(signal);
  }

  /** Discards all that arrived unsolicited. @returns whether there was anything */
  discard(): boolean {
    let count = this.#parser.discard();
    for (let chunk = this.#take(); chunk; chunk = this.#take()) count += chunk.length;
    return count > 0;
  }

  /**
   * Continues over TLS.
   * @throws what the handshake throws; the conversation cannot go on then
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
   * Sends QUIT, in the background: reads the reply that is still owed, ends our side with QUIT, and
   * listens until the server has closed its own (RFC 5321 §4.1.1.10). The socket is closed within a
   * second, whatever the server does. Never rejects.
   * @param reason for the trace, where the conversation did not come to its end
   */
  async quit(reason?: unknown): Promise<void> {
    if (this.#midHandshake) return this.destroy(reason);
    if (reason !== undefined) this.#trace?.failed(reason);
    const cut = new AbortController();
    const timer = setTimeout(() => cut.abort(), timeLimits.goodbye.server);
    try {
      if (this.#owed) await this.read(cut.signal);
      if (this.#socket.writable) {
        this.#trace?.sent('QUIT');
        this.#socket.end('QUIT\r\n');
      }
      await this.read(cut.signal);
      await this.#bytes(cut.signal);
    } catch {
      // QUIT is a courtesy.
    } finally {
      clearTimeout(timer);
      this.destroy();
    }
  }

  /** @param reason for the trace */
  destroy(reason?: unknown): void {
    this.#socket.destroy();
    if (reason !== undefined) this.#trace?.failed(reason);
    this.#trace?.end();
  }

  /** Listens for the socket's whole life: an error may come while nobody reads. */
  #watch(): void {
    this.#socket.on('error', (error) => {
      this.#error ??= error;
    });
  }

  #take(): Buffer | null {
    const chunk: unknown = this.#socket.read();
    return Buffer.isBuffer(chunk) ? chunk : null;
  }

  #lost(): ConnectionLost {
    if (!this.#error) return new ConnectionLost(null);
    return new ConnectionLost(errorCode(this.#error) || 'UNKNOWN', { cause: this.#error });
  }

  /** The next bytes, as soon as there are any; those that came before the end still count. */
  async #bytes(signal: AbortSignal): Promise<Buffer> {
    for (;;) {
      signal.throwIfAborted();
      const chunk = this.#take();
      if (chunk) return chunk;
      if (this.#socket.readableEnded || this.#socket.destroyed) throw this.#lost();
      await somethingHappens(this.#socket, signal);
    }
  }
}

/** Waits until there may be something to read, or nothing will come any more. */
function somethingHappens(socket: Socket, signal: AbortSignal): Promise<void> {
  const events = ['readable', 'end', 'close'];
  return new Promise((resolve) => {
    const wake = (): void => {
      for (const event of events) socket.off(event, wake);
      unfollow();
      resolve();
    };
    const unfollow = onAbort(signal, wake);
    for (const event of events) socket.on(event, wake);
  });
}
