/** What became of a probe, and the words for it: outcome and reason. */
import type { Endpoint } from '../candidate.ts';
import {
  type CertificateFacts,
  ConnectFailure,
  type ConnectFailureReason,
  type TlsFacts,
  TlsFailure,
} from '../net/network.ts';
import { printable } from '../printable.ts';
import { HungUp } from './conversation.ts';
import { DeadlinePassed } from './deadline.ts';
import { takesCredential } from './mechanisms.ts';
import { type Reply, ReplyError, showReply } from './reply.ts';
import type { ProbeOutcome, ProbeResult } from './result.ts';

export type Verdict = Pick<ProbeResult, 'outcome' | 'reason' | 'temporary'> &
  Partial<Pick<ProbeResult, 'blocked' | 'reached' | 'stage'>>;

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

/** The words for what is wrong with a certificate; null when nothing is. */
function certificateProblem(certificate: CertificateFacts | null): string | null {
  if (!certificate) return 'the server showed no certificate';
  const names = certificate.names.slice(0, 3).map((name) => printable(name, 80));
  if (certificate.names.length > names.length) names.push('…');
  switch (certificate.problem) {
    case null:
      return null;
    case 'expired':
      return `the certificate expired on ${certificate.validTo.slice(0, 10)}`;
    case 'not-yet-valid':
      return `the certificate is valid only from ${certificate.validFrom.slice(0, 10)}`;
    case 'self-signed':
      return 'the certificate is self-signed';
    case 'untrusted':
      return 'the certificate comes from an issuer that is not trusted';
    case 'name':
      return `the certificate is for another name (${names.join(', ') || 'none'})`;
    case 'name-only-in-cn':
      return 'the certificate names the host only in its common name';
  }
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
    stage: outcome === 'dns' ? 'resolve' : 'connect',
  };
}

/** Who reads a reason knows which server it is about. */
function withoutSubject(message: string, host: string, port: number): string {
  for (const subject of [`${host}:${port} `, `[${host}]:${port} `, `${host} `]) {
    if (message.startsWith(subject) && message[subject.length] !== '(') {
      return message.slice(subject.length);
    }
  }
  return message;
}

/** @param awaiting what the conversation waited for when it failed */
export function failureVerdict(error: unknown, awaiting: Awaited, endpoint: Endpoint): Verdict {
  if (error instanceof ConnectFailure) return connectVerdict(error, endpoint);
  if (error instanceof TlsFailure) {
    return verdict('tls', tlsReason(error, endpoint.encryption === 'starttls'));
  }
  if (error instanceof DeadlinePassed) {
    return verdict('timeout', `${missing(awaiting)} within ${error.ms / 1000} s`, true);
  }
  if (error instanceof HungUp) return hungUpVerdict(error, awaiting);
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

function hungUpVerdict({ code }: HungUp, awaiting: Awaited): Verdict {
  // Under TLS 1.3 a server refuses, say, for want of a client certificate, when we are done.
  if (code?.startsWith('ERR_SSL_')) {
    return verdict('tls', `TLS broke off ${when(awaiting)} (${printable(code, 80)})`);
  }
  if (code === null) return verdict('protocol', `closed the connection ${when(awaiting)}`);
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return verdict('protocol', `reset the connection ${when(awaiting)}`);
  }
  return verdict('protocol', `lost the connection ${when(awaiting)} (${printable(code, 80)})`);
}

function tlsReason(failure: TlsFailure, startTls: boolean): string {
  switch (failure.kind) {
    case 'plaintext':
      return startTls
        ? 'the server went on in plaintext after STARTTLS'
        : 'the server does not speak TLS on this port';
    case 'outdated':
      return 'the server speaks only TLS 1.1 or older';
    case 'closed':
      return 'closed the connection during the TLS handshake';
    case 'other':
      return `the TLS handshake failed: ${printable(failure.message, 200)}`;
  }
}

function missing(awaiting: Awaited): string {
  if (awaiting === 'banner') return 'no banner';
  return awaiting === 'handshake' ? 'no end of the TLS handshake' : `no reply to ${awaiting}`;
}

function when(awaiting: Awaited): string {
  if (awaiting === 'banner') return 'before the banner';
  return awaiting === 'handshake' ? 'during the TLS handshake' : `after ${awaiting}`;
}
