/**
 * One question to its end: where a reply stops at an alias, the alias's name is asked for too.
 */
import type { DnsAnswer, DnsType } from '../network.ts';
import { type AskOptions, ask } from './ask.ts';
import { interpret } from './interpret.ts';

/** An answer, and for how long it holds: absence has a lifetime as well (RFC 2308). */
export interface TimedAnswer<T extends DnsType> {
  readonly answer: DnsAnswer<T>;
  /** Seconds. */
  readonly ttl: number;
}

/**
 * @param name folded, and fit to be asked
 * @param deadlineMs for all the questions together
 * @throws the signal's reason
 */
export async function follow<T extends DnsType>(
  name: string,
  type: T,
  options: AskOptions,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<TimedAnswer<T>> {
  const began = performance.now();
  const visited = new Set([name]);
  let current = name;
  let ttl = Number.POSITIVE_INFINITY;
  let authentic = true;
  for (;;) {
    const left = Math.max(0, deadlineMs - (performance.now() - began));
    const question = { name: current, type };
    const reply = await ask(question, options, left, signal);
    if (reply.kind === 'failed') {
      // An alias was answered before, so the network works.
      return { answer: { ...reply, reached: reply.reached || current !== name }, ttl: 0 };
    }
    authentic &&= reply.message.authentic && reply.server.trusted;
    const reading = interpret(reply.message, question, visited);
    ttl = Math.min(ttl, reading.ttl);
    if (reading.kind === 'records') {
      return { answer: { kind: 'records', records: reading.records, ttl, authentic }, ttl };
    }
    if (reading.kind === 'none') {
      const { reason, detail } = reading;
      return { answer: { kind: 'none', reason, detail, authentic }, ttl };
    }
    current = reading.target;
  }
}
