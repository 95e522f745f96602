/**
 * DNS over HTTPS (RFC 8484): all questions at once, each on a stream of its own. HTTP/2 only, which
 * is the minimum that §5.2 recommends: docs/adr/0008-encrypted-dns-and-proxies.md.
 */
import type {
  ClientHttp2Session,
  ClientHttp2Stream,
  connect,
  IncomingHttpHeaders,
} from 'node:http2';
import type { Socket } from 'node:net';
import { printable } from '../../model/printable.ts';
import { settleOnce } from '../time.ts';
import { ConnectionEnded, type DnsConnection } from './connection-pool.ts';
import type { HttpsServer } from './servers.ts';
import { type DnsExchange, TransportFailure } from './transport.ts';

const MEDIA_TYPE = 'application/dns-message';
const MAX_BYTES = 65_535; // as much as a message over TCP may have
const CANCEL = 8; // RFC 9113 §7

export class DohConnection implements DnsConnection {
  readonly #server: HttpsServer;
  readonly #session: ClientHttp2Session;
  #leaving = false;
  heardAt: number | null = null;

  /**
   * @param socket secured, with `h2` agreed, and from now on the connection's own
   * @param begin `connect` of node:http2, which is loaded only when it is wanted
   */
  constructor(server: HttpsServer, socket: Socket, begin: typeof connect) {
    this.#server = server;
    this.#session = begin(`https://${server.authority}`, {
      createConnection: () => socket,
      settings: { enablePush: false },
    });
    const leave = (): void => {
      this.#leaving = true;
    };
    this.#session.on('error', leave);
    this.#session.once('goaway', leave);
    this.#session.once('close', leave);
  }

  get usable(): boolean {
    return !this.#leaving && !this.#session.closed && !this.#session.destroyed;
  }

  exchange<T>({ query, accept, signal }: DnsExchange<T>): Promise<T> {
    return settleOnce(signal, (resolve, reject) => {
      const stream = this.#post(query);
      const fail = (what: string): void => reject(new TransportFailure(what, { misread: true }));
      const chunks: Buffer[] = [];
      let length = 0;
      stream.on('response', (headers) => {
        this.heardAt = performance.now();
        const problem = problemIn(headers);
        if (problem !== null) fail(problem);
      });
      stream.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > MAX_BYTES) fail('its answer is too large for a DNS message');
        else chunks.push(chunk);
      });
      stream.on('end', () => {
        // A stream that was reset ends too, without an answer.
        if (stream.rstCode !== 0) return reject(new ConnectionEnded());
        const reply = accept(Buffer.concat(chunks));
        if (reply === null) fail('it answered something else than was asked');
        else resolve(reply);
      });
      stream.on('error', () => reject(new ConnectionEnded()));
      stream.on('close', () => reject(new ConnectionEnded()));
      return () => {
        if (!stream.closed) stream.close(CANCEL);
      };
    });
  }

  ref(): void {
    this.#session.ref();
  }

  unref(): void {
    this.#session.unref();
  }

  destroy(): void {
    this.#session.destroy();
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

/** Why it is no answer of a resolver (RFC 8484 §4.2); null when it may be one. */
function problemIn(headers: IncomingHttpHeaders): string | null {
  const status = headers[':status'];
  if (Number(status) !== 200) return `it answered HTTP ${status}`;
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() === MEDIA_TYPE) return null;
  const shown = printable(type.trim(), 60) || 'nothing';
  return `it answered ${shown} where ${MEDIA_TYPE} was expected`;
}
