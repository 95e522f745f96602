/**
 * How every conversation with a submission server begins (RFC 5321, RFC 3207), up to the EHLO reply
 * that counts:
 *
 *     tls:       connect → TLS → banner → EHLO
 *     starttls:  connect → banner → EHLO → STARTTLS → TLS → EHLO
 *     none:      connect → banner → EHLO
 */
import type { Socket } from 'node:net';
import type { Endpoint } from '../model/endpoint.ts';
import { timeLimits } from '../model/time-limits.ts';
import {
  type Connection,
  type Network,
  type SecureConnection,
  TlsFailure,
} from '../net/network.ts';
import type { Deadline } from '../net/time.ts';
import { type Attempt, raceOpenings } from './address-race.ts';
import { parseCapabilities } from './capabilities.ts';
import { Conversation } from './conversation.ts';
import { ownName } from './ehlo-name.ts';
import { type Reply, replyText } from './reply.ts';
import { SpeaksTlsFirst } from './tls-first.ts';
import { startTrace, type Trace, type TraceListener } from './trace.ts';
import type { Awaited, Transcript } from './transcript.ts';
import { TurnedAway } from './turned-away.ts';

export interface OpeningOptions {
  /** The caller's own. */
  readonly signal: AbortSignal;
  /** Follows `signal`; its clock starts with the connection. */
  readonly deadline: Deadline;
  readonly deadlineMs: number;
  /** For the connection alone, in ms; default 3000. */
  readonly connectMs?: number;
  /** Default the machine's public name, or its address. */
  readonly ehloName: string | undefined;
  /** Allow TLS that current clients refuse; default false. */
  readonly outdated?: boolean;
  /**
   * Called when a connected server has said nothing for `timeLimits.mayWaitForTls`.
   * @param silence aborts when it speaks, or is left
   */
  readonly onSilence?: (silence: AbortSignal) => void;
  /** For those who want to read along. */
  readonly trace?: TraceListener | undefined;
}

export interface Opened {
  readonly conversation: Conversation;
  readonly connection: Connection;
}

/**
 * Connects and says hello, at one address of the host after the other until one of them works: an
 * address that hangs up, resets, turns us away or fails at TLS gives way to the next one at once,
 * one that stays silent does so after a while, and goes on being listened to. A bad certificate does
 * not end it: the caller looks at `observed.tls` and decides.
 * @param transcript is filled in, with what was seen at the address that worked or came furthest
 * @throws ConnectFailure, TurnedAway, TlsFailure, ConnectionLost, ReplyError, DeadlinePassed, or the
 *   signal's reason; every connection is closed then
 */
export function openConversation(
  endpoint: Endpoint,
  network: Network,
  transcript: Transcript,
  options: OpeningOptions,
): Promise<Opened> {
  return raceOpenings(transcript, options.deadline.signal, (attempt) =>
    openAt(endpoint, network, attempt, options),
  );
}

async function openAt(
  endpoint: Endpoint,
  network: Network,
  { transcript, avoid, signal, onAddress }: Attempt,
  options: OpeningOptions,
): Promise<Opened> {
  const { deadline, deadlineMs, outdated = false } = options;
  const { host, port, encryption } = endpoint;
  const connection = await connect(endpoint, network, avoid, signal, options);
  const trace = startTrace(options.trace, endpoint);
  trace?.connected(endpoint, connection.address);
  deadline.start(deadlineMs);
  transcript.observed.address = connection.address;
  onAddress(connection.address);
  const conversation = new Conversation(connection.socket, trace);
  const opening: Opening = {
    conversation,
    trace,
    transcript,
    signal,
    ehloName: ownName(options.ehloName, connection.socket.localAddress),
    port,
    onSilence: options.onSilence ?? (() => {}),
    secure: (socket) => network.handshake(socket, { host, signal, outdated }),
  };
  try {
    switch (encryption) {
      case 'tls':
        await beginTls(opening);
        await readBanner(opening);
        await ehlo(opening);
        break;
      case 'starttls':
        await readBanner(opening);
        await ehlo(opening);
        await upgrade(opening);
        await ehlo(opening);
        break;
      case 'none':
        await readBanner(opening);
        await ehlo(opening);
        noteOffersInTheClear(opening);
    }
  } catch (error) {
    // A server that hung up, fell silent or speaks no SMTP gets no QUIT; one that we leave because
    // the caller aborts does.
    const isLeft = signal.aborted && !(error instanceof SpeaksTlsFirst);
    if (error instanceof TurnedAway || isLeft) void conversation.quit(error);
    else conversation.destroy(error);
    throw error;
  }
  return { conversation, connection };
}

