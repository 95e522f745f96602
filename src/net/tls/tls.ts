/** TLS over a connected socket. What is wrong with a certificate is described, and no failure. */
import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import { normaliseHost } from '../../model/domain.ts';
import { printable } from '../../model/printable.ts';
import { errorCode } from '../error-code.ts';
import {
  type HandshakeOptions,
  type SecureConnection,
  type TlsFacts,
  TlsFailure,
} from '../network.ts';
import { settleOnce } from '../time.ts';
import { describeCertificate } from './certificate.ts';
import type { TrustStore } from './trust-store.ts';

export type Handshake = (socket: Socket, options: HandshakeOptions) => Promise<SecureConnection>;

export interface HandshakeSetup {
  readonly trust: TrustStore;
  /** Told of every TLS socket when it is made, and of the one beneath it. */
  readonly onSocket?: (secure: TLSSocket, socket: Socket) => void;
}

export function createHandshake(setup: HandshakeSetup): Handshake {
  return (socket, options) => handshake(socket, options, setup);
}

/** Whatever goes wrong, the socket is destroyed. */
async function handshake(
  socket: Socket,
  options: HandshakeOptions,
  { trust, onSocket }: HandshakeSetup,
): Promise<SecureConnection> {
  const { signal, outdated = false } = options;
  // Waiting for the trust store, nobody else may be listening.
  const ignore = (): void => {};
  socket.on('error', ignore);
  let secure: TLSSocket | null = null;
  try {
    signal.throwIfAborted();
    const secureContext = await trust.context(outdated ? 'outdated' : 'modern');
    signal.throwIfAborted();
    if (socket.destroyed) throw handshakeFailure({ code: 'ECONNRESET' }, options.host);
    const host = normaliseHost(options.host) ?? options.host;
    // The types of `connect` leave `requestOCSP` out.
    const wanted: tls.ConnectionOptions & Pick<tls.TLSSocketOptions, 'requestOCSP'> = {
      socket,
      secureContext,
      // We look at the certificate ourselves, and the caller decides.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      // RFC 6066 §3: no addresses.
      ...(isIP(host) === 0 && { servername: host }),
      // A certificate may promise a stapled response, and some programs insist on it.
      requestOCSP: true,
      ...(options.alpn && { ALPNProtocols: [...options.alpn] }),
    };
    secure = tls.connect(wanted);
    let stapled = false;
    secure.once('OCSPResponse', (response: unknown) => {
      stapled = Buffer.isBuffer(response) && response.length > 0;
    });
    onSocket?.(secure, socket);
    await secured(secure, signal, options.host);
    return { socket: secure, tls: describe(secure, host, stapled) };
  } catch (error) {
    secure?.destroy();
    socket.destroy();
    throw error;
  }
}

function secured(secure: TLSSocket, signal: AbortSignal, host: string): Promise<void> {
  return settleOnce<void>(signal, (resolve, reject) => {
    const onClose = (): void => reject(handshakeFailure({ code: 'ECONNRESET' }, host));
    secure.once('secureConnect', resolve);
    secure.once('close', onClose);
    // Stays for the socket's whole life: an error nobody listens for would end the process.
    secure.on('error', (error: NodeJS.ErrnoException) => reject(handshakeFailure(error, host)));
    return () => {
      secure.off('secureConnect', resolve);
      secure.off('close', onClose);
    };
  });
}

/** RFC 7633 §4: the TLS feature extension (1.3.6.1.5.5.7.1.24) that asks for status_request, in DER. */
const MUST_STAPLE = Buffer.from('06082b0601050507011804053003020105', 'hex');

function describe(secure: TLSSocket, host: string, stapled: boolean): TlsFacts {
  const certificate = secure.getPeerX509Certificate();
  // Node puts OpenSSL's code here, though the types promise an Error.
  const error: unknown = secure.authorizationError;
  const code = secure.authorized ? null : printable(String(error ?? 'UNSPECIFIED'), 80);
  return {
    protocol: secure.getProtocol() ?? 'unknown',
    cipher: secure.getCipher().standardName,
    certificate: certificate ? describeCertificate(certificate, host, code) : null,
    ...(!stapled && certificate?.raw.includes(MUST_STAPLE) && { missingStaple: true }),
  };
}

/** The peer's first bytes were no TLS record, or told us so in plain HTTP. */
const PLAINTEXT: ReadonlySet<string> = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_HTTPS_PROXY_REQUEST',
  'ERR_SSL_RECORD_LAYER_FAILURE',
  'ERR_SSL_UNKNOWN_PROTOCOL',
]);
const OUTDATED: ReadonlySet<string> = new Set([
  'ERR_SSL_UNSUPPORTED_PROTOCOL',
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'ERR_SSL_VERSION_TOO_LOW',
]);
const CLOSED: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ERR_SSL_UNEXPECTED_EOF_WHILE_READING',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

function handshakeFailure(error: { code?: string | undefined }, host: string): TlsFailure {
  const code = errorCode(error) || 'UNKNOWN';
  const name = printable(host, 100);
  const options = error instanceof Error ? { cause: error } : {};
  const fail = (kind: TlsFailure['kind'], message: string): TlsFailure =>
    new TlsFailure(kind, code, message, options);
  if (PLAINTEXT.has(code)) return fail('plaintext', `${name} does not speak TLS on this port`);
  if (OUTDATED.has(code)) return fail('outdated', `${name} speaks no TLS newer than 1.1`);
  if (CLOSED.has(code))
    return fail('closed', `${name} closed the connection during the TLS handshake`);
  return fail('other', `TLS handshake with ${name} failed (${printable(code, 80)})`);
}
