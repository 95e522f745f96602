/** What a probe came to, and why: outcome and reason, in the words that a report shows. Pure. */
import { inSeconds } from '../model/duration.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { printable } from '../model/printable.ts';
import {
  ConnectFailure,
  type ConnectFailureReason,
  type TlsFacts,
  TlsFailure,
} from '../net/network.ts';
import { DeadlinePassed } from '../net/time.ts';
import { certificateTrouble } from '../net/tls/certificate-trouble.ts';
import { mechanismNamed, takesSecret } from '../sasl/mechanisms.ts';
import { ConnectionLost } from '../smtp/conversation.ts';
import { type Reply, ReplyError, replyText, showReply } from '../smtp/reply.ts';
import { SpeaksTlsFirst } from '../smtp/tls-first.ts';
import type { Awaited, Transcript } from '../smtp/transcript.ts';
import { TurnedAway } from '../smtp/turned-away.ts';
import type { ProbeOutcome, ProbeResult } from './result.ts';

export type Verdict = Pick<ProbeResult, 'outcome' | 'reason' | 'temporary'> &
  Partial<
    Pick<
      ProbeResult,
      'blocked' | 'reached' | 'proxyTrouble' | 'stage' | 'tried' | 'reply' | 'speaksInstead'
    >
  >;

function verdict(outcome: ProbeOutcome, reason: string, temporary: boolean = false): Verdict {
  return { outcome, reason, temporary };
}

