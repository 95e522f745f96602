/** Proxies on loopback: SOCKS5, SOCKS4a and HTTP CONNECT. They lead every host where they are told. */
import {
  createServer as createHttpServer,
  type IncomingMessage,
  request as sendRequest,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { KeyAndCertificate } from '../../lab/certificates.ts';
import { type Listening, listen, listenRaw } from '../servers.ts';

export interface ProxyBehaviour {
  /** Where hosts lead: `smtp.example:465` → a port of loopback. */
  readonly places?: Readonly<Record<string, number>>;
  readonly login?: { readonly user: string; readonly password: string };
  /** A reply code of SOCKS or a status of HTTP, for every host. */
  readonly refuse?: number;
  /** Takes the request and says nothing. */
  readonly silent?: boolean;
  /** As Squid by default: a tunnel to port 80 is refused, since plain HTTP needs none. */
  readonly noTunnelToWeb?: boolean;
  /** Waits for the host's first bytes, and passes them on with its own reply in one packet. */
  readonly coalesce?: boolean;
}

export interface TestProxy extends Listening {
  /** `smtp.example:465`, in the order they came. */
  readonly asked: readonly string[];
}

const NO_SUCH_PLACE = { socks5: 4, socks4: 91, http: 503 } as const;

/** Speaks SOCKS5 and SOCKS4a. */
export async function startSocksProxy(behaviour: ProxyBehaviour = {}): Promise<TestProxy> {
  const asked: string[] = [];
  const listening = await listenRaw((socket) => {
    serveSocks(socket, behaviour, asked).catch(() => socket.destroy());
  });
  return { ...listening, asked };
}

async function serveSocks(
  client: Socket,
  behaviour: ProxyBehaviour,
  asked: string[],
): Promise<void> {
  const [version = 0] = await take(client, 1);
  if (version === 4) return serveSocks4(client, behaviour, asked);
  const [count = 0] = await take(client, 1);
  const methods = [...(await take(client, count))];
  const wanted = behaviour.login ? 2 : 0;
  if (!methods.includes(wanted)) return void client.end(Buffer.from([5, 0xff]));
  client.write(Buffer.from([5, wanted]));
  if (behaviour.login) {
    await take(client, 1);
    const user = String(await take(client, (await take(client, 1))[0] ?? 0));
    const password = String(await take(client, (await take(client, 1))[0] ?? 0));
    const good = user === behaviour.login.user && password === behaviour.login.password;
    client.write(Buffer.from([1, good ? 0 : 1]));
    if (!good) return void client.end();
  }
  const [, , , kind] = await take(client, 4);
  const host =
    kind === 1
      ? [...(await take(client, 4))].join('.')
      : kind === 4
        ? (await take(client, 16)).toString('hex')
        : String(await take(client, (await take(client, 1))[0] ?? 0));
  const port = (await take(client, 2)).readUInt16BE(0);
  const code = (value: number): Buffer => Buffer.from([5, value, 0, 1, 0, 0, 0, 0, 0, 0]);
  await lead(client, `${host}:${port}`, behaviour, asked, {
    good: code(0),
    bad: code(behaviour.refuse ?? NO_SUCH_PLACE.socks5),
  });
}

async function serveSocks4(
  client: Socket,
  behaviour: ProxyBehaviour,
  asked: string[],
): Promise<void> {
  await take(client, 1);
  const port = (await take(client, 2)).readUInt16BE(0);
  const address = [...(await take(client, 4))];
  await text(client);
  const host = address.slice(0, 3).every((byte) => byte === 0)
    ? await text(client)
    : address.join('.');
  const code = (value: number): Buffer => Buffer.from([0, value, 0, 0, 0, 0, 0, 0]);
  await lead(client, `${host}:${port}`, behaviour, asked, {
    good: code(90),
    bad: code(behaviour.refuse ?? NO_SUCH_PLACE.socks4),
  });
}

/** Speaks HTTP, or HTTPS when it has a certificate: CONNECT, and requests in absolute form. */
export async function startHttpProxy(
  behaviour: ProxyBehaviour = {},
  identity?: KeyAndCertificate,
): Promise<TestProxy> {
  const asked: string[] = [];
  const server = identity ? createHttpsServer(identity) : createHttpServer();
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    client.on('error', () => {});
    const { login } = behaviour;
    const wanted =
      login && `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
    const admitted = request.headers['proxy-authorization'] === wanted;
    const answer = (status: number): string => `HTTP/1.1 ${status} Whatever\r\n\r\n`;
    const refuse = behaviour.noTunnelToWeb && request.url?.endsWith(':80') ? 403 : behaviour.refuse;
    const bad = admitted ? (refuse ?? NO_SUCH_PLACE.http) : 407;
    const own = { ...behaviour, ...(bad !== NO_SUCH_PLACE.http && { refuse: bad }) };
    void lead(client, request.url ?? '', own, asked, {
      good: Buffer.from(answer(200)),
      bad: Buffer.from(answer(bad)),
    });
  });
  server.on('request', (request, response) => {
    const { login, places = {}, refuse, silent } = behaviour;
    const wanted =
      login && `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
    const target = URL.canParse(request.url ?? '') ? new URL(request.url ?? '') : null;
    const place = target && `${target.hostname}:${target.port || 80}`;
    asked.push(`${request.method} ${request.url}`);
    if (silent) return;
    const own = (status: number): void => void response.writeHead(status).end('the proxy says');
    if (request.headers['proxy-authorization'] !== wanted) return own(407);
    if (place === null || target === null) return own(400);
    const port = places[place];
    if (refuse !== undefined || port === undefined) return own(refuse ?? NO_SUCH_PLACE.http);
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const path = `${target.pathname}${target.search}`;
    const onward = sendRequest({ host: '127.0.0.1', port, method: request.method, path, headers });
    onward.on('response', (incoming) => {
      response.writeHead(incoming.statusCode ?? 500, incoming.headers);
      incoming.pipe(response);
    });
    onward.on('error', () => own(NO_SUCH_PLACE.http));
    request.pipe(onward);
  });
  return { ...(await listen(server)), asked };
}

