/**
 * The probe: a real SMTP conversation with one endpoint, up to but not including login.
 *
 *     tls:       connect → TLS → banner → EHLO → QUIT
 *     starttls:  connect → banner → EHLO → STARTTLS → TLS → EHLO → QUIT
 *     none:      connect → banner → EHLO → QUIT
 *
 * A bad certificate doesn't end it: the server is described, and not verified. The result is
 * ready as soon as the last EHLO is answered; QUIT goes on in the background, for a second at most,
 * and holds the connection's slot until it is closed.
 */
import type { Endpoint } from '../model/endpoint.ts';
import { timeLimits } from '../model/time-limits.ts';
import { type Network, TlsFailure } from '../net/network.ts';
import { Deadline, DeadlinePassed } from '../net/time.ts';
import { greetingInTheClear } from '../smtp/greeting.ts';
import { type OpeningOptions, openConversation } from '../smtp/handshake.ts';
import { type Reply, ReplyError } from '../smtp/reply.ts';
import { SpeaksTlsFirst, speaksTlsFirst } from '../smtp/tls-first.ts';
import type { TraceListener } from '../smtp/trace.ts';
import { newTranscript, type Observed } from '../smtp/transcript.ts';
import { findAlternateNames } from './alternate-names.ts';
import {
  failureVerdict,
  isOutdatedProtocol,
  judge,
  mayBeOutdated,
  outdatedReason,
  plaintextVerdict,
  type Verdict,
} from './reasons.ts';
import type { ProbeResult } from './result.ts';

export interface ProbeOptions {
  readonly signal: AbortSignal;
  /**
   * From the connection to the last EHLO reply, in ms. Before that stand the name's
   * resolution and the connection's own deadline, so that waiting for a turn costs no server its time.
   */
  readonly deadlineMs?: number;
  /** For the connection alone, in ms. */
  readonly connectMs?: number;
  /** What to call ourselves; default the machine's public name, or its address. */
  readonly ehloName?: string;
  /** For those who want to read along. */
  readonly trace?: TraceListener | undefined;
}

/**
 * @throws the signal's reason when it aborts, and nothing else
 */
export async function probe(
  endpoint: Endpoint,
  network: Network,
  options: ProbeOptions,
): Promise<ProbeResult> {
  const { signal, deadlineMs = timeLimits.probe, ehloName, connectMs, trace } = options;
  signal.throwIfAborted();
  const startedAt = performance.now();
  const deadline = new Deadline(signal);
  const opening: OpeningOptions = {
    ...(mayImplyTls(endpoint) && {
      onSilence: once((silence) => void tryTls(endpoint, network, silence, deadline, trace)),
    }),
    signal,
    deadline,
    deadlineMs,
    ehloName,
    trace,
    ...(connectMs !== undefined && { connectMs }),
  };
  try {
    const first = await converse(endpoint, network, opening);
    const { error } = first;
    let { facts } = first;
    if (error instanceof TlsFailure && mayBeOutdated(error)) {
      // A server that speaks no current TLS is called again, to tell its users what it is.
      const again = await converse(endpoint, network, { ...opening, outdated: true });
      facts = describeOutdated(facts, again.facts, error.kind === 'outdated');
    }
    if (
      error instanceof TlsFailure &&
      error.kind === 'plaintext' &&
      endpoint.encryption === 'tls'
    ) {
      facts = {
        ...facts,
        ...(await describePlaintext(facts, endpoint, network, deadline.signal, trace)),
      };
    }
    signal.throwIfAborted();
    return {
      blocked: false,
      reached: true,
      outdatedTls: false,
      speaksInstead: null,
      ...facts,
      durationMs: performance.now() - startedAt,
    };
  } finally {
    deadline.clear();
  }
}

type Facts = Observed &
  Verdict &
  Pick<ProbeResult, 'alternateNames'> &
  Partial<Pick<ProbeResult, 'outdatedTls' | 'speaksInstead'>>;

/** Behind port 25 a greeting that comes late is a test of manners, and nobody speaks TLS first. */
function mayImplyTls({ port, encryption }: Endpoint): boolean {
  return encryption === 'starttls' && port !== 25;
}

function once(action: (silence: AbortSignal) => void): (silence: AbortSignal) => void {
  let done = false;
  return (silence) => {
    if (!done) action(silence);
    done = true;
  };
}

/** The server waits for us, perhaps: if it speaks TLS at once, the probe need not wait. Never rejects. */
async function tryTls(
  endpoint: Endpoint,
  network: Network,
  silence: AbortSignal,
  probing: Deadline,
  trace: TraceListener | undefined,
): Promise<void> {
  if (await speaksTlsFirst(endpoint, network, silence, trace)) probing.abort(new SpeaksTlsFirst());
}

/** Never rejects: the error that ended the conversation comes with what was seen before. */
async function converse(
  endpoint: Endpoint,
  network: Network,
  opening: OpeningOptions,
): Promise<{ facts: Facts; error: unknown }> {
  const transcript = newTranscript();
  const { observed } = transcript;
  try {
    const opened = await openConversation(endpoint, network, transcript, opening);
    void opened.conversation.quit();
    const { auth, tls } = observed;
    const { signal } = opening.deadline;
    const alternateNames = await findAlternateNames(
      observed,
      endpoint,
      opened.connection,
      network,
      signal,
    );
    const facts: Facts = { ...observed, ...judge(auth, tls), stage: 'done', alternateNames };
    return { facts, error: null };
  } catch (error) {
    const verdict = failureVerdict(error, transcript, endpoint);
    return { facts: { ...observed, ...verdict, alternateNames: [] }, error };
  }
}

/** A server that answered our hello in plaintext is called again, to hear what it has to say. */
async function describePlaintext(
  { badAddresses }: Facts,
  endpoint: Endpoint,
  network: Network,
  signal: AbortSignal,
  trace: TraceListener | undefined,
): Promise<Partial<Facts>> {
  let greeting: Reply;
  try {
    greeting = await greetingInTheClear(endpoint, network, badAddresses, signal, trace);
  } catch (error) {
    // It is gone: what it said before was said for the moment. What is no SMTP, or waits for us to
    // speak first, stays so.
    const isNoSmtp = error instanceof ReplyError || error instanceof DeadlinePassed;
    return { temporary: !signal.aborted && !isNoSmtp };
  }
  return plaintextVerdict(greeting);
}

function describeOutdated(failed: Facts, described: Facts, outdated: boolean): Facts {
  const { tls } = described;
  // When nothing more was learned, what the first handshake said counts.
  if (!tls) return { ...failed, outdatedTls: outdated };
  const outdatedTls = isOutdatedProtocol(tls.protocol);
  const { outcome, temporary } = failed;
  const reason = outdatedReason(tls);
  return { ...described, stage: 'tls', outcome, temporary, reason, outdatedTls };
}
