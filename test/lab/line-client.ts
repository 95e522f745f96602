/** A plain SMTP client for testing the lab itself: it sends lines and reads replies. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TLSSocket, connect as tlsConnect } from 'node:tls';
import type { Endpoint } from './loopback.ts';

export class LineClient {
  #socket: Socket;
  #buffered = '';
  #wake: () => void = () => {};
  #ended = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen();
  }

  static plain({ address, port }: Endpoint): LineClient {
    return new LineClient(connect({ host: address, port }));
  }

  static tls({ address, port }: Endpoint, servername: string, ca: string): LineClient {
    return new LineClient(tlsConnect({ host: address, port, servername, ca }));
  }

  /** One whole reply; `''` when the connection ended instead. */
  async reply(): Promise<string> {
    for (;;) {
      const whole = /^(?:\d{3}-.*\r\n)*\d{3}(?: .*)?\r\n/.exec(this.#buffered)?.[0];
      if (whole) {
        this.#buffered = this.#buffered.slice(whole.length);
        return whole.trimEnd();
      }
      if (this.#ended) return '';
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async ask(line: string): Promise<string> {
    this.#socket.write(`${line}\r\n`);
    return this.reply();
  }

  async startTls(servername: string, ca: string): Promise<TLSSocket> {
    this.#socket.removeAllListeners('data');
    const secure = tlsConnect({ socket: this.#socket, servername, ca });
    await once(secure, 'secureConnect');
    this.#socket = secure;
    this.#listen();
    return secure;
  }

  close(): void {
    this.#socket.destroy();
  }

  #listen(): void {
    this.#socket.on('error', () => {});
    this.#socket.on('data', (chunk) => {
      this.#buffered += chunk.toString('latin1');
      this.#wake();
    });
    this.#socket.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }
}
