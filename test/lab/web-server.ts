/** The lab's web: HTTP and HTTPS on one loopback port each, virtual hosts by the Host header. */
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createSecureContext } from 'node:tls';
import { parseUrl } from '../../src/model/url.ts';
import type { KeyAndCertificate } from './certificates.ts';
import { Delays } from './delays.ts';
import { type Endpoint, listen, type Stoppable, track } from './loopback.ts';

/** What a URL answers with; a string is the body of a 200. */
export type WebDocument = string | WebAnswer | WebHandler;
export type WebHandler = (request: HttpRequest, response: ServerResponse) => void;

export interface WebAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Status 302 (or the given one) with this Location. */
  readonly redirect?: string;
  readonly delayMs?: number;
  /** `hang`: never answer. `close`: end the connection without a word. */
  readonly instead?: 'hang' | 'close';
}

/** By URL. A URL without a query answers with any query. */
export type WebDocuments = Readonly<Record<string, WebDocument>>;

export interface HttpRequest {
  readonly method: string;
  /** As the client meant it, scheme and Host header included. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface WebServer extends Stoppable {
  readonly http: Endpoint;
  readonly https: Endpoint;
  /** All that was asked, in order. */
  readonly requests: readonly HttpRequest[];
  /** How often a URL (without its query) was asked for. */
  asked(url: string): number;
  forget(): void;
}

export interface WebServerOptions {
  readonly documents: WebDocuments;
  /** The certificate shown for a host. */
  certificateFor(host: string): Promise<KeyAndCertificate>;
}

const MAX_BODY = 1024 * 1024;

export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const documents = new Map(
    Object.entries(options.documents).map(([url, document]) => [new URL(url).href, document]),
  );
  const requests: HttpRequest[] = [];
  const delays = new Delays();

  function serve(scheme: string, message: IncomingMessage, response: ServerResponse): void {
    answer(scheme, message, response).catch(() => response.destroy()); // The client left half-way.
  }

  async function answer(
    scheme: string,
    message: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const request = await read(scheme, message);
    requests.push(request);
    const document = documents.get(request.url) ?? documents.get(withoutQuery(request.url));
    if (typeof document === 'function') document(request, response);
    else delays.after(delayOf(document), () => send(response, document ?? { status: 404 }));
  }

  const http = createHttpServer((message, response) => serve('http', message, response));
  const fallback = await options.certificateFor('unknown.invalid');
  const https = createHttpsServer(
    {
      ...fallback,
      SNICallback: (host, done) => {
        options.certificateFor(host).then(
          (certificate) => done(null, createSecureContext(certificate)),
          (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
        );
      },
    },
    (message, response) => serve('https', message, response),
  );
  https.on('tlsClientError', () => {}); // A client that does not like the certificate just leaves.
  const stops = [track(http), track(https)];
  const [httpEndpoint, httpsEndpoint] = await Promise.all([listen(http), listen(https)]);

  return {
    http: httpEndpoint,
    https: httpsEndpoint,
    requests,
    asked: (url) => {
      const wanted = new URL(url).href;
      return requests.filter((request) => withoutQuery(request.url) === wanted).length;
    },
    forget: () => requests.splice(0),
    async stop() {
      delays.clear();
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}

async function read(scheme: string, message: IncomingMessage): Promise<HttpRequest> {
  let body = '';
  message.setEncoding('utf8');
  for await (const chunk of message) if (body.length < MAX_BODY) body += String(chunk);
  const base = `${scheme}://${message.headers.host ?? 'unknown.invalid'}`;
  const url = parseUrl(message.url ?? '', base)?.href ?? base;
  return { method: message.method ?? '', url, headers: message.headers, body };
}

function withoutQuery(url: string): string {
  return url.replace(/\?.*$/, '');
}

function delayOf(document: string | WebAnswer | undefined): number {
  return typeof document === 'object' ? (document.delayMs ?? 0) : 0;
}

function send(response: ServerResponse, document: string | WebAnswer): void {
  const answer: WebAnswer = typeof document === 'string' ? { body: document } : document;
  if (response.destroyed || answer.instead === 'hang') return;
  if (answer.instead === 'close') {
    response.socket?.destroy();
    return;
  }
  const body = answer.body ?? '';
  const location = answer.redirect === undefined ? {} : { location: answer.redirect };
  const status = answer.status ?? (answer.redirect === undefined ? 200 : 302);
  response.writeHead(status, { 'content-type': contentType(body), ...location, ...answer.headers });
  response.end(body);
}

function contentType(body: string | Buffer): string {
  const start = body.slice(0, 200).toString().trimStart().toLowerCase();
  if (start.startsWith('<!doctype html') || start.startsWith('<html')) return 'text/html';
  if (start.startsWith('<')) return 'text/xml';
  return start.startsWith('{') ? 'application/json' : 'text/plain';
}
