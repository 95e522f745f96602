/** A way through an HTTP proxy: CONNECT (RFC 9110 §9.3.6). */
import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { printable } from '../../model/printable.ts';
import { errorCode } from '../error-code.ts';
import { type ProxyServer, proxyAuthorization } from './proxy-url.ts';
import type { TunnelAnswer } from './tunnel-answer.ts';

const MAX_HEADERS = 16 * 1024; // bytes

/**
 * When it is open, the socket leads to the host; what the host said meanwhile waits in it.
 *
 * @param authority `host:port`
 * @throws the signal's reason
 */
export function openHttpTunnel(
  socket: Socket,
  proxy: ProxyServer,
  authority: string,
  signal: AbortSignal,
): Promise<TunnelAnswer> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const authorization = proxyAuthorization(proxy);
    const settle = (act: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      act();
    };
    const answer = (result: TunnelAnswer): void => settle(() => resolve(result));
    const onAbort = (): void => {
      socket.destroy();
      settle(() => reject(signal.reason));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const outgoing = request({
      createConnection: () => socket,
      method: 'CONNECT',
      path: authority,
      headers: {
        Host: authority,
        ...(authorization !== null && { 'Proxy-Authorization': authorization }),
      },
      maxHeaderSize: MAX_HEADERS,
      insecureHTTPParser: false,
    });
    outgoing.on('connect', (incoming, _, head: Buffer) => {
      if (head.length > 0) socket.unshift(head);
      answer(read(incoming));
    });
    // A proxy that knows no CONNECT may answer in ways that Node tells apart.
    outgoing.on('response', (incoming) => answer(read(incoming)));
    outgoing.on('upgrade', () => answer({ kind: 'declined', detail: 'changed the protocol' }));
    outgoing.on('error', (error) => answer(failureOf(error)));
    outgoing.on('close', () => answer(CLOSED));
    outgoing.end();
  });
}

const CLOSED: TunnelAnswer = { kind: 'declined', detail: 'closed the connection' };

function failureOf(error: Error): TunnelAnswer {
  const garbled = errorCode(error).startsWith('HPE_');
  return garbled ? { kind: 'declined', detail: 'does not speak HTTP' } : CLOSED;
}

function read({ statusCode = 0, statusMessage = '' }: IncomingMessage): TunnelAnswer {
  if (statusCode >= 200 && statusCode < 300) return { kind: 'open' };
  const detail = printable(`HTTP ${statusCode} ${statusMessage}`, 60);
  if (statusCode === 504) return { kind: 'no-connection', reason: 'timeout', detail };
  // 500 from Squid and tinyproxy, 502 or 503 from most others, 404 from Privoxy: whether the name
  // is unknown or the port closed, none tells.
  if (statusCode >= 500 || statusCode === 404) {
    return { kind: 'no-connection', reason: 'unreachable', detail };
  }
  if (statusCode === 407)
    return { kind: 'declined', detail: 'wants another user name or password' };
  return { kind: 'declined', detail: `does not allow it (${detail})` };
}