async function connect(
  endpoint: Endpoint,
  network: Network,
  avoid: readonly string[],
  signal: AbortSignal,
  { connectMs = timeLimits.connect, deadlineMs, trace }: OpeningOptions,
): Promise<Connection> {
  const { host, port } = endpoint;
  try {
    return await network.connect(host, port, {
      signal,
      deadlineMs: Math.min(connectMs, deadlineMs),
      limited: true,
      avoid,
    });
  } catch (error) {
    // That there is no further address is no news, nor that nobody wants to know any more.
    if (avoid.length === 0 && !signal.aborted) {
      startTrace(trace, endpoint)?.notConnected(endpoint, error);
    }
    throw error;
  }
}

interface Opening {
  readonly conversation: Conversation;
  readonly trace: Trace | null;
  readonly transcript: Transcript;
  readonly signal: AbortSignal;
  readonly ehloName: string;
  readonly port: number;
  readonly onSilence: (silence: AbortSignal) => void;
  readonly secure: (socket: Socket) => Promise<SecureConnection>;
}

async function readBanner(opening: Opening): Promise<void> {
  const { transcript } = opening;
  const { observed } = transcript;
  observed.stage = 'banner';
  transcript.awaiting = 'banner';
  const banner = note(transcript, await firstReply(opening));
  observed.banner = replyText(banner, 500);
  if (banner.code === 220) return;
  const what = banner.code >= 400 ? 'the server turned us away' : 'not an SMTP banner';
  throw new TurnedAway(what, banner);
}

async function firstReply({ conversation, signal, port, onSilence }: Opening): Promise<Reply> {
  const { submission, elsewhere } = timeLimits.mayWaitForTls;
  const silence = new AbortController();
  const timer = setTimeout(() => onSilence(silence.signal), port === 587 ? submission : elsewhere);
  try {
    return await conversation.read(signal);
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

/** EHLO, or HELO where the server knows no better, and what it says of itself. */
async function ehlo(opening: Opening): Promise<void> {
  const { observed } = opening.transcript;
  observed.stage = 'ehlo';
  observed.capabilities = {};
  observed.auth = [];
  const reply = await command(opening, 'EHLO', ` ${opening.ehloName}`);
  // Another greeting, perhaps: from here on each reply would be taken for the next one's.
  if (reply.code === 220) throw new TurnedAway('the server answered EHLO out of step', reply);
  if (isPositive(reply)) {
    const { serverName, keywords, auth } = parseCapabilities(reply.lines);
    observed.serverName = serverName;
    observed.capabilities = keywords;
    observed.auth = auth;
    return;
  }
  if (!mayKnowHelo(reply)) throw new TurnedAway('the server refused EHLO', reply);
  const helo = await command(opening, 'HELO', ` ${opening.ehloName}`);
  if (!isPositive(helo)) throw new TurnedAway('the server refused EHLO and HELO', helo);
}

function noteOffersInTheClear({ transcript: { observed } }: Opening): void {
  observed.clearAuth = observed.auth;
  observed.startTls = 'STARTTLS' in observed.capabilities;
}

/** STARTTLS. What is offered in the clear counts no more, AUTH least of all (RFC 3207 §4.2). */
async function upgrade(opening: Opening): Promise<void> {
  const { observed } = opening.transcript;
  noteOffersInTheClear(opening);
  observed.auth = [];
  if (!observed.startTls) throw new TurnedAway('STARTTLS is not offered', null);
  observed.stage = 'starttls';
  const reply = await command(opening, 'STARTTLS');
  if (reply.code !== 220) throw new TurnedAway('the server refused STARTTLS', reply);
  observed.capabilities = {};
  // Whatever came behind the 220 came in the clear, and would be taken for the server's word
  // under TLS (CVE-2011-0411).
  observed.injection = opening.conversation.discard();
  try {
    await beginTls(opening);
  } catch (error) {
    // What came a moment too late to be discarded went into the handshake, and broke it.
    if (error instanceof TlsFailure && error.kind === 'plaintext') observed.injection = true;
    throw error;
  }
}

async function beginTls({ conversation, trace, transcript, secure }: Opening): Promise<void> {
  transcript.observed.stage = 'tls';
  transcript.awaiting = 'handshake';
  const { tls, socket } = await conversation.secure(secure);
  transcript.observed.tls = tls;
  trace?.secured(tls);
  // The one trace of a CertificateRequest: it says which signatures the server would accept.
  transcript.certificateRequested = socket.getSharedSigalgs().length > 0;
}

async function command(
  { conversation, transcript, signal }: Opening,
  verb: Awaited,
  parameters: string = '',
): Promise<Reply> {
  transcript.awaiting = verb;
  return note(transcript, await conversation.command(`${verb}${parameters}`, signal));
}

function note({ observed }: Transcript, reply: Reply): Reply {
  observed.reply = { code: reply.code, enhanced: reply.enhanced, text: replyText(reply) };
  return reply;
}

function isPositive(reply: Reply): boolean {
  return reply.code >= 200 && reply.code < 300;
}

/** RFC 5321 §3.2 for servers that don't know EHLO; any other refusal is about us, and has its reason. */
function mayKnowHelo({ code }: Reply): boolean {
  return code >= 500 && code <= 504;
}