/** The handshake is complete: is what it showed good enough? */
export function judge(auth: readonly string[], tls: TlsFacts | null): Verdict {
  const problem = tls && certificateTrouble(tls.certificate);
  if (!auth.some((name) => takesSecret(mechanismNamed(name)))) {
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
  reset: 'protocol',
  timeout: 'timeout',
  unreachable: 'unreachable',
  blocked: 'unreachable',
};
/** A missing route may be back tomorrow, and a limit or a balancer's dead backend be over; a refused port or a missing name says what is so. */
const temporaryReasons: ReadonlySet<ConnectFailureReason> = new Set([
  'dns',
  'reset',
  'timeout',
  'unreachable',
]);

function connectVerdict(failure: ConnectFailure, { host, port }: Endpoint): Verdict {
  const outcome = connectOutcomes[failure.reason];
  return {
    outcome,
    reason: withoutServer(printable(failure.message, 200), host, port),
    temporary: temporaryReasons.has(failure.reason),
    blocked: failure.reason === 'blocked',
    reached: failure.reached,
    ...(failure.proxyTrouble !== null && { proxyTrouble: failure.proxyTrouble }),
    tried: failure.tried,
    stage: outcome === 'dns' ? 'resolve' : 'connect',
  };
}

/** A reason is shown beside its server, so it leaves the name out; not so that of a replacement. */
function withoutServer(message: string, host: string, port: number): string {
  const lookUp = `could not look up ${host}: `;
  if (message.startsWith(lookUp)) return `the look-up failed (${message.slice(lookUp.length)})`;
  for (const server of [`${host}:${port} `, `[${host}]:${port} `, `${host} `]) {
    if (!message.startsWith(server)) continue;
    return message.slice(server.length).replace(/^\(in its place (\S+)\) /, 'in its place, $1 ');
  }
  return message;
}

/**
 * @param error what the conversation threw
 * @param transcript up to that point
 */
export function failureVerdict(
  error: unknown,
  transcript: Transcript,
  endpoint: Endpoint,
): Verdict {
  const { awaiting } = transcript;
  if (error instanceof ConnectFailure) return connectVerdict(error, endpoint);
  if (error instanceof TurnedAway) return turnedAwayVerdict(error, transcript);
  if (error instanceof TlsFailure) {
    const startTls = endpoint.encryption === 'starttls';
    // Before a word was said, as by a limit or a balancer without a backend.
    return verdict('tls', tlsReason(error, startTls), error.kind === 'closed' && !startTls);
  }
  if (error instanceof DeadlinePassed) {
    return verdict('timeout', `${missing(awaiting)} within ${inSeconds(error.ms)}`, true);
  }
  if (error instanceof SpeaksTlsFirst) {
    const reason = 'the server speaks TLS from the first byte on this port, not STARTTLS';
    return { ...verdict('tls', reason), speaksInstead: 'tls' };
  }
  if (error instanceof ConnectionLost) return connectionLostVerdict(error, transcript);
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

function turnedAwayVerdict(
  { message, reply }: TurnedAway,
  { awaiting, certificateRequested }: Transcript,
): Verdict {
  if (reply === null) return verdict('tls', message);
  // Some demand a client certificate only after the handshake, and with a 421 at that (Postfix), for
  // which coming back later is no use.
  if (certificateRequested && /\bcertificates?\b/i.test(replyText(reply))) {
    return verdict('tls', `${CERTIFICATE_DEMANDED}: ${showReply(reply)}`);
  }
  const outcome = awaiting === 'STARTTLS' ? 'tls' : 'protocol';
  // 4xx asks to come back later.
  const temporary = reply.code >= 400 && reply.code < 500;
  return verdict(outcome, `${message}: ${showReply(reply)}`, temporary);
}

/** @param greeting that came in the clear, on a port where TLS was promised */
export function plaintextVerdict(greeting: Reply): Verdict {
  const { code, enhanced } = greeting;
  const reply = { code, enhanced, text: replyText(greeting) };
  if (code === 220) {
    const reason = 'the server speaks SMTP without TLS on this port';
    return { ...verdict('tls', reason), reply, speaksInstead: 'plaintext' };
  }
  if (code < 400) return verdict('tls', 'the server does not speak TLS on this port');
  // Limits are checked before there is TLS.
  const reason = `the server turned us away: ${showReply(greeting)}`;
  return { ...verdict('protocol', reason, code < 500), reply };
}

function connectionLostVerdict(
  { code }: ConnectionLost,
  { awaiting, certificateRequested }: Transcript,
): Verdict {
  // Under TLS 1.3 a server refuses when we are done, and may not wait until we have read why.
  const first = awaiting === 'banner' || awaiting === 'EHLO';
  const perhapsWhy = certificateRequested && first ? ', having asked for a client certificate' : '';
  if (code?.startsWith('ERR_SSL_')) {
    const what = demandsCertificate(code)
      ? CERTIFICATE_DEMANDED
      : `TLS broke off ${when(awaiting)}${perhapsWhy}`;
    return verdict('tls', `${what} (${printable(code, 80)})`);
  }
  if (awaiting === 'banner' && !certificateRequested) {
    return verdict('protocol', 'accepted the connection and hung up before the banner', true);
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

// TLS did not come about. OpenSSL's codes differ a little between its versions.

const CERTIFICATE_DEMANDED = 'the server demands a client certificate';

/** We have none to show, so an alert about our certificate asks for one (RFC 8446 §6.2). */
const DEMANDS_CERTIFICATE =
  /_ALERT_(?:CERTIFICATE_REQUIRED|NO_CERTIFICATE|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN)$/;
/** The server finds nothing in common with us, or we find it too weak. */
const NOTHING_IN_COMMON = /_(?:HANDSHAKE_FAILURE|INSUFFICIENT_SECURITY|DH_KEY_TOO_SMALL)$/;

/** @param code Node's or OpenSSL's, such as `ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED` */
function demandsCertificate(code: string): boolean {
  return DEMANDS_CERTIFICATE.test(code);
}

/** Whether a client that is less strict may get through, and tell what the server speaks. */
export function mayBeOutdated({ kind, code }: TlsFailure): boolean {
  return kind === 'outdated' || NOTHING_IN_COMMON.test(code);
}

/** @param tls of a server that refuses stricter clients */
export function outdatedReason({ protocol, cipher }: TlsFacts): string {
  return isOutdatedProtocol(protocol)
    ? `the server speaks only ${protocol}, which is outdated`
    : `the server speaks ${protocol} only with outdated settings (${cipher})`;
}

function tlsReason({ kind, code }: TlsFailure, startTls: boolean): string {
  switch (kind) {
    case 'plaintext':
      return startTls
        ? 'plaintext came after STARTTLS, where the TLS handshake was expected'
        : 'the server does not speak TLS on this port';
    case 'outdated':
      return 'the server speaks only TLS 1.1 or older';
    case 'closed':
      return startTls
        ? 'closed the connection during the TLS handshake'
        : 'accepted the connection and hung up during the TLS handshake';
    case 'other':
      return `${handshakeReason(code)} (${printable(code, 80)})`;
  }
}

function handshakeReason(code: string): string {
  if (demandsCertificate(code)) return CERTIFICATE_DEMANDED;
  if (code.endsWith('_HANDSHAKE_FAILURE')) {
    // Under TLS 1.2 it may mean either.
    return 'the server broke off the TLS handshake: it finds nothing in common with current clients, or demands a client certificate';
  }
  if (code.endsWith('_UNRECOGNIZED_NAME')) return 'the server does not answer to this name';
  return 'the TLS handshake failed';
}
