/** Tunnels through SOCKS proxies: SOCKS5 (RFC 1928, RFC 1929) and SOCKS4a. The proxy resolves names. */
import { isIP, type Socket } from 'node:net';
import type { AttemptReason } from '../connect/failure-cache.ts';
import { onAbort } from '../time.ts';
import { declined, noConnection, type ProxyRequest, unusable } from './proxy-failure.ts';

const CONNECT = 1;
const NO_LOGIN = 0;
const PASSWORD = 2;
const IPV4 = 1;
const NAME = 3;
const IPV6 = 4;
const SOCKS4_GRANTED = 90;
const SOCKS4_FAILED = 91;

/** The replies of RFC 1928 §6 that say that the proxy has tried. */
const NO_CONNECTION: Readonly<Record<number, readonly [AttemptReason, string]>> = {
  1: ['unreachable', 'general failure'],
  3: ['unreachable', 'network unreachable'],
  4: ['unreachable', 'host unreachable'],
  5: ['refused', 'connection refused'],
  6: ['timeout', 'TTL expired'],
};
const DECLINED: Readonly<Record<number, string>> = {
  2: 'does not allow it',
  8: 'does not know this kind of address',
};
const OTHER_VERSION = 'does not speak this version of SOCKS';
const BAD_LOGIN = 'wants another user name or password';

/**
 * Afterwards the socket leads to the target; what the target said meanwhile waits in it, since
 * never more is read than the proxy's own words.
 *
 * @param socket to the proxy
 * @throws ProxyFailure or the signal's reason
 */
export async function openSocksTunnel(
  socket: Socket,
  request: ProxyRequest,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const unfollow = onAbort(signal, () => socket.destroy());
  const reader = new ByteReader(socket);
  const read = async (count: number): Promise<Buffer> => {
    const bytes = await reader.read(count);
    signal.throwIfAborted();
    if (bytes === null) throw declined(request, 'closed the connection');
    return bytes;
  };
  try {
    await (request.proxy.kind === 'socks4a' ? socks4a : socks5)(socket, read, request);
    await reader.release();
  } finally {
    unfollow();
  }
}

type Read = (count: number) => Promise<Buffer>;

async function socks5(socket: Socket, read: Read, request: ProxyRequest): Promise<void> {
  const { credentials } = request.proxy;
  const { host, port } = request.target;
  const methods = credentials === null ? [NO_LOGIN] : [NO_LOGIN, PASSWORD];
  socket.write(Buffer.from([5, methods.length, ...methods]));
  const [version, method] = await read(2);
  if (version !== 5) throw unusable(request, OTHER_VERSION);
  if (method === PASSWORD && credentials !== null) {
    const { user, password } = credentials;
    socket.write(Buffer.concat([Buffer.from([1]), counted(user), counted(password)]));
    const [, status] = await read(2);
    if (status !== 0) throw unusable(request, BAD_LOGIN);
  } else if (method !== NO_LOGIN) {
    throw unusable(request, BAD_LOGIN);
  }
  socket.write(Buffer.concat([Buffer.from([5, CONNECT, 0]), address(host), uint16(port)]));
  const [again, code = 0, , kind] = await read(4);
  if (again !== 5) throw unusable(request, OTHER_VERSION);
  const [reason, detail = ''] = NO_CONNECTION[code] ?? [];
  if (reason !== undefined) throw noConnection(request, reason, detail);
  if (code !== 0) throw declined(request, DECLINED[code] ?? 'declined the request');
  // The address and port that it connects from, which nobody wants.
  const [length = 0] = kind === IPV4 ? [4] : kind === IPV6 ? [16] : await read(1);
  await read(length + 2);
}

async function socks4a(socket: Socket, read: Read, request: ProxyRequest): Promise<void> {
  const { host, port } = request.target;
  const user = Buffer.from(`${request.proxy.credentials?.user ?? ''}\0`);
  const isIPv4 = isIP(host) === 4;
  // An impossible address says that a name follows.
  const place = Buffer.from((isIPv4 ? host : '0.0.0.1').split('.').map(Number));
  const name = Buffer.from(isIPv4 ? '' : `${host}\0`);
  socket.write(Buffer.concat([Buffer.from([4, CONNECT]), uint16(port), place, user, name]));
  const [version, code] = await read(8);
  // Zero, though some proxies repeat the 4.
  if (version !== 0 && version !== 4) throw unusable(request, OTHER_VERSION);
  if (code === SOCKS4_FAILED) throw noConnection(request, 'unreachable', 'request failed');
  if (code !== SOCKS4_GRANTED) throw declined(request, 'declined the request');
}

/** Takes bytes out of a socket by number, and leaves the others in it. */
class ByteReader {
  readonly #socket: Socket;
  #wake: () => void = () => {};
  // One listener for the whole time: a new one would be called at once, for bytes that are too few.
  readonly #onChange = (): void => this.#wake();

  constructor(socket: Socket) {
    this.#socket = socket;
    for (const event of CHANGES) socket.on(event, this.#onChange);
  }

  /** Null when the stream ends before that. */
  async read(count: number): Promise<Buffer | null> {
    for (;;) {
      const bytes: Buffer | null = this.#socket.read(count);
      if (bytes?.length === count) return bytes;
      if (bytes !== null || this.#socket.readableEnded || this.#socket.destroyed) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Afterwards the socket flows for whoever listens next, which it learns a tick later. */
  release(): Promise<void> {
    for (const event of CHANGES) this.#socket.off(event, this.#onChange);
    return new Promise((resolve) => process.nextTick(resolve));
  }
}

const CHANGES = ['readable', 'end', 'close'] as const;

function address(host: string): Buffer {
  switch (isIP(host)) {
    case 4:
      return Buffer.from([IPV4, ...host.split('.').map(Number)]);
    case 6:
      return Buffer.concat([Buffer.from([IPV6]), ipv6Bytes(host)]);
    default:
      return Buffer.concat([Buffer.from([NAME]), counted(host)]);
  }
}

function ipv6Bytes(host: string): Buffer {
  // A zone means nothing elsewhere; the URL parser turns a dotted end into hexadecimal groups.
  const { hostname } = new URL(`http://[${host.replace(/%.*$/, '')}]`);
  const [head = [], tail = []] = hostname
    .slice(1, -1)
    .split('::')
    .map((half) => (half === '' ? [] : half.split(':')));
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  const digits = [...head, ...zeros, ...tail].map((group) => group.padStart(4, '0'));
  return Buffer.from(digits.join(''), 'hex');
}

/** After one byte of length. */
function counted(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}
