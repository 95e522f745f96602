/** A recursive resolver, as clients see one, over UDP and TCP on one loopback port. */
import { createServer } from 'node:net';
import type { Answer, DecodedPacket, Packet } from 'dns-packet';
import * as dnsPacket from 'dns-packet';
import { Delays } from './delays.ts';
import { listenBoth, type Stoppable, track } from './loopback.ts';
import { canonical, type ZoneTable } from './zone.ts';

/** How a name (or one type of it) is answered, apart from what the zone says. */
export interface DnsBehaviour {
  readonly delayMs?: number;
  readonly rcode?: keyof typeof RCODES;
  /** Never answered; or only so many questions are not. */
  readonly drop?: boolean | number;
  /** Over UDP, an empty answer with TC set. */
  readonly truncate?: boolean;
  /** The AD bit: the resolver says that it validated the answer. */
  readonly authentic?: boolean;
}

/** Keys: `example.com` or `example.com/MX`, with `*` for any name. The most exact key counts. */
export type DnsBehaviours = Readonly<Record<string, DnsBehaviour>>;

export interface DnsQuestion {
  /** In lower case. */
  readonly name: string;
  readonly type: string;
  readonly over: 'udp' | 'tcp';
}

export interface DnsServer extends Stoppable {
  readonly port: number;
  /** All that was asked, in order. */
  readonly questions: readonly DnsQuestion[];
  /** How often a name was asked about. */
  asked(name: string, type?: string): number;
  forget(): void;
}

export interface DnsServerOptions {
  readonly zone: ZoneTable;
  readonly behaviours?: DnsBehaviours;
  /** Every answer comes this late; over TCP the first one on a connection twice that. */
  readonly roundTripMs?: number;
}

const RCODES = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
const PLAIN_UDP_SIZE = 512; // RFC 1035 §4.2.1
const NEGATIVE_TTL = 60;

export async function startDnsServer(options: DnsServerOptions): Promise<DnsServer> {
  const { zone, behaviours = {}, roundTripMs = 0 } = options;
  const questions: DnsQuestion[] = [];
  const dropped = new Map<DnsBehaviour, number>();
  const delays = new Delays();

  function answer(
    message: Buffer,
    over: 'udp' | 'tcp',
    trips: number,
    send: (reply: Buffer) => void,
  ): void {
    const query = decode(message);
    const question = query?.questions?.[0];
    if (!query || !question || query.type !== 'query') return;
    const { name, type } = question;
    questions.push({ name: canonical(name), type, over });

    const behaviour = behaviourOf(behaviours, canonical(name), type);
    const times = dropped.get(behaviour) ?? 0;
    dropped.set(behaviour, times + 1);
    if (behaviour.drop === true || times < Number(behaviour.drop ?? 0)) return;

    const found = zone.lookup(name, type);
    const rcode = behaviour.rcode ?? found.rcode;
    const reply = respond(query, rcode, behaviour.rcode ? [] : found.answers, behaviour);
    const fits = over === 'tcp' || dnsPacket.encodingLength(reply) <= roomFor(query);
    const truncated = over === 'udp' && (behaviour.truncate || !fits);
    const bytes = dnsPacket.encode(truncated ? truncate(reply) : reply);
    delays.after(trips * roundTripMs + (behaviour.delayMs ?? 0), () => send(bytes));
  }

  const tcp = createServer((socket) => {
    let buffered = Buffer.alloc(0);
    let trips = 2; // The handshake costs one, which the kernel answered by itself.
    socket.on('data', (chunk) => {
      buffered = Buffer.concat([buffered, chunk]);
      while (buffered.length >= 2 && buffered.length >= 2 + buffered.readUInt16BE(0)) {
        const end = 2 + buffered.readUInt16BE(0);
        const message = buffered.subarray(2, end);
        buffered = buffered.subarray(end);
        answer(message, 'tcp', trips, (reply) => {
          const length = Buffer.alloc(2);
          length.writeUInt16BE(reply.length);
          if (!socket.destroyed) socket.write(Buffer.concat([length, reply]));
        });
        trips = 1;
      }
    });
    socket.on('end', () => socket.end());
  });
  const stopTcp = track(tcp);
  const { udp, port } = await listenBoth(tcp);
  udp.on('message', (message, from) => {
    answer(message, 'udp', 1, (reply) => udp.send(reply, from.port, from.address));
  });

  return {
    port,
    questions,
    asked: (name, type) =>
      questions.filter((q) => q.name === canonical(name) && (!type || q.type === type)).length,
    forget: () => questions.splice(0),
    async stop() {
      delays.clear();
      await Promise.all([stopTcp(), new Promise<void>((resolve) => udp.close(() => resolve()))]);
    },
  };
}

function decode(message: Buffer): DecodedPacket | null {
  try {
    return dnsPacket.decode(message);
  } catch {
    return null;
  }
}

function behaviourOf(behaviours: DnsBehaviours, name: string, type: string): DnsBehaviour {
  const keys = [`${name}/${type}`, name, `*/${type}`, '*'];
  for (const key of keys) {
    const behaviour = behaviours[key];
    if (behaviour) return behaviour;
  }
  return ORDINARY;
}
const ORDINARY: DnsBehaviour = {};

function respond(
  query: DecodedPacket,
  rcode: keyof typeof RCODES,
  answers: readonly Answer[],
  behaviour: DnsBehaviour,
): Packet {
  const { RECURSION_DESIRED, RECURSION_AVAILABLE, AUTHENTIC_DATA } = dnsPacket;
  const negative = answers.length === 0 && (rcode === 'NOERROR' || rcode === 'NXDOMAIN');
  return {
    type: 'response',
    ...(query.id === undefined ? {} : { id: query.id }),
    flags:
      RECURSION_AVAILABLE |
      (query.flag_rd ? RECURSION_DESIRED : 0) |
      (behaviour.authentic ? AUTHENTIC_DATA : 0) |
      RCODES[rcode],
    questions: query.questions,
    answers: [...answers],
    authorities: negative ? [START_OF_AUTHORITY] : [],
    additionals: optOf(query) ? [OPT] : [],
  };
}

const START_OF_AUTHORITY: Answer = {
  name: '.',
  type: 'SOA',
  ttl: NEGATIVE_TTL,
  data: {
    mname: 'ns.lab.invalid',
    rname: 'hostmaster.lab.invalid',
    serial: 1,
    refresh: 3600,
    retry: 600,
    expire: 86_400,
    minimum: NEGATIVE_TTL,
  },
};

const OPT: Answer = {
  name: '.',
  type: 'OPT',
  udpPayloadSize: 1232,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

function optOf(query: DecodedPacket): Extract<Answer, { type: 'OPT' }> | undefined {
  return query.additionals?.find((record) => record.type === 'OPT');
}

function roomFor(query: DecodedPacket): number {
  return Math.max(PLAIN_UDP_SIZE, optOf(query)?.udpPayloadSize ?? 0);
}

function truncate(reply: Packet): Packet {
  const flags = (reply.flags ?? 0) | dnsPacket.TRUNCATED_RESPONSE;
  return { ...reply, flags, answers: [], authorities: [] };
}
