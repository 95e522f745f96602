/** One HTTP request and its answer over a connected socket, which is closed afterwards. */
import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { printable } from '../../model/printable.ts';
import { errorCode } from '../error-code.ts';
import { settleOnce } from '../time.ts';

const MAX_HEADERS = 32 * 1024; // bytes

export interface ExchangeOptions {
  readonly socket: Socket;
  readonly method: 'GET' | 'POST';
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Of the body, as it comes. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

export type Exchange =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: IncomingMessage['headers'];
      /** Still encoded; empty for a redirect, whose body nobody reads. */
      readonly body: Buffer;
    }
  | { readonly kind: 'too-large' }
  /** Not HTTP, or not all of it. */
  | { readonly kind: 'broken'; readonly detail: string };

/** @throws the signal's reason */
export function exchange(options: ExchangeOptions): Promise<Exchange> {
  const { socket, method, target, headers, body, maxBytes, signal } = options;
  if (signal.aborted) socket.destroy();
  return settleOnce<Exchange>(signal, (settle) => {
    const outgoing = request({
      createConnection: () => socket,
      method,
      path: target,
      headers: {
        ...headers,
        ...(body !== null && { 'Content-Length': String(Buffer.byteLength(body)) }),
        Connection: 'close',
      },
      maxHeaderSize: MAX_HEADERS,
      insecureHTTPParser: false,
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => settle(brokenOff(error)));
    outgoing.on('upgrade', () => settle({ kind: 'broken', detail: 'it changed the protocol' }));
    outgoing.on('close', () => settle({ kind: 'broken', detail: 'it closed the connection' }));
    outgoing.on('response', (incoming) => {
      const status = incoming.statusCode ?? 0;
      const answer = (content: Buffer): void =>
        settle({ kind: 'answer', status, headers: incoming.headers, body: content });
      if (status >= 300 && status < 400 && incoming.headers.location !== undefined) {
        answer(Buffer.alloc(0));
        return;
      }
      const chunks: Buffer[] = [];
      let length = 0;
      incoming.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > maxBytes) settle({ kind: 'too-large' });
        else chunks.push(chunk);
      });
      incoming.on('error', (error) => settle(brokenOff(error)));
      incoming.on('end', () => answer(Buffer.concat(chunks)));
    });
    outgoing.end(body ?? undefined);
    return () => socket.destroy();
  });
}

function brokenOff(error: Error): Exchange {
  const code = errorCode(error);
  if (code === 'HPE_HEADER_OVERFLOW') return { kind: 'too-large' };
  if (code.startsWith('HPE_')) return { kind: 'broken', detail: 'its answer is not HTTP' };
  if (code === 'ECONNRESET') return { kind: 'broken', detail: 'it closed the connection' };
  return { kind: 'broken', detail: `the answer broke off (${printable(code || error.name, 60)})` };
}