async function lead(
  client: Duplex,
  place: string,
  { places = {}, refuse, silent, coalesce }: ProxyBehaviour,
  asked: string[],
  reply: { readonly good: Buffer; readonly bad: Buffer },
): Promise<void> {
  asked.push(place);
  if (silent) return void client.resume();
  const port = places[place];
  if (refuse !== undefined || port === undefined) return void client.end(reply.bad);
  const host = connect({ host: '127.0.0.1', port });
  const end = (): void => {
    host.destroy();
    client.destroy();
  };
  host.on('error', end);
  client.on('error', end);
  client.on('close', end);
  if (coalesce) {
    const first = await new Promise<Buffer>((resolve) => host.once('data', resolve));
    host.pause();
    client.write(Buffer.concat([reply.good, first]));
  } else {
    client.write(reply.good);
  }
  host.pipe(client);
  client.pipe(host);
}

async function take(socket: Socket, count: number): Promise<Buffer> {
  for (;;) {
    if (count === 0) return Buffer.alloc(0);
    const bytes: Buffer | null = socket.read(count);
    if (bytes?.length === count) return bytes;
    if (bytes !== null || socket.readableEnded) throw new Error('the client has left');
    await new Promise<void>((resolve, reject) => {
      socket.once('readable', resolve);
      socket.once('close', () => reject(new Error('the client has left')));
    });
  }
}

/** Up to the zero byte. */
async function text(socket: Socket): Promise<string> {
  for (let read = ''; ; ) {
    const [byte = 0] = await take(socket, 1);
    if (byte === 0) return read;
    read += String.fromCharCode(byte);
  }
}
