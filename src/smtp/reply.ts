/**
 * SMTP replies (RFC 5321 §4.2), read from bytes as they come. Pure: no socket, no clock; how the
 * bytes are cut into chunks never changes what is read.
 *
 * Lenient where servers are careless (bare LF, a code without text, 8-bit text, NUL), strict where
 * leniency would hide that this is not SMTP or that the conversation is out of step.
 */
import { printable } from '../model/printable.ts';

export interface Reply {
  /** 200 to 599. */
  readonly code: number;
  /** RFC 3463, such as `5.7.1`; null when there is none, or one of another class than the code's. */
  readonly enhanced: string | null;
  /** The text of each line, without code and enhanced code; as sent, so not safe to show. */
  readonly lines: readonly string[];
}

/** What came is no SMTP reply, or more than anybody has a reason to send. */
export class ReplyError extends Error {
  override readonly name: string = 'ReplyError';
}

export interface ReplyLimits {
  /** Bytes in one line, before its LF. */
  readonly lineBytes: number;
  readonly replyLines: number;
  /** Bytes in all replies of one connection. */
  readonly totalBytes: number;
}

/**
 * RFC 5321 §4.5.3.1.5 allows 512 octets in a line. Servers overrun that with long AUTH lists and
 * legal notices, but none by sixteen times; the whole of a real conversation is below 8 KiB.
 */
export const replyLimits: ReplyLimits = {
  lineBytes: 8 * 1024,
  replyLines: 256,
  totalBytes: 128 * 1024,
};

const LF = 0x0a;
// A CR inside the line is text, as is NUL: hence the `s`.
const LINE = /^([2-5]\d\d)(?:([ -])(.*))?$/s;
const ENHANCED = /^([245])\.\d{1,3}\.\d{1,3}(?=\s|$)\s*/;

export class ReplyParser {
  readonly #limits: ReplyLimits;
  readonly #onLine: ((line: string) => void) | undefined;
  #rest: Buffer = Buffer.alloc(0);
  /** Bytes of `#rest` that are known to hold no LF. */
  #scanned = 0;
  #total = 0;
  #texts: string[] = [];
  #code: number | null = null;
  #error: ReplyError | null = null;

  /** @param onLine called with each line before it is understood */
  constructor(limits: ReplyLimits = replyLimits, onLine?: (line: string) => void) {
    this.#limits = limits;
    this.#onLine = onLine;
  }

  push(chunk: Uint8Array): void {
    this.#rest = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
  }

  /**
   * The next reply, or null when more bytes are needed.
   * @throws ReplyError, and the same one ever after
   */
  next(): Reply | null {
    if (this.#error) throw this.#error;
    for (let line = this.#line(); line !== null; line = this.#line()) {
      const reply = this.#take(line);
      if (reply) return reply;
    }
    return null;
  }

  /** Forgets what was not yet returned. @returns how many bytes that were */
  discard(): number {
    const unfinished = this.#texts.length > 0 ? 1 : 0;
    const count = this.#rest.length + unfinished;
    this.#rest = Buffer.alloc(0);
    this.#scanned = 0;
    this.#texts = [];
    this.#code = null;
    return count;
  }

  #line(): string | null {
    const { lineBytes, totalBytes } = this.#limits;
    const end = this.#rest.indexOf(LF, this.#scanned);
    if ((end === -1 ? this.#rest.length : end) > lineBytes) {
      this.#fail(`a line of more than ${lineBytes} bytes`);
    }
    if (end === -1) {
      this.#scanned = this.#rest.length;
      return null;
    }
    this.#total += end + 1;
    if (this.#total > totalBytes) this.#fail(`more than ${totalBytes} bytes of replies`);
    const line = this.#rest.toString('utf8', 0, end).replace(/\r+$/, '');
    this.#rest = this.#rest.subarray(end + 1);
    this.#scanned = 0;
    return line;
  }

  /** @returns the reply that this line completes */
  #take(line: string): Reply | null {
    this.#onLine?.(line);
    const match = LINE.exec(line);
    if (!match) this.#fail(`not an SMTP reply: "${printable(line, 60)}"`);
    const code = Number(match[1]);
    if (this.#code !== null && code !== this.#code) {
      this.#fail(`one reply with the codes ${this.#code} and ${code}`);
    }
    this.#code = code;
    this.#texts.push(match[3] ?? '');
    if (this.#texts.length > this.#limits.replyLines) {
      this.#fail(`a reply of more than ${this.#limits.replyLines} lines`);
    }
    if (match[2] === '-') return null;
    const reply = toReply(code, this.#texts);
    this.#texts = [];
    this.#code = null;
    return reply;
  }

  #fail(message: string): never {
    this.#error = new ReplyError(message);
    this.discard();
    throw this.#error;
  }
}

function toReply(code: number, texts: readonly string[]): Reply {
  const codes = texts.map((text) => ENHANCED.exec(text));
  // A class that contradicts the code is not an enhanced code (RFC 2034 §4).
  const own = codes.map((match) =>
    match && Number(match[1]) === Math.floor(code / 100) ? match : null,
  );
  return {
    code,
    enhanced: own.find((match) => match !== null)?.[0].trim() ?? null,
    lines: texts.map((text, i) => text.slice(own[i]?.[0].length ?? 0)),
  };
}

/** The text of a reply on one line, safe to show. */
export function replyText(reply: Reply, limit: number = 300): string {
  return printable(reply.lines.join(' '), limit);
}

/** The whole reply on one line, safe to show: `550 5.7.1 Go away`. */
export function showReply(reply: Reply): string {
  return [String(reply.code), reply.enhanced ?? '', replyText(reply, 160)]
    .filter(Boolean)
    .join(' ');
}
