/** Proxies on loopback: SOCKS5, SOCKS4a and HTTP. They lead every host where they are told. */
import {
  createServer as createHttpServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { KeyAndCertificate } from '../../lab/certificates.ts';
import { type Listening, listen, listenRaw } from '../servers.ts';

export interface ProxyBehaviour {
  /** Where hosts lead: `smtp.example:465` → a port of loopback, or an endpoint: `127.0.1.1:4465`. */
  readonly places?: Readonly<Record<string, number | string>>;
  readonly login?: { readonly user: string; readonly password: string };
  /** A reply code of SOCKS or a status of HTTP, for every host. */
  readonly refuse?: number;
  /** Takes the request and says nothing. */
  readonly silent?: boolean;
  /** Waits for the host's first bytes, and passes them on with its own reply in one packet. */
  readonly coalesce?: boolean;
  /** HTTP: of its own answers to requests that it was to forward. */
  readonly headers?: Readonly<Record<string, string>>;
  /** HTTP: the only ports that it opens tunnels to, as Squid has 443; default: any. */
  readonly tunnelPorts?: readonly number[];
}

export interface TestProxy extends Listening {
  /** `smtp.example:465`, in the order they came. */
  readonly asked: readonly string[];
}

export interface TestHttpProxy extends TestProxy {
  /** `CONNECT smtp.example:465`, `GET http://a.example/`, in the order they came. */
  readonly requests: readonly string[];
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
): Promise<TestHttpProxy> {
  const asked: string[] = [];
  const requests: string[] = [];
  const { login, tunnelPorts } = behaviour;
  const wanted =
    login && `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
  const note = ({ method, url, headers }: IncomingMessage): { admitted: boolean } => {
    requests.push(`${method} ${url}`);
    return { admitted: headers['proxy-authorization'] === wanted };
  };
  const server = identity ? createHttpsServer(identity) : createHttpServer();
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    client.on('error', () => {});
    const place = request.url ?? '';
    const allowed = tunnelPorts?.includes(Number(place.split(':')[1])) ?? true;
    const refuse = !note(request).admitted ? 407 : allowed ? behaviour.refuse : 403;
    const answer = (status: number): Buffer => Buffer.from(`HTTP/1.1 ${status} Whatever\r\n\r\n`);
    void lead(client, place, { ...behaviour, ...(refuse && { refuse }) }, asked, {
      good: answer(200),
      bad: answer(refuse ?? NO_SUCH_PLACE.http),
    });
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { admitted } = note(request);
    // Only proxies are sent whole URLs.
    if (!URL.canParse(request.url ?? '')) return void response.writeHead(400).end();
    forward(request, response, admitted ? behaviour : { ...behaviour, refuse: 407 }, asked);
  });
  return { ...(await listen(server)), asked, requests };
}

/** Asks the server in its own stead, and passes on what it says. */
function forward(
  request: IncomingMessage,
  response: ServerResponse,
  { places = {}, refuse, silent, headers: own }: ProxyBehaviour,
  asked: string[],
): void {
  const url = new URL(request.url ?? '');
  const place = `${url.hostname}:${url.port || 80}`;
  asked.push(place);
  if (silent) return;
  const endpoint = endpointOf(places[place]);
  if (refuse !== undefined || endpoint === null) {
    return void response.writeHead(refuse ?? NO_SUCH_PLACE.http, own).end('the words of the proxy');
  }
  const { 'proxy-authorization': _, ...headers } = request.headers;
  const path = `${url.pathname}${url.search}`;
  const onward = httpRequest({ ...endpoint, path, headers, method: request.method, agent: false });
  onward.on('error', () => response.destroy());
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 0, answer.headers);
    answer.pipe(response);
  });
  request.pipe(onward);
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
  const endpoint = endpointOf(places[place]);
  if (refuse !== undefined || endpoint === null) return void client.end(reply.bad);
  const host = connect(endpoint);
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

function endpointOf(place: number | string | undefined): { host: string; port: number } | null {
  if (place === undefined) return null;
  const [host = '', port] = typeof place === 'number' ? ['127.0.0.1', place] : place.split(':');
  return { host, port: Number(port) };
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
