/** Resolvers on loopback that are asked over TLS or HTTPS, and answer as their script says. */
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { decode } from 'dns-packet';
import type { KeyAndCertificate } from '../../lab/certificates.ts';
import { type Listening, listen } from '../servers.ts';
import { type Asked, reply } from './scripted-peer.ts';

/** Null never answers; only over TLS there may be several answers. */
export type Script = (asked: Asked) => Promise<Told> | Told;
type Told = Buffer | readonly Buffer[] | null;

export interface EncryptedPeer {
  readonly port: number;
  /** How many connections there have been. */
  readonly connections: () => number;
  /** `A example.com`, in the order they came. */
  readonly log: readonly string[];
  /** As they came, without framing. */
  readonly queries: readonly Buffer[];
  /** Of the connections that are open now. */
  readonly sockets: ReadonlySet<Socket>;
}

interface Recorder {
  answer(query: Buffer): Promise<readonly Buffer[] | null>;
  peer(listening: Listening): EncryptedPeer;
  watch(socket: Socket): void;
}

function record(script: Script): Recorder {
  const log: string[] = [];
  const queries: Buffer[] = [];
  const sockets = new Set<Socket>();
  return {
    async answer(bytes) {
      const query = decode(bytes);
      const { name = '', type = '' } = query.questions?.[0] ?? {};
      const count = log.length;
      log.push(`${type} ${name}`);
      queries.push(bytes);
      const edns = (query.additionals ?? []).some((extra) => extra.type === 'OPT');
      const told = await script({ query, name, type, over: 'tcp', edns, count });
      return Buffer.isBuffer(told) ? [told] : (told as readonly Buffer[] | null);
    },
    peer: ({ port, count }) => ({ port, connections: count, log, queries, sockets }),
    watch(socket) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => sockets.delete(socket));
    },
  };
}

/** DNS over TLS. @param behaviour `once`: closes each connection after its first answer */
export async function startTlsPeer(
  identity: KeyAndCertificate,
  script: Script,
  behaviour: 'lasting' | 'once' = 'lasting',
): Promise<EncryptedPeer> {
  const recorder = record(script);
  const server = createTlsServer(identity, (socket: TLSSocket) => {
    recorder.watch(socket);
    let received = Buffer.alloc(0);
    let answered = false;
    const handle = async (query: Buffer): Promise<void> => {
      const answers = await recorder.answer(query);
      if (answers === null || socket.destroyed || answered) return;
      answered = behaviour === 'once';
      for (const answer of answers) {
        const length = Buffer.alloc(2);
        length.writeUInt16BE(answer.length);
        // In pieces, as the network may cut it anywhere.
        socket.write(length.subarray(0, 1));
        socket.write(Buffer.concat([length.subarray(1), answer.subarray(0, 5)]));
        socket.write(answer.subarray(5));
      }
      if (answered) socket.end();
    };
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const end = 2 + received.readUInt16BE(0);
        void handle(received.subarray(2, end));
        received = received.subarray(end);
      }
    });
  });
  return recorder.peer(await listen(server));
}

export interface HttpHabits {
  readonly status?: number;
  readonly contentType?: string;
  /** In place of the answer. */
  readonly body?: Buffer;
}

export interface HttpsPeer extends EncryptedPeer {
  /** Method, path, media type and HTTP version of every request. */
  readonly requests: readonly string[];
}

/** DNS over HTTPS. */
export async function startHttpsPeer(
  identity: KeyAndCertificate,
  script: Script,
  habits: HttpHabits = {},
): Promise<HttpsPeer> {
  const recorder = record(script);
  const requests: string[] = [];
  const onRequest = async (
    request: Http2ServerRequest,
    response: Http2ServerResponse,
  ): Promise<void> => {
    const { method, url, headers, httpVersion } = request;
    requests.push(`${method} ${url} ${headers['content-type']} ${httpVersion}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answers = await recorder.answer(Buffer.concat(chunks));
    if (answers === null) return;
    response.writeHead(habits.status ?? 200, {
      'content-type': habits.contentType ?? 'application/dns-message',
    });
    response.end(habits.body ?? Buffer.concat(answers));
  };
  const server = createSecureServer(identity, (request, response) => {
    void onRequest(request, response);
  });
  server.on('secureConnection', (socket: TLSSocket) => recorder.watch(socket));
  return { ...recorder.peer(await listen(server)), requests };
}

/** An address for every name. */
export const anAddress: Script = (asked) =>
  reply(asked, {
    answers:
      asked.type === 'A' ? [{ type: 'A', name: asked.name, ttl: 300, data: '192.0.2.1' }] : [],
  });
