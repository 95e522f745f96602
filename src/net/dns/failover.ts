/**
 * One question to several resolvers: the next one at once when one is of no use, and after a
 * while when one is silent, still listening to it. The first reply counts.
 */
import { printable } from '../../model/printable.ts';
import { settleOnce } from '../time.ts';
import { attempt, type DnsReply, type Problem } from './attempt.ts';
import type { Question } from './message.ts';
import type { ServerOrder } from './server-order.ts';
import { type DnsServer, serverLabel } from './servers.ts';
import type { Transports } from './transport.ts';

/** How often one question goes to the same silent resolver. */
const MAX_ASKS = 4;
const MAX_DETAIL = 200;

export interface ResolverOptions {
  readonly order: ServerOrder;
  readonly transports: Transports;
  /** How long a resolver may be silent before another (or it again) is asked, in ms. */
  readonly retryMs: number;
}

export interface ResolversFailed {
  readonly kind: 'failed';
  readonly reason: Problem['reason'] | 'timeout';
  readonly detail: string;
  readonly reached: boolean;
}

/**
 * @param deadlineMs for the whole, from now
 * @throws the signal's reason
 */
export function askResolvers(
  question: Question,
  options: ResolverOptions,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<DnsReply | ResolversFailed> {
  return settleOnce(signal, (resolve, reject) => {
    const open = new OpenQuestion(question, options, resolve, reject);
    const deadline = setTimeout(() => open.giveUp(), deadlineMs);
    open.begin();
    return () => {
      clearTimeout(deadline);
      open.stop();
    };
  });
}

/** Which resolvers were asked, and which of them are still waited for. */
class OpenQuestion {
  readonly #question: Question;
  readonly #options: ResolverOptions;
  readonly #servers: readonly DnsServer[];
  readonly #asks = new Map<DnsServer, number>();
  readonly #problems = new Map<DnsServer, Problem>();
  /** Resolvers that were silent long enough for another to be asked. */
  readonly #slow = new Set<DnsServer>();
  readonly #stop = new AbortController();
  #retry: NodeJS.Timeout | undefined;
  readonly #resolve: (result: DnsReply | ResolversFailed) => void;
  readonly #reject: (reason: unknown) => void;

  constructor(
    question: Question,
    options: ResolverOptions,
    resolve: (result: DnsReply | ResolversFailed) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#question = question;
    this.#options = options;
    this.#servers = options.order.current();
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(): void {
    if (!this.#askFresh()) this.giveUp();
  }

  /** No resolver is of use, or time is up. */
  giveUp(): void {
    this.#resolve(this.#failure());
  }

  stop(): void {
    clearTimeout(this.#retry);
    this.#stop.abort();
  }

  /** Asks the first resolver that was not asked yet, if there is one. */
  #askFresh(): boolean {
    const server = this.#servers.find((s) => !this.#asks.has(s));
    if (server) this.#ask(server);
    return server !== undefined;
  }

  #ask(server: DnsServer): void {
    const { order, retryMs, transports } = this.#options;
    const asks = this.#asks.get(server) ?? 0;
    this.#asks.set(server, asks + 1);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#askSilent(), retryMs);
    // Some firewalls swallow whatever carries EDNS, so silence is met without it.
    const edns = asks === 0 && order.usesEdns(server);
    attempt(server, this.#question, edns, transports, this.#stop.signal).then(
      (outcome) => {
        if (this.#stop.signal.aborted) return;
        if (outcome.kind === 'problem') this.#onProblem(server, outcome);
        else this.#onReply(outcome, edns);
      },
      (error: unknown) => this.#reject(error),
    );
  }

  /** The waiting time is over: asks a fresh resolver, or else the silent one asked least often. */
  #askSilent(): void {
    for (const server of this.#waitedFor()) this.#slow.add(server);
    if (this.#askFresh()) return;
    const asks = (server: DnsServer): number => this.#asks.get(server) ?? 0;
    const [server] = this.#waitedFor()
      // On a connection nothing gets lost that asking again would bring back.
      .filter((s) => s.over === undefined && asks(s) < MAX_ASKS)
      .sort((a, b) => asks(a) - asks(b));
    if (server) this.#ask(server);
  }

  #waitedFor(): DnsServer[] {
    return this.#servers.filter((s) => this.#asks.has(s) && !this.#problems.has(s));
  }

  #onProblem(server: DnsServer, problem: Problem): void {
    this.#problems.set(server, problem);
    if (!this.#askFresh() && this.#waitedFor().length === 0) this.giveUp();
  }

  #onReply(reply: DnsReply, edns: boolean): void {
    const { order } = this.#options;
    if (edns && !reply.edns) order.rejectsEdns(reply.server);
    for (const server of this.#slow) order.stayedSilent(server);
    order.answered(reply.server);
    this.#resolve(reply);
  }

  #failure(): ResolversFailed {
    const problems = [...this.#problems.values()];
    const silent = this.#waitedFor();
    const reasons = problems.map((problem) => problem.reason);
    const told = (['servfail', 'refused', 'malformed'] as const).find((r) => reasons.includes(r));
    const reason = told ?? (silent.length > 0 ? 'timeout' : 'network');
    const details = [
      ...problems.map((problem) => problem.detail),
      ...silent.map((server) => `${serverLabel(server)} did not answer`),
    ];
    return {
      kind: 'failed',
      reason,
      detail: printable(details.join('; ') || 'no resolver is configured', MAX_DETAIL),
      reached: problems.some((problem) => problem.reached),
    };
  }
}
