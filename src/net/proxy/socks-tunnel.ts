/** A way through a SOCKS proxy (RFC 1928, RFC 1929; SOCKS4a). The proxy resolves names. */
import type { Socket } from 'node:net';
import { SocksClient } from 'socks';
import { timeLimits } from '../../model/time-limits.ts';
import type { ProxyServer } from './proxy-url.ts';
import type { TunnelAnswer } from './tunnel-answer.ts';

/**
 * When it is open, the socket leads to the host; what the host said meanwhile waits in it.
 *
 * @throws the signal's reason
 */
export function openSocksTunnel(
  socket: Socket,
  { kind, host, port, credentials }: ProxyServer,
  destination: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<TunnelAnswer> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const client = new SocksClient({
      command: 'connect',
      destination,
      proxy: {
        host,
        port,
        type: kind === 'socks4a' ? 4 : 5,
        ...(credentials && { userId: credentials.user, password: credentials.password }),
      },
      // The library wants a limit too; ours is in the signal.
      timeout: timeLimits.longestQuery.command,
    });
    const settle = (act: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      act();
    };
    const onAbort = (): void => {
      socket.destroy();
      settle(() => reject(signal.reason));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    // Its errors carry the password, and are kept by nobody.
    client.on('error', ({ message }) => settle(() => resolve(readFailure(message))));
    client.once('established', () => {
      keepEarlyBytes(socket).then(() => settle(() => resolve({ kind: 'open' })));
    });
    client.connect(socket);
  });
}

/**
 * A mail server speaks first, perhaps in one packet with the proxy's last word. The library hands
 * such bytes, once, to whoever listens in the next turn of the event loop, and lets the socket
 * flow. We catch them, and leave the socket as if they had just arrived.
 */
async function keepEarlyBytes(socket: Socket): Promise<void> {
  const early: Buffer[] = [];
  const keep = (chunk: Buffer): void => void early.push(chunk);
  socket.on('data', keep);
  // Ours comes after the library's, which was put in line first.
  await new Promise((resolve) => setImmediate(resolve));
  socket.off('data', keep);
  socket.pause();
  if (early.length > 0 && !socket.readableEnded) socket.unshift(Buffer.concat(early));
  // A socket that was paused by hand would not flow for a new listener; this undoes it.
  const ignore = (): void => {};
  socket.on('readable', ignore);
  socket.off('readable', ignore);
  await new Promise((resolve) => setImmediate(resolve));
}

type NoConnection = Extract<TunnelAnswer, { kind: 'no-connection' }>;

/** By the library's names for the replies of RFC 1928 §6, and of SOCKS4 the one that says so. */
const NO_CONNECTION: Readonly<Record<string, readonly [NoConnection['reason'], string]>> = {
  Failure: ['unreachable', 'general failure'],
  NetworkUnreachable: ['unreachable', 'network unreachable'],
  HostUnreachable: ['unreachable', 'host unreachable'],
  ConnectionRefused: ['refused', 'connection refused'],
  TTLExpired: ['timeout', 'TTL expired'],
  Failed: ['unreachable', 'request failed'],
};

function readFailure(message: string): TunnelAnswer {
  const [, code = ''] = /rejected connection - \(?(\w+)\)?$/.exec(message) ?? [];
  const [reason, detail] = NO_CONNECTION[code] ?? [];
  if (reason !== undefined && detail !== undefined)
    return { kind: 'no-connection', reason, detail };
  if (code === 'NotAllowed') return declined('does not allow it');
  if (code === 'AddressNotSupported') return declined('does not know this kind of address');
  if (code !== '') return declined('declined the request');
  if (/authentication failed|no accepted authentication/i.test(message)) {
    return declined('wants another user name or password');
  }
  if (/invalid|unknown/i.test(message)) return declined('does not speak this version of SOCKS');
  return declined('closed the connection');
}

function declined(detail: string): TunnelAnswer {
  return { kind: 'declined', detail };
}
