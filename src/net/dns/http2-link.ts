/** DNS over HTTP/2: all questions at once, each on a stream of its own. */
import type { ClientHttp2Session, ClientHttp2Stream, connect } from 'node:http2';
import type { Socket } from 'node:net';
import { settleOnce } from '../time.ts';
import type { HttpsServer } from './encrypted-servers.ts';
import { Body, checkHead, MEDIA_TYPE } from './https-answer.ts';
import { HungUp, type Link, type Lookups } from './link-transport.ts';

export class Http2Link implements Link {
  readonly #server: HttpsServer;
  readonly #session: ClientHttp2Session;
  #open = 0;
  #usable = true;
  #heardAt: number | null = null;

  /**
   * @param socket secured, with `h2` agreed, and from now on the link's own
   * @param begin `connect` of node:http2, which is loaded only when it is wanted
   */
  constructor(server: HttpsServer, socket: Socket, begin: typeof connect) {
    this.#server = server;
    this.#session = begin(`https://${server.authority}`, {
      createConnection: () => socket,
      settings: { enablePush: false },
    });
    const end = (): void => {
      this.#usable = false;
    };
    this.#session.on('error', end);
    this.#session.once('goaway', end);
    this.#session.once('close', end);
    this.#session.unref();
  }

  get usable(): boolean {
    return this.#usable && !this.#session.closed && !this.#session.destroyed;
  }

  get heardAt(): number | null {
    return this.#heardAt;
  }

  async ask<T>(asking: Lookups<T>): Promise<T> {
    asking.signal.throwIfAborted();
    if (!this.usable) throw new HungUp();
    this.#open++;
    this.#session.ref();
    try {
      return await this.#exchange(asking);
    } finally {
      this.#open--;
      if (this.#open === 0) this.#rest();
    }
  }

  retire(): void {
    this.#usable = false;
    if (this.#open === 0) this.#rest();
  }

  #rest(): void {
    if (!this.usable) this.#session.destroy();
    else this.#session.unref();
  }

  #exchange<T>({ query, accept, signal }: Lookups<T>): Promise<T> {
    return settleOnce(signal, (resolve, reject) => {
      const stream = this.#post(query);
      const body = new Body();
      const attempt = (act: () => void): void => {
        try {
          act();
        } catch (error) {
          reject(error);
        }
      };
      stream.on('response', (headers) => {
        this.#heardAt = performance.now();
        attempt(() => checkHead(headers[':status'] ?? 0, headers['content-type'] ?? ''));
      });
      stream.on('data', (chunk: Buffer) => attempt(() => body.push(chunk)));
      stream.on('end', () => {
        attempt(() => {
          // A stream that was reset ends too, without an answer.
          if (stream.rstCode !== 0) throw new HungUp();
          resolve(body.judge(accept));
        });
      });
      stream.on('error', () => reject(new HungUp()));
      stream.on('close', () => reject(new HungUp()));
      return () => {
        if (!stream.closed) stream.close(8); // CANCEL (RFC 9113 §7)
      };
    });
  }

  #post(query: Buffer): ClientHttp2Stream {
    const { authority, target } = this.#server;
    const stream = this.#session.request({
      ':method': 'POST',
      ':authority': authority,
      ':path': target,
      accept: MEDIA_TYPE,
      'content-type': MEDIA_TYPE,
      'content-length': query.length,
    });
    stream.end(query);
    return stream;
  }
}
