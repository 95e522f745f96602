/**
 * HTTP proxies: tunnels by CONNECT (RFC 9110 §9.3.6), and http:// URLs that the proxy fetches itself
 * (RFC 9112 §3.2.2), since many, Squid by default, open no tunnels to port 80.
 */
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { hostPort } from '../../model/endpoint.ts';
import { printable } from '../../model/printable.ts';
import { errorCode } from '../error-code.ts';
import { settleOnce } from '../time.ts';
import {
  declined,
  noConnection,
  notForwarded,
  type ProxyFailure,
  type ProxyRequest,
  unusable,
} from './proxy-failure.ts';
import type { ProxyServer } from './proxy-url.ts';

const MAX_HEADERS = 16 * 1024; // bytes
const BAD_LOGIN = 'wants another user name or password';
const CLOSED = 'closed the connection';

/**
 * Afterwards the socket leads to the target; what the target said meanwhile waits in it.
 *
 * @param socket to the proxy
 * @throws ProxyFailure or the signal's reason
 */
export function openHttpTunnel(
  socket: Socket,
  request: ProxyRequest,
  signal: AbortSignal,
): Promise<void> {
  const authority = hostPort(request.target.host, request.target.port);
  return settleOnce(signal, (resolve, reject) => {
    let open = false;
    const settle = (failure: ProxyFailure | null): void => {
      open = failure === null;
      if (failure === null) resolve();
      else reject(failure);
    };
    const outgoing = httpRequest({
      createConnection: () => socket,
      method: 'CONNECT',
      path: authority,
      headers: { Host: authority, ...proxyAuthorization(request.proxy) },
      maxHeaderSize: MAX_HEADERS,
      insecureHTTPParser: false,
    });
    outgoing.on('connect', (incoming, _, head: Buffer) => {
      if (head.length > 0) socket.unshift(head);
      settle(failureIn(incoming, request));
    });
    // A proxy that knows no CONNECT may answer in ways that Node tells apart.
    outgoing.on('response', (incoming) => settle(failureIn(incoming, request)));
    outgoing.on('upgrade', () => settle(declined(request, 'changed the protocol')));
    outgoing.on('error', (error) => {
      const garbled = errorCode(error).startsWith('HPE_');
      settle(garbled ? unusable(request, 'does not speak HTTP') : declined(request, CLOSED));
    });
    outgoing.on('close', () => settle(declined(request, CLOSED)));
    outgoing.end();
    return () => {
      if (!open) socket.destroy();
    };
  });
}

/** Null when the tunnel is open. */
function failureIn(
  { statusCode = 0, statusMessage = '' }: IncomingMessage,
  request: ProxyRequest,
): ProxyFailure | null {
  if (statusCode >= 200 && statusCode < 300) return null;
  const detail = printable(`HTTP ${statusCode} ${statusMessage}`, 60);
  if (statusCode === 504) return noConnection(request, 'timeout', detail);
  // 500 from Squid and tinyproxy, 502 or 503 from most others, 404 from Privoxy: whether the name
  // is unknown or the port closed, none tells.
  if (statusCode >= 500 || statusCode === 404) return noConnection(request, 'unreachable', detail);
  if (statusCode === 407) return unusable(request, BAD_LOGIN);
  return declined(request, `does not allow it (${detail})`);
}

/** The failure in the answer to a forwarded request; null when it is the server's own. */
export function forwardingFailure(
  request: ProxyRequest,
  status: number,
  headers: IncomingHttpHeaders,
): ProxyFailure | null {
  const detail = `HTTP ${status}`;
  if (status === 504) return notForwarded(request, 'timeout', detail);
  if (status >= 500) return notForwarded(request, 'unreachable', detail);
  if (status === 407) return unusable(request, BAD_LOGIN);
  // Squid says so, and so does whoever follows RFC 9209.
  const own = 'x-squid-error' in headers || /;\s*error=/.test(String(headers['proxy-status']));
  return own ? declined(request, `does not allow it (${detail})`) : null;
}

export function proxyAuthorization({ credentials }: ProxyServer): Record<string, string> {
  if (credentials === null) return {};
  const { user, password } = credentials;
  const login = Buffer.from(`${user}:${password}`).toString('base64');
  return { 'Proxy-Authorization': `Basic ${login}` };
}
