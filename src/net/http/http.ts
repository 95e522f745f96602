/**
 * HTTP as a source needs it: one question, one bounded answer, redirects followed within limits.
 * It goes through our own connections, so that DNS, the address policy, `--connect-to` and
 * `--cacert` all apply. HTTPS always wants a good certificate.
 */

import { inSeconds } from '../../model/duration.ts';
import { printable } from '../../model/printable.ts';
import { inRegistrableDomain } from '../../model/public-suffix.ts';
import { timeLimits } from '../../model/time-limits.ts';
import type { Connect } from '../connect/connect.ts';
import {
  ConnectFailure,
  type Connection,
  type FetchOptions,
  type HttpAnswer,
  TlsFailure,
} from '../network.ts';
import type { ProxiedConnection } from '../proxy/proxy-connector.ts';
import { SharedCache } from '../shared-cache.ts';
import { Deadline, DeadlinePassed } from '../time.ts';
import { certificateTrouble } from '../tls/certificate-trouble.ts';
import type { Handshake } from '../tls/tls.ts';
import { ACCEPT_ENCODING, decodeBody } from './http-decoding.ts';
import { type Exchange, exchange } from './http-exchange.ts';
import {
  followRedirect,
  isRedirect,
  type Place,
  parsePlace,
  type Sending,
  shownUrl,
} from './http-url.ts';

const MAX_BYTES = 256 * 1024;
const MAX_REDIRECTS = 5;

const KEPT_BYTES = 64 * 1024; // larger answers are asked for again
const KEPT_BYTES_IN_ALL = 8 * 1024 * 1024;
const KEPT_OVERHEAD = 2048; // of each answer: URLs and the like

export interface HttpSetup {
  readonly connect: Connect;
  /** For plain HTTP, which may have another proxy; default: the same. */
  readonly connectPlain?: Connect;
  readonly handshake: Handshake;
  readonly userAgent: string;
  /** Milliseconds, of any origin. */
  readonly now?: () => number;
}

export type Fetch = (url: string, options: FetchOptions) => Promise<HttpAnswer>;
type Failure = Extract<HttpAnswer, { kind: 'failed' }>;

/** Equal GET requests share one exchange, and its answer is kept for some minutes. */
export function createFetch(setup: HttpSetup): Fetch {
  const cache = new SharedCache<HttpAnswer>(KEPT_BYTES_IN_ALL, setup.now, bytesOf);
  return async (url, options) => {
    options.signal.throwIfAborted();
    const place = parsePlace(url);
    if (place === null) {
      const detail = `"${shownUrl(url)}" is no web address`;
      return { kind: 'failed', reason: 'protocol', detail, reached: false };
    }
    const { method = 'GET', headers = {}, maxBytes = MAX_BYTES } = options;
    if (method === 'POST') return walk(place, options, setup);
    const key = JSON.stringify([place.url, Object.entries(headers).sort(), maxBytes]);
    return cache.get(
      key,
      options.signal,
      (signal) => walk(place, { ...options, signal }, setup),
      keepMs,
    );
  };
}

function bytesOf(answer: HttpAnswer): number {
  return KEPT_OVERHEAD + (answer.kind === 'response' ? answer.body.length : 0);
}

function keepMs(answer: HttpAnswer): number {
  if (answer.kind === 'failed' || answer.status >= 500 || answer.status === 429) {
    return timeLimits.keep.trouble;
  }
  return answer.body.length <= KEPT_BYTES ? timeLimits.keep.webAnswer : 0;
}

/** From the first place to where the redirects end. */
async function walk(start: Place, options: FetchOptions, setup: HttpSetup): Promise<HttpAnswer> {
  let place = start;
  let sending: Sending = { method: options.method ?? 'GET', body: options.body ?? null };
  let secure = true;
  const seen = new Set<string>();
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    secure &&= place.secure;
    seen.add(`${sending.method} ${place.url}`);
    const answer = await ask(place, sending, options, setup);
    if (answer.kind === 'failed') return answer;
    const { status, headers, body } = answer;
    if (!isRedirect(status) || headers.location === undefined) {
      const contentType = printable(headers['content-type'] ?? '', 200);
      return { kind: 'response', status, contentType, body, url: place.url, secure };
    }
    const redirect = followRedirect(place, status, headers.location, sending);
    if (redirect.kind === 'refuse') return failed('redirect', redirect.detail);
    ({ place, sending } = redirect);
    if (options.within !== undefined && !inRegistrableDomain(place.host, options.within)) {
      return failed('redirect', `${start.host} redirects to ${place.host}, which may not see it`);
    }
    if (seen.has(`${sending.method} ${place.url}`)) {
      return failed('redirect', `${start.host} redirects in a circle`);
    }
  }
  return failed('redirect', `${start.host} redirects more than ${MAX_REDIRECTS} times`);
}

type Answered = Extract<Exchange, { kind: 'answer' }>;

/** More than any honest host has behind one name and port. */
const MAX_ADDRESSES = 4;

/**
 * One exchange with one place: at one address of its host after the other, until one answers at all.
 * An address that hangs up, fails at TLS or stays silent would else end in a look-up over plain HTTP.
 */
