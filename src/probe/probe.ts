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
import { nothingSeen, type Seen, TurnedAway } from '../smtp/dialogue.ts';
import { ownName } from '../smtp/ehlo-name.ts';
import { open } from '../smtp/opening.ts';
import { findAlternateNames } from './alternate-names.ts';
import type { ProbeResult } from './result.ts';
import { mayBeOutdated } from './tls-trouble.ts';
import { failureVerdict, isOutdatedProtocol, judge, type Verdict } from './verdict.ts';

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
  const task: Task = { endpoint, network, options, deadline, deadlineMs };
  const seen = nothingSeen();
  try {
    const became = await converse(task, seen, false);
    return toResult(seen, became, false, startedAt);
  } catch (error) {
    signal.throwIfAborted();
    const failed = failureVerdict(error, seen, endpoint);
    if (!(error instanceof TlsFailure) || !mayBeOutdated(error)) {
      return toResult(seen, failed, false, startedAt);
    }
    const again = await describeOutdated(task);
    signal.throwIfAborted();
    // When nothing more was learned, what the handshake said counts.
    if (!again.tls) return toResult(seen, failed, error.kind === 'outdated', startedAt);
    const outdated = isOutdatedProtocol(again.tls.protocol);
    const reason = outdatedReason(again.tls, outdated);
    return toResult({ ...again, stage: 'tls' }, { ...failed, reason }, outdated, startedAt);
  } finally {
    deadline.clear();
  }
}

interface Task {
  readonly endpoint: Endpoint;
  readonly network: Network;
  readonly options: ProbeOptions;
  readonly deadline: Deadline;
  readonly deadlineMs: number;
}

/** A second connection to a server that speaks no current TLS, to tell its users what it is. */
async function describeOutdated(task: Task): Promise<Seen> {
  const seen = nothingSeen();
  try {
    await converse(task, seen, true);
  } catch {
    // The first failure stands.
  }
  return seen;
}

function outdatedReason({ protocol, cipher }: TlsFacts, outdated: boolean): string {
  return outdated
    ? `the server speaks only ${protocol}, which is outdated`
    : `the server speaks ${protocol} only with outdated settings (${cipher})`;
}

/** @throws ConnectFailure, TlsFailure, HungUp, ReplyError, DeadlinePassed, or the signal's reason */
async function converse(task: Task, seen: Seen, outdated: boolean): Promise<Verdict> {
  const { endpoint, network, options, deadline, deadlineMs } = task;
  const connection = await network.connect(endpoint.host, endpoint.port, {
    signal: deadline.signal,
    deadlineMs: Math.min(options.connectMs ?? timeLimits.connect, deadlineMs),
    polite: true,
  });
  deadline.start(deadlineMs);
  seen.address = connection.address;
  const talk = new Conversation(connection.socket);
  try {
    const { host, encryption } = endpoint;
    await open(talk, seen, {
      encryption,
      handshake: (socket) => network.handshake(socket, { host, signal: deadline.signal, outdated }),
      ehloName: ownName(options.ehloName, connection.socket.localAddress),
      signal: deadline.signal,
    });
  } catch (error) {
    if (error instanceof TurnedAway) {
      void talk.leave();
      return error.verdict;
    }
    // Whoever hung up, fell silent or speaks no SMTP is told no goodbye; a server that we
    // were called away from is.
    if (options.signal.aborted) void talk.leave();
    else talk.destroy();
    throw error;
  }
  void talk.leave();
  if (seen.tls) {
    seen.alternateNames = await findAlternateNames(
      seen.tls,
      endpoint,
      connection,
      network,
      deadline.signal,
    );
    options.signal.throwIfAborted();
  }
  seen.stage = 'done';
  return judge(seen.auth, seen.tls);
}

function toResult(
  { awaiting: _, certificateAsked: __, ...facts }: Seen,
  became: Verdict,
  outdatedTls: boolean,
  startedAt: number,
): ProbeResult {
  return {
    ...facts,
    blocked: false,
    reached: true,
    ...became,
    outdatedTls,
    durationMs: performance.now() - startedAt,
  };
}
