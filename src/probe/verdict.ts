/** What became of a probe, and the words for it: outcome and reason. */
import type { Endpoint } from '../model/endpoint.ts';
import { printable } from '../model/printable.ts';
import {
  ConnectFailure,
  type ConnectFailureReason,
  type TlsFacts,
  TlsFailure,
} from '../net/network.ts';
import { DeadlinePassed } from '../net/time.ts';
import { takesCredential } from '../sasl/mechanisms.ts';
import { HungUp } from '../smtp/conversation.ts';
import { type Reply, ReplyError, showReply } from '../smtp/reply.ts';
import { certificateProblem } from './certificate-problem.ts';
import type { ProbeOutcome, ProbeResult } from './result.ts';
import { CERTIFICATE_DEMANDED, demandsCertificate, tlsTrouble } from './tls-trouble.ts';

export type Verdict = Pick<ProbeResult, 'outcome' | 'reason' | 'temporary'> &
  Partial<Pick<ProbeResult, 'blocked' | 'reached' | 'stage' | 'tried'>>;

/** What the conversation waits for. */
export type Awaited = 'banner' | 'EHLO' | 'HELO' | 'STARTTLS' | 'handshake' | 'AUTH' | 'NOOP';

export function verdict(
  outcome: ProbeOutcome,
  reason: string,
  temporary: boolean = false,
): Verdict {
  return { outcome, reason, temporary };
}

/** The server answered, and the answer was no. 4xx asks to come back later. */
export function refused(outcome: ProbeOutcome, what: string, reply: Reply): Verdict {
  return verdict(outcome, `${what}: ${showReply(reply)}`, reply.code >= 400 && reply.code < 500);
}

/** Everything was seen that there is to see; is it good? */
export function judge(auth: readonly string[], tls: TlsFacts | null): Verdict {
  const problem = tls && certificateProblem(tls.certificate);
  if (!auth.some(takesCredential)) {
    const offered = auth.length > 0 ? `AUTH offers only ${auth.join(' ')}` : 'AUTH is not offered';
    // The certificate can be renewed and AUTH is still missing, so that is the outcome.
    return verdict('no-auth', problem ? `${offered}, and ${problem}` : offered);
  }
  if (problem) return verdict('certificate', problem);
  return verdict(
    'ok',
    tls ? `AUTH is offered over ${tls.protocol}` : 'AUTH is offered, without encryption',
  );
}

/** Nobody may trust these any more (RFC 8996). */
export function isOutdatedProtocol(protocol: string): boolean {
  return /^(?:SSL|TLSv1$|TLSv1\.1$)/.test(protocol);
}

const connectOutcomes: { readonly [R in ConnectFailureReason]: ProbeOutcome } = {
  'no-such-host': 'dns',
  dns: 'dns',
  refused: 'refused',
  timeout: 'timeout',
  unreachable: 'unreachable',
  blocked: 'unreachable',
};
/** A missing route may be back tomorrow; a refused port or a missing name says what is so. */
const temporaryReasons: ReadonlySet<ConnectFailureReason> = new Set([
  'dns',
  'timeout',
  'unreachable',
]);

function connectVerdict(failure: ConnectFailure, { host, port }: Endpoint): Verdict {
  const outcome = connectOutcomes[failure.reason];
  return {
    outcome,
    reason: withoutSubject(printable(failure.message, 200), host, port),
    temporary: temporaryReasons.has(failure.reason),
    blocked: failure.reason === 'blocked',
    reached: failure.reached,
    tried: failure.tried,
    stage: outcome === 'dns' ? 'resolve' : 'connect',
  };
}

/** Who reads a reason knows which server it is about; what stands in its place is news. */
function withoutSubject(message: string, host: string, port: number): string {
  const lookUp = `could not look up ${host}: `;
  if (message.startsWith(lookUp)) return `the look-up failed (${message.slice(lookUp.length)})`;
  for (const subject of [`${host}:${port} `, `[${host}]:${port} `, `${host} `]) {
    if (!message.startsWith(subject)) continue;
    return message.slice(subject.length).replace(/^\(in its place (\S+)\) /, 'in its place, $1 ');
  }
  return message;
}

/** Where the conversation stood. */
export interface Moment {
  readonly awaiting: Awaited;
  /** The server asked for a client certificate, which need not mean that it insists. */
  readonly certificateAsked: boolean;
}

/** @param moment where the conversation stood when it failed */
export function failureVerdict(error: unknown, moment: Moment, endpoint: Endpoint): Verdict {
  const { awaiting } = moment;
  if (error instanceof ConnectFailure) return connectVerdict(error, endpoint);
  if (error instanceof TlsFailure) {
    return verdict('tls', tlsTrouble(error, endpoint.encryption === 'starttls'));
  }
  if (error instanceof DeadlinePassed) {
    return verdict('timeout', `${missing(awaiting)} within ${error.ms / 1000} s`, true);
  }
  if (error instanceof HungUp) return hungUpVerdict(error, moment);
  if (error instanceof ReplyError) {
    return verdict(
      'protocol',
      awaiting === 'banner' ? error.message : `${error.message}, after ${awaiting}`,
    );
  }
  // Our own fault, or the seam's: one probe must not end the whole search.
  const message = error instanceof Error ? error.message : String(error);
  return verdict('protocol', `unexpected failure: ${printable(message, 200)}`);
}

function hungUpVerdict({ code }: HungUp, { awaiting, certificateAsked }: Moment): Verdict {
  // Under TLS 1.3 a server refuses when we are done, and may not wait until we have read why.
  const first = awaiting === 'banner' || awaiting === 'EHLO';
  const perhapsWhy = certificateAsked && first ? ', having asked for a client certificate' : '';
  if (code?.startsWith('ERR_SSL_')) {
    const what = demandsCertificate(code)
      ? CERTIFICATE_DEMANDED
      : `TLS broke off ${when(awaiting)}${perhapsWhy}`;
    return verdict('tls', `${what} (${printable(code, 80)})`);
  }
  const cut = (what: string): Verdict =>
    verdict('protocol', `${what} the connection ${when(awaiting)}${perhapsWhy}`);
  if (code === null) return cut('closed');
  if (code === 'ECONNRESET' || code === 'EPIPE') return cut('reset');
  const { outcome, reason } = cut('lost');
  return verdict(outcome, `${reason} (${printable(code, 80)})`);
}

function missing(awaiting: Awaited): string {
  if (awaiting === 'banner') return 'no banner';
  return awaiting === 'handshake' ? 'no end of the TLS handshake' : `no reply to ${awaiting}`;
}

function when(awaiting: Awaited): string {
  if (awaiting === 'banner') return 'before the banner';
  return awaiting === 'handshake' ? 'during the TLS handshake' : `after ${awaiting}`;
}
