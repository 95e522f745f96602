/**
 * The probe: a real SMTP conversation with one endpoint, up to but not including login.
 *
 *     tls:       connect → TLS → banner → EHLO → QUIT
 *     starttls:  connect → banner → EHLO → STARTTLS → TLS → EHLO → QUIT
 *     none:      connect → banner → EHLO → QUIT
 *
 * A bad certificate doesn't end it: the server is described, and not verified. The result is
 * ready as soon as the last EHLO is answered; the goodbye goes on in the background, for a second
 * at most, and holds the connection's slot until it is closed.
 */
import type { Endpoint } from '../model/endpoint.ts';
import { timeLimits } from '../model/time-limits.ts';
import { type Network, type TlsFacts, TlsFailure } from '../net/network.ts';
import { Deadline } from '../net/time.ts';
import { Conversation } from '../smtp/conversation.ts';
import { ownName } from '../smtp/ehlo-name.ts';
import { shakeHands, TurnedAway } from '../smtp/handshake.ts';
import { newTranscript, type Observed, type Transcript } from '../smtp/transcript.ts';
import { findAlternateNames } from './alternate-names.ts';
import {
  failureVerdict,
  isOutdatedProtocol,
  judge,
  mayBeOutdated,
  type Verdict,
} from './reasons.ts';
import type { ProbeResult } from './result.ts';

export interface ProbeOptions {
  readonly signal: AbortSignal;
  /**
   * From the connection to the last EHLO reply, in ms; default 8000. Before that stand the name's
   * resolution and the connection's own deadline, so that waiting for a turn costs no server its time.
   */
  readonly deadlineMs?: number;
  /** For the connection alone, in ms; default 3000. */
  readonly connectMs?: number;
  /** What to call ourselves; default the machine's public name, or its address. */
  readonly ehloName?: string;
}

/**
 * @throws the signal's reason when it aborts, and nothing else
 */
export async function probe(
  endpoint: Endpoint,
  network: Network,
  options: ProbeOptions,
): Promise<ProbeResult> {
  const { signal, deadlineMs = timeLimits.probe } = options;
  signal.throwIfAborted();
  const startedAt = performance.now();
  const deadline = new Deadline(signal);
  const context: Context = { endpoint, network, options, deadline, deadlineMs };
  try {
    const facts = await examine(context);
    signal.throwIfAborted();
    return {
      blocked: false,
      reached: true,
      outdatedTls: false,
      alternateNames: [],
      ...facts,
      durationMs: performance.now() - startedAt,
    };
  } finally {
    deadline.clear();
  }
}

interface Context {
  readonly endpoint: Endpoint;
  readonly network: Network;
  readonly options: ProbeOptions;
  readonly deadline: Deadline;
  readonly deadlineMs: number;
}

type Facts = Observed & Verdict & Partial<Pick<ProbeResult, 'outdatedTls' | 'alternateNames'>>;

/** Never rejects; what the caller's signal ended is of no use. */
async function examine(context: Context): Promise<Facts> {
  const transcript = newTranscript();
  try {
    const alternateNames = await converse(context, transcript, false);
    const { observed } = transcript;
    return { ...observed, ...judge(observed.auth, observed.tls), alternateNames };
  } catch (error) {
    const failed = failureVerdict(error, transcript, context.endpoint);
    const facts = { ...transcript.observed, ...failed };
    if (!(error instanceof TlsFailure) || !mayBeOutdated(error)) return facts;
    const described = await describeOutdated(context);
    // When nothing more was learned, what the first handshake said counts.
    if (!described.tls) return { ...facts, outdatedTls: error.kind === 'outdated' };
    const outdatedTls = isOutdatedProtocol(described.tls.protocol);
    const reason = outdatedReason(described.tls, outdatedTls);
    return { ...described, stage: 'tls', ...failed, reason, outdatedTls };
  }
}

/** A second connection to a server that speaks no current TLS, to tell its users what it is. */
async function describeOutdated(
  context: Context,
): Promise<Observed & Pick<Facts, 'alternateNames'>> {
  const transcript = newTranscript();
  try {
    const alternateNames = await converse(context, transcript, true);
    return { ...transcript.observed, alternateNames };
  } catch {
    // The first failure stands.
    return transcript.observed;
  }
}

function outdatedReason({ protocol, cipher }: TlsFacts, outdated: boolean): string {
  return outdated
    ? `the server speaks only ${protocol}, which is outdated`
    : `the server speaks ${protocol} only with outdated settings (${cipher})`;
}

/**
 * @returns the alternate names of its host
 * @throws ConnectFailure, DeadlinePassed, or what the handshake throws
 */
async function converse(
  context: Context,
  transcript: Transcript,
  outdated: boolean,
): Promise<readonly string[]> {
  const { endpoint, network, options, deadline, deadlineMs } = context;
  const { host, encryption } = endpoint;
  const { signal } = deadline;
  const { observed } = transcript;
  const connection = await network.connect(host, endpoint.port, {
    signal,
    deadlineMs: Math.min(options.connectMs ?? timeLimits.connect, deadlineMs),
    polite: true,
  });
  deadline.start(deadlineMs);
  observed.address = connection.address;
  const conversation = new Conversation(connection.socket);
  try {
    await shakeHands(conversation, transcript, {
      encryption,
      secure: (socket) => network.handshake(socket, { host, signal, outdated }),
      ehloName: ownName(options.ehloName, connection.socket.localAddress),
      signal,
    });
  } catch (error) {
    // Whoever hung up, fell silent or speaks no SMTP is told no goodbye; a server that we
    // were called away from is.
    if (error instanceof TurnedAway || options.signal.aborted) void conversation.leave();
    else conversation.destroy();
    throw error;
  }
  void conversation.leave();
  observed.stage = 'done';
  return findAlternateNames(observed, endpoint, connection, network, signal);
}
