/**
 * A resolver on loopback that answers as its script says: over UDP and TCP, on one port.
 */
import { createSocket } from 'node:dgram';
import { createServer, type Socket as TcpSocket } from 'node:net';
import {
  type Answer,
  type DecodedPacket,
  decode,
  encode,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
} from 'dns-packet';
import type { PlainServer } from '../../../src/net/dns/servers.ts';
import { listenBoth } from '../../lab/loopback.ts';

export interface Asked {
  readonly query: DecodedPacket;
  readonly name: string;
  readonly type: string;
  readonly over: 'udp' | 'tcp';
  readonly edns: boolean;
  /** How many questions came before this one. */
  readonly count: number;
}

/** What to send: nothing, one message or several. */
export type Script = (asked: Asked) => Buffer | readonly Buffer[] | null | Promise<Buffer | null>;

export interface Peer {
  readonly server: PlainServer;
  /** `A example.com udp`, in the order they came. */
  readonly log: readonly string[];
  /** Sends from another port to whoever asked last. */
  spoof(message: Buffer): Promise<void>;
  close(): Promise<void>;
}

export const rcodes = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
} as const;

export interface ReplyParts {
  readonly rcode?: keyof typeof rcodes;
  readonly answers?: Answer[];
  readonly authorities?: Answer[];
  readonly additionals?: Answer[];
  readonly flags?: number;
  readonly id?: number;
  readonly questions?: DecodedPacket['questions'];
}

export function reply({ query }: Asked, parts: ReplyParts = {}): Buffer {
  return encode({
    type: 'response',
    id: parts.id ?? query.id,
    flags:
      RECURSION_DESIRED |
      RECURSION_AVAILABLE |
      (parts.flags ?? 0) |
      rcodes[parts.rcode ?? 'NOERROR'],
    questions: parts.questions ?? query.questions ?? [],
    answers: parts.answers ?? [],
    authorities: parts.authorities ?? [],
    additionals: parts.additionals ?? [],
  });
}

export const a = (name: string, data: string, ttl = 300): Answer => ({
  type: 'A',
  name,
  ttl,
  data,
});
export const cname = (name: string, data: string, ttl = 300): Answer => ({
  type: 'CNAME',
  name,
  ttl,
  data,
});
export const soa = (name: string, minimum: number, ttl = 3600): Answer => ({
  type: 'SOA',
  name,
  ttl,
  data: { mname: `ns.${name}`, rname: `admin.${name}`, serial: 1, minimum },
});

export async function startPeer(script: Script): Promise<Peer> {
  const tcp = createServer();
  const { udp, port } = await listenBoth(tcp);
  const log: string[] = [];
  const open = new Set<TcpSocket>();
  let last: { address: string; port: number } | undefined;

  const run = async (message: Buffer, over: 'udp' | 'tcp'): Promise<readonly Buffer[]> => {
    const query = decode(message);
    const { name = '', type = '' } = query.questions?.[0] ?? {};
    const count = log.length;
    log.push(`${type} ${name} ${over}`);
    const edns = (query.additionals ?? []).some((extra) => extra.type === 'OPT');
    const answer = await script({ query, name, type, over, edns, count });
    if (answer === null) return [];
    return Buffer.isBuffer(answer) ? [answer] : (answer as readonly Buffer[]);
  };

  udp.on('message', async (message, from) => {
    last = from;
    for (const answer of await run(message, 'udp')) udp.send(answer, from.port, from.address);
  });
  tcp.on('connection', (socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    socket.once('data', async (framed) => {
      const answers = await run(framed.subarray(2), 'tcp');
      if (answers.length === 0) socket.destroy();
      for (const answer of answers) {
        const length = Buffer.alloc(2);
        length.writeUInt16BE(answer.length);
        // In two pieces, as the network may cut it anywhere.
        socket.write(Buffer.concat([length, answer.subarray(0, 5)]));
        setImmediate(() => socket.write(answer.subarray(5)));
      }
    });
  });

  return {
    server: { address: '127.0.0.1', port, trusted: true, named: true },
    log,
    async spoof(message) {
      const stranger = createSocket('udp4');
      await new Promise<void>((resolve, reject) => {
        stranger.send(message, last?.port ?? 0, '127.0.0.1', (error) =>
          error ? reject(error) : resolve(),
        );
      });
      stranger.close();
    },
    async close() {
      for (const socket of open) socket.destroy();
      udp.close();
      await new Promise((resolve) => tcp.close(resolve));
    },
  };
}
