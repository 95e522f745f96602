/**
 * The seam: everything that touches the network goes through these types, so that a lab can stand
 * in for the internet, and `--resolver`, `--connect-to`, `--cacert` and `--proxy` steer the real
 * program.
 *
 * Failures are data. The only things thrown are the signal's reason, when it is aborted, and
 * `ConnectFailure` / `TlsFailure` from the two calls that hand out sockets.
 */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

export interface Network {
  readonly dns: DnsClient;
  /**
   * Addresses of a host: IP literal, hosts file, then A and AAAA.
   * @param timeFactor of the usual time limits; default 1
   */
  resolveHost(host: string, signal: AbortSignal, timeFactor?: number): Promise<HostAnswer>;
  /**
   * A TCP connection, racing the host's addresses (RFC 8305).
   * @throws ConnectFailure
   */
  connect(host: string, port: number, options: ConnectOptions): Promise<Connection>;
  /**
   * TLS over a connected socket. A bad certificate does not fail the handshake: it is described,
   * and the caller decides.
   * @throws TlsFailure
   */
  handshake(socket: Socket, options: HandshakeOptions): Promise<SecureConnection>;
  /** One HTTP exchange, redirects included. */
  fetch(url: string, options: FetchOptions): Promise<HttpAnswer>;
  /** The endpoint that `--connect-to` puts in this one's place, if any. */
  redirected(host: string, port: number): { host: string; port: number } | null;
  /** Ends what is still open. Waits at most `graceMs` for goodbyes. */
  close(graceMs?: number): Promise<void>;
}

// DNS ------------------------------------------------------------------------------------------

export interface DnsRecords {
  A: string;
  AAAA: string;
  MX: { readonly preference: number; readonly exchange: string };
  SRV: {
    readonly priority: number;
    readonly weight: number;
    readonly port: number;
    readonly target: string;
  };
  /** The record's strings joined (RFC 7208 §3.3 does the same). */
  TXT: string;
  /** The next name of the chain, and not its end. */
  CNAME: string;
  PTR: string;
}
export type DnsType = keyof DnsRecords;

/** Names in records are lower case without the root dot; the root itself is `''`. */
export type DnsAnswer<T extends DnsType> =
  | {
      readonly kind: 'records';
      readonly records: readonly DnsRecords[T][];
      /** Seconds. */
      readonly ttl: number;
      /** DNSSEC-validated by a resolver that we may believe (the AD bit, RFC 6840 §5.7). */
      readonly authentic: boolean;
    }
  | {
      readonly kind: 'none';
      /** `unusable`: the zone has something, but nothing that could ever be used. */
      readonly reason: 'nxdomain' | 'nodata' | 'unusable';
      /** One line. */
      readonly detail: string;
      readonly authentic: boolean;
    }
  | {
      readonly kind: 'failed';
      readonly reason: 'timeout' | 'servfail' | 'refused' | 'network' | 'malformed';
      /** Sanitised, one line, names the resolver. */
      readonly detail: string;
      /** Whether anything answered at all: tells a broken zone from a broken network. */
      readonly reached: boolean;
    };

export interface DnsClient {
  /**
   * The resolvers, for messages, where they should know every public name. One that the user names
   * on this machine may serve names of its own alone.
   */
  readonly publicResolvers?: string;
  /**
   * Never throws but for the signal. Answers are kept for their TTL; equal questions are asked once.
   * @param timeFactor of the usual time limit; default 1
   */
  query<T extends DnsType>(
    name: string,
    type: T,
    signal: AbortSignal,
    timeFactor?: number,
  ): Promise<DnsAnswer<T>>;
}

export type HostAnswer =
  | {
      readonly kind: 'addresses';
      /**
       * In the order to try them, at most 8. None for a host that no DNS could be asked about, and
       * that a proxy would reach all the same.
       */
      readonly addresses: readonly string[];
      /**
       * What the slower family still brings, to be tried after `addresses` (RFC 8305 §3); a host has
       * failed only when these have failed too. Never rejects; empty once the signal is aborted.
       */
      readonly secondFamily?: Promise<readonly string[]>;
    }
  /** `detail`: what is broken in the zone, where that is why. */
  | { readonly kind: 'none'; readonly detail?: string }
  | { readonly kind: 'failed'; readonly detail: string; readonly reached: boolean };

// TCP ------------------------------------------------------------------------------------------

export interface ConnectOptions {
  readonly signal: AbortSignal;
  /** From the first attempt to the connection; name resolution, apart, grows in proportion. */
  readonly deadlineMs?: number;
  /**
   * With connection limits, as mail servers want them: one at a time to one address and port, a few
   * to one address; a place that did not answer a moment ago is not tried again for another name.
   */
  readonly limited?: boolean;
  /** Addresses that have proven useless, so that the host's other ones are tried. */
  readonly avoid?: readonly string[];
  /** The user named this host, which may be anywhere unless only public addresses are wanted. */
  readonly named?: boolean;
}

