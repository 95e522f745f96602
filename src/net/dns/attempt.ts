/**
 * One resolver, asked once: over UDP, and over TCP when the reply was cut, or over its encrypted
 * transport; and without EDNS when it takes offence at that.
 */
import { randomInt } from 'node:crypto';
import { isLoopback } from '../connect/address-policy.ts';
import { isReferral } from './interpret.ts';
import { type DnsMessage, encodeQuestion, type Question, readReply } from './message.ts';
import { type DnsServer, serverLabel } from './servers.ts';
import { type DnsExchange, TransportFailure, type Transports } from './transport.ts';

/** Why a resolver is of no use for a question; as in `DnsAnswer`. */
export interface Problem {
  readonly kind: 'problem';
  readonly reason: 'servfail' | 'refused' | 'network' | 'malformed';
  readonly detail: string;
  readonly reached: boolean;
}

export interface DnsReply {
  readonly kind: 'reply';
  /** With rcode NOERROR or NXDOMAIN. */
  readonly message: DnsMessage;
  readonly server: DnsServer;
  /** EDNS was used; false when the resolver does not know it. */
  readonly edns: boolean;
}

const NOERROR = 0;
const SERVFAIL = 2;
const NXDOMAIN = 3;
const REFUSED = 5;
const RCODES: Readonly<Record<number, string>> = {
  1: 'FORMERR',
  2: 'SERVFAIL',
  4: 'NOTIMP',
  5: 'REFUSED',
  16: 'BADVERS',
};
/** How servers that do not know EDNS say so (RFC 6891 §7, and RFC 2671 §5.3 before it). */
const NO_EDNS: ReadonlySet<number> = new Set([1, 4, 16]);

/**
 * Waits until there is a reply or the signal is aborted: silence is for the caller to judge.
 *
 * @throws the signal's reason
 */
export async function attempt(
  server: DnsServer,
  question: Question,
  edns: boolean,
  transports: Transports,
  signal: AbortSignal,
): Promise<DnsReply | Problem> {
  let reached = false;
  const exchange = (): DnsExchange<DnsMessage | 'broken'> => {
    // Over HTTPS, where nothing else can get in between, 0 is the same for everybody's caches
    // (RFC 8484 §4.1).
    const id = server.over === 'https' ? 0 : randomInt(0x10000);
    return {
      query: encodeQuestion(question, id, { edns, padded: server.over !== undefined }),
      accept: (bytes) => {
        const reply = readReply(bytes, question, id);
        if (reply === 'foreign') return null;
        reached = true;
        return reply;
      },
      signal,
    };
  };
  try {
    const message = await overTransport(server, exchange, transports);
    if (message === 'broken' || message.truncated) {
      return problem(server, 'malformed', ' answered something unreadable');
    }
    if (edns && NO_EDNS.has(message.rcode)) {
      return await attempt(server, question, false, transports, signal);
    }
    return judge(message, server) ?? { kind: 'reply', message, server, edns };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TransportFailure)) throw error;
    if (error.misread) return problem(server, 'malformed', `: ${error.message}`);
    return problem(server, 'network', `: ${error.message}`, reached);
  }
}

/** @throws TransportFailure or the signal's reason */
async function overTransport(
  server: DnsServer,
  exchange: () => DnsExchange<DnsMessage | 'broken'>,
  transports: Transports,
): Promise<DnsMessage | 'broken'> {
  if (server.over === 'tls') return transports.tls(server, exchange());
  if (server.over === 'https') return transports.https(server, exchange());
  const message = await transports.udp(server, exchange());
  const cut = message !== 'broken' && message.truncated;
  return cut ? transports.tcp(server, exchange()) : message;
}

/** What makes a reply useless; null when it is of use. */
function judge(message: DnsMessage, server: DnsServer): Problem | null {
  const { rcode } = message;
  if (rcode === NXDOMAIN || (rcode === NOERROR && !isReferral(message))) return null;
  if (rcode === NOERROR) return problem(server, 'refused', ' does not resolve names for us');
  const answered = ` answered ${RCODES[rcode] ?? `with error ${rcode}`}`;
  // A resolver on this machine says SERVFAIL or REFUSED also when it has no network.
  const ownVoice = server.over === undefined && isLoopback(server.address) && server.named !== true;
  if (rcode === SERVFAIL) return problem(server, 'servfail', answered, !ownVoice);
  if (rcode === REFUSED) return problem(server, 'refused', answered, !ownVoice);
  return problem(server, 'servfail', answered);
}

function problem(
  server: DnsServer,
  reason: Problem['reason'],
  what: string,
  reached = true,
): Problem {
  return { kind: 'problem', reason, detail: `${serverLabel(server)}${what}`, reached };
}
