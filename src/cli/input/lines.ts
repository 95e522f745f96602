/** Lines of a byte stream, one at a time, however it is cut into chunks. */
import { unreadableFile } from '../errors.ts';
import { bytesOf, decode, detectEncoding, type Encoding, escaped } from './encoding.ts';

/** Characters; longer lines of a list are cut here, so that memory stays bounded. */
export const MAX_LINE = 64 * 1024;

export interface Line {
  /** Without its end; one character beyond the limit is kept, so that a cut line can be told. */
  readonly text: string;
  /** What it took of the stream, its end included. */
  readonly bytes: number;
  /** False for a last line that nothing ends. */
  readonly ended: boolean;
  /** Whether all of it is text; what is not is replaced by U+FFFD. */
  readonly valid: boolean;
}

/**
 * UTF-8, with or without a byte order mark, ends of line as on Unix or Windows.
 * An empty line counts; nothing after the last end of line does not.
 * @param limit characters kept of a line
 */
export function readLines(
  chunks: AsyncIterable<Uint8Array | string>,
  limit: number,
): AsyncGenerator<Line> {
  return split(bytesOf(chunks), { encoding: 'utf-8', limit, carriageReturns: false });
}

/**
 * The first line of standard input, where whoever sends it may keep us waiting.
 * @returns null at its end
 * @throws SmtpFindError `unreadable-file`; the signal's reason
 */
export async function readFirstLine(
  stdin: AsyncIterable<Uint8Array | string>,
  limit: number,
  signal: AbortSignal,
): Promise<Line | null> {
  signal.throwIfAborted();
  const lines = readLines(stdin, limit);
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
  });
  signal.addEventListener('abort', abort);
  try {
    const first = await Promise.race([lines.next(), aborted]);
    return first.done === true ? null : first.value;
  } catch (error) {
    signal.throwIfAborted();
    throw unreadableFile('standard input', error);
  } finally {
    signal.removeEventListener('abort', abort);
    // Not awaited: a terminal or a pipe on which nothing more comes would hold us.
    lines.return(undefined).catch(() => {});
  }
}

/**
 * Of a list that somebody saved: UTF-16 as well, and a lone CR ends a line. A line with bytes that
 * are no text has them escaped.
 */
export async function* readListLines(
  input: AsyncIterable<Uint8Array | string>,
  limit: number = MAX_LINE,
): AsyncGenerator<Line> {
  const { encoding, chunks, close } = await detectEncoding(input);
  try {
    yield* split(chunks, { encoding, limit, carriageReturns: true });
  } finally {
    await close();
  }
}

interface Splitting {
  readonly encoding: Encoding;
  readonly limit: number;
  /** Whether a lone CR ends a line, and bytes that are no text are escaped. */
  readonly carriageReturns: boolean;
}

const MOST_BYTES_A_CHARACTER = 4;

async function* split(
  chunks: AsyncIterable<Uint8Array>,
  { encoding, limit, carriageReturns }: Splitting,
): AsyncGenerator<Line> {
  const width = encoding === 'utf-8' ? 1 : 2;
  const most = (limit + 1) * MOST_BYTES_A_CHARACTER;
  let parts: Uint8Array[] = [];
  let kept = 0;
  let bytes = 0;

  const keep = (part: Uint8Array): void => {
    bytes += part.length;
    if (kept >= most || part.length === 0) return;
    const wanted = part.subarray(0, most - kept);
    // A copy: a slice would keep the whole chunk in memory.
    parts.push(Uint8Array.prototype.slice.call(wanted));
    kept += wanted.length;
  };
  const take = (end: number): Line => {
    const whole = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    const decoded = decode(whole, encoding, bytes > kept);
    const text =
      decoded ??
      (carriageReturns ? escaped(whole, encoding) : new TextDecoder(encoding).decode(whole));
    const line = {
      text: chomp(text).slice(0, limit + 1),
      bytes: bytes + end,
      ended: end > 0,
      valid: decoded !== null,
    };
    parts = [];
    kept = 0;
    bytes = 0;
    return line;
  };

  // A CR at the end of a chunk may be one half of an end.
  let held: Uint8Array | null = null;
  for await (const chunk of chunks) {
    const data: Buffer = held ? Buffer.concat([held, chunk]) : asBuffer(chunk);
    held = null;
    const nextFeed = finder(data, LINE_FEED, width);
    const nextReturn = carriageReturns ? finder(data, CARRIAGE_RETURN, width) : never;
    let start = 0;
    for (;;) {
      const feed = nextFeed(start);
      const at = Math.min(feed, nextReturn(start));
      if (at === Number.POSITIVE_INFINITY) break;
      if (at < feed && at + width >= data.length) {
        held = Uint8Array.prototype.slice.call(data, at);
        break;
      }
      keep(data.subarray(start, at));
      const end = at + width === feed ? 2 * width : width;
      yield take(end);
      start = at + end;
    }
    keep(data.subarray(start, data.length - (held?.length ?? 0)));
  }
  if (held) yield take(held.length);
  else if (bytes > 0) yield take(0);
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const never = (): number => Number.POSITIVE_INFINITY;

/** Where a unit is next, asked for from places that only go forward; infinity when it is nowhere. */
function finder(data: Buffer, unit: number, width: number): (from: number) => number {
  const wanted = Buffer.from([unit, 0]).subarray(0, width);
  let at = -1;
  let known = false;
  return (from) => {
    if (known && at >= from) return at;
    known = true;
    at = data.indexOf(wanted, from);
    // Of UTF-16 not the halves of two units.
    while (at !== -1 && at % width !== 0) at = data.indexOf(wanted, at + 1);
    if (at === -1) at = Number.POSITIVE_INFINITY;
    return at;
  };
}

function asBuffer(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

function chomp(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