async function ask(
  place: Place,
  sending: Sending,
  options: FetchOptions,
  setup: HttpSetup,
): Promise<Answered | Failure> {
  const useless: string[] = [];
  let first: Failure | null = null;
  for (;;) {
    const answer = await askOne(place, sending, options, setup, useless);
    if (answer.kind === 'answer') return answer;
    // That there is no further address is no news.
    first ??= answer.failure;
    const { address } = answer;
    if (address === null || useless.includes(address) || useless.length >= MAX_ADDRESSES) {
      return first;
    }
    useless.push(address);
  }
}

interface Unanswered {
  readonly kind: 'unanswered';
  readonly failure: Failure;
  /** Of no use, where another one may be; null where another would make no difference. */
  readonly address: string | null;
}

/** @throws the signal's reason */
async function askOne(
  place: Place,
  sending: Sending,
  options: FetchOptions,
  setup: HttpSetup,
  avoid: readonly string[],
): Promise<Answered | Unanswered> {
  const deadline = new Deadline(options.signal);
  const { signal } = deadline;
  let others: Connection | null = null;
  const onConnection = (connection: Connection): void => {
    if (!connection.hasOthers) return;
    others = connection;
    deadline.start(timeLimits.nextAddress.web);
  };
  try {
    const own = { ...options, signal };
    const answer = await exchangeAt(place, sending, own, setup, avoid, onConnection);
    if (answer.kind === 'answer') return answer;
    const mayDiffer = answer.reason === 'protocol' || answer.reason === 'tls';
    return unanswered(answer, mayDiffer ? others : null);
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof DeadlinePassed)) throw error;
    const detail = `${place.host} did not answer within ${inSeconds(error.ms)}`;
    return unanswered({ kind: 'failed', reason: 'timeout', detail, reached: true }, others);
  } finally {
    deadline.clear();
  }
}

function unanswered(failure: Failure, others: Connection | null): Unanswered {
  return { kind: 'unanswered', failure, address: others?.address ?? null };
}

/** One exchange, the body decoded. */
async function exchangeAt(
  place: Place,
  sending: Sending,
  options: FetchOptions,
  setup: HttpSetup,
  avoid: readonly string[],
  onConnection: (connection: Connection) => void,
): Promise<Answered | Failure> {
  const { signal, maxBytes = MAX_BYTES } = options;
  try {
    const opened = await open(place, options, setup, avoid, onConnection);
    if ('kind' in opened) return opened;
    const { socket, forwarding } = opened;
    const answer = await exchange({
      socket,
      ...sending,
      // A proxy expects the whole URL (RFC 9112 §3.2.2).
      target: forwarding ? place.url : place.target,
      headers: { ...headersFor(place, sending, options, setup), ...forwarding?.headers },
      maxBytes,
      signal,
    });
    if (answer.kind === 'broken') return failed('protocol', `${place.host}: ${answer.detail}`);
    if (answer.kind === 'too-large') return tooLarge(place, maxBytes);
    await forwarding?.check(answer.status, answer.headers);
    const encoding = answer.headers['content-encoding'] ?? '';
    const decoded = await decodeBody(answer.body, encoding, maxBytes);
    signal.throwIfAborted();
    if (decoded.kind === 'decoded') return { ...answer, body: decoded.body };
    if (decoded.kind === 'too-large') return tooLarge(place, maxBytes);
    const coding = printable(decoded.coding, 40);
    return failed('protocol', `${place.host}: its answer is not the ${coding} it claims to be`);
  } catch (error) {
    if (error instanceof ConnectFailure) {
      return {
        kind: 'failed',
        reason: error.reason,
        detail: error.message,
        reached: error.reached,
        place: { host: place.host, port: place.port },
        ...(error.proxyTrouble !== null && { proxyTrouble: error.proxyTrouble }),
      };
    }
    if (error instanceof TlsFailure) return failed('tls', error.message);
    throw error;
  }
}

type Opened = Pick<ProxiedConnection, 'socket' | 'forwarding'>;

/** @throws ConnectFailure, TlsFailure or the signal's reason */
async function open(
  place: Place,
  { signal, timeFactor = 1 }: FetchOptions,
  { connect, connectPlain = connect, handshake }: HttpSetup,
  avoid: readonly string[],
  onConnection: (connection: Connection) => void,
): Promise<Opened | Failure> {
  const to = place.secure ? connect : connectPlain;
  const deadlineMs = timeLimits.connect * timeFactor;
  const connection = await to(place.host, place.port, { signal, deadlineMs, avoid });
  onConnection(connection);
  if (!place.secure) return connection;
  const { socket } = connection;
  const secured = await handshake(socket, { host: place.host, signal, alpn: ['http/1.1'] });
  const trouble = certificateTrouble(secured.tls.certificate);
  if (trouble === null) return { socket: secured.socket };
  secured.socket.destroy();
  return failed('certificate', `${place.host}: ${trouble}`);
}

function headersFor(
  place: Place,
  { body }: Sending,
  { headers = {} }: FetchOptions,
  { userAgent }: HttpSetup,
): Record<string, string> {
  const own = Object.entries(headers).filter(
    ([name]) => body !== null || !name.toLowerCase().startsWith('content-'),
  );
  return {
    Host: place.authority,
    'User-Agent': userAgent,
    'Accept-Encoding': ACCEPT_ENCODING,
    ...Object.fromEntries(own),
  };
}

function failed(reason: Failure['reason'], detail: string): Failure {
  return { kind: 'failed', reason, detail, reached: true };
}

function tooLarge(place: Place, maxBytes: number): Failure {
  return failed('too-large', `${place.host}: its answer is larger than ${maxBytes / 1024} KiB`);
}