export interface Connection {
  readonly socket: Socket;
  /** The address that answered; behind a proxy, which alone knows it, the host as it was asked for. */
  readonly address: string;
  readonly port: number;
  /** The host has further addresses, not yet avoided. */
  readonly hasOthers?: boolean;
}

export type ConnectFailureReason =
  /** The name does not exist or has no addresses. */
  | 'no-such-host'
  /** The name could not be looked up. */
  | 'dns'
  | 'refused'
  /** Accepted, and gone at once. */
  | 'reset'
  | 'timeout'
  | 'unreachable'
  /** The address policy forbids every address of the host. */
  | 'blocked';

export class ConnectFailure extends Error {
  readonly reason: ConnectFailureReason;
  /** Whether anything answered at all. */
  readonly reached: boolean;
  /** The addresses that were tried. */
  readonly tried: readonly string[];

  constructor(
    reason: ConnectFailureReason,
    message: string,
    reached: boolean,
    tried: readonly string[] = [],
  ) {
    super(message);
    this.name = 'ConnectFailure';
    this.reason = reason;
    this.reached = reached;
    this.tried = tried;
  }
}

// TLS ------------------------------------------------------------------------------------------

export interface HandshakeOptions {
  /** The name the certificate must carry; also sent as SNI unless it is an address. */
  readonly host: string;
  readonly signal: AbortSignal;
  /** Also speak TLS 1.0 and 1.1, to tell an outdated server from a dead one. Never for trust. */
  readonly outdated?: boolean;
  readonly alpn?: readonly string[];
}

export interface SecureConnection {
  readonly socket: TLSSocket;
  readonly tls: TlsFacts;
}

export interface TlsFacts {
  /** `TLSv1.3`, … */
  readonly protocol: string;
  readonly cipher: string;
  readonly certificate: CertificateFacts | null;
  /** The certificate asks for a stapled OCSP response (RFC 7633), and there was none. */
  readonly missingStaple?: boolean;
}

export type CertificateProblem =
  | 'expired'
  | 'not-yet-valid'
  | 'self-signed'
  | 'untrusted'
  /** Good, but for another name (RFC 9525: subjectAltName only). */
  | 'name'
  /** Good, and the name stands in the subject's common name alone, which no longer counts. */
  | 'name-only-in-cn';

export interface CertificateFacts {
  /** subjectAltName DNS names and IP addresses. */
  readonly names: readonly string[];
  readonly subject: string;
  readonly issuer: string;
  /** `2027-01-31T00:00:00Z` */
  readonly validFrom: string;
  readonly validTo: string;
  /** The chain leads to a trusted root and every date holds. */
  readonly trusted: boolean;
  /** Null when the certificate is good for the host. */
  readonly problem: CertificateProblem | null;
  /** OpenSSL's code, for experts. */
  readonly code: string | null;
}

export class TlsFailure extends Error {
  /** OpenSSL's or Node's code, such as `ERR_SSL_WRONG_VERSION_NUMBER`. */
  readonly code: string;
  /** `plaintext`: the peer does not speak TLS here. `outdated`: it speaks only TLS 1.1 or older. */
  readonly kind: 'plaintext' | 'outdated' | 'closed' | 'other';

  constructor(kind: TlsFailure['kind'], code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TlsFailure';
    this.kind = kind;
    this.code = code;
  }
}

// HTTP -----------------------------------------------------------------------------------------

export interface FetchOptions {
  readonly signal: AbortSignal;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Bytes after decoding; default 256 KiB. */
  readonly maxBytes?: number;
  /** The URL holds something private: redirects may not leave this domain's registrable domain. */
  readonly within?: string;
  /** Of the usual time limit for the connection; default 1. */
  readonly timeFactor?: number;
}

export type HttpAnswer =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly contentType: string;
      readonly body: Buffer;
      /** Where the redirects ended. */
      readonly url: string;
      /** Every hop was HTTPS with a good certificate. */
      readonly secure: boolean;
    }
  | {
      readonly kind: 'failed';
      readonly reason:
        | ConnectFailureReason
        | 'tls'
        | 'certificate'
        | 'too-large'
        | 'redirect'
        | 'protocol';
      readonly detail: string;
      readonly reached: boolean;
      /** Why the proxy is of no use for any host, when that is why. */
      readonly proxyTrouble?: string;
      /** Where it failed, after redirects. */
      readonly place?: { readonly host: string; readonly port: number };
    };
