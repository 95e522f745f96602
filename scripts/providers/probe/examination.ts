/**
 * The examination of many servers. A server is what it is when all went well, or when it has failed
 * twice, and a failure counts only while others answer: our own network may be down, and many
 * networks block port 25.
 */
import { limitsFor, type QueryLimits, timeLimits } from '../../../src/model/time-limits.ts';
import type { Network } from '../../../src/net/network.ts';
import { probe } from '../../../src/probe/probe.ts';
import { type Finding, type ProbedServers, troubleOf } from '../probed.ts';
import { findingOf } from './record.ts';
import type { Server } from './servers.ts';
import type { Visits } from './visits.ts';

/** Operators of whom one has to answer. */
const CANARIES = 12;
/** A server that failed has more time when it is asked again. */
const PATIENCE = 3;

export interface ExaminationOptions {
  /** The whole database: any of it may show that the network works. */
  readonly servers: readonly Server[];
  readonly due: readonly Server[];
  readonly earlier: ProbedServers;
  /** Called once for each round, since a network remembers for a while what failed. */
  readonly openNetwork: () => Promise<Network>;
  readonly visits: Visits<Server>;
  readonly signal: AbortSignal;
  /** A result that counts is there. */
  readonly onSettled?: (findings: ReadonlyMap<string, Finding>) => void;
}

export interface Examined {
  /** The results that count, by server. */
  readonly findings: ReadonlyMap<string, Finding>;
  /** Servers that failed where none answered on their port: their failures prove nothing. */
  readonly unproven: readonly Server[];
  /** Why it did not come to its end; null when it did. */
  readonly stopped: 'no-network' | 'interrupted' | null;
}

export async function examine(options: ExaminationOptions): Promise<Examined> {
  const examination = new Examination(options);
  const stopped = await examination.run();
  return { findings: examination.settled, unproven: examination.unproven, stopped };
}

/** Over this port, or over whichever. */
type Way = number | 'any';
type Ask = (server: Server, signal: AbortSignal) => Promise<void>;

class Examination {
  readonly settled: Map<string, Finding> = new Map();
  readonly unproven: Server[] = [];
  readonly #latest = new Map<string, Finding>();
  readonly #due: ReadonlySet<string>;
  readonly #options: ExaminationOptions;

  constructor(options: ExaminationOptions) {
    this.#options = options;
    this.#due = new Set(options.due.map(({ key }) => key));
  }

  async run(): Promise<Examined['stopped']> {
    const { signal, due } = this.#options;
    if (due.length === 0) return null;
    const { query } = timeLimits;
    try {
      const isOnline = await this.#round(limitsFor(query), async (ask) => {
        await this.#askAll(this.#open(), ask);
      });
      if (!isOnline) return 'no-network';
      const failed = this.#open();
      if (failed.length === 0) return null;
      const isStillOnline = await this.#round(limitsFor(PATIENCE * query), async (ask) => {
        await this.#askAll(failed, ask);
        await this.#settleFailures(this.#open(), ask);
      });
      return isStillOnline ? null : 'no-network';
    } catch (error) {
      if (signal.aborted && error === signal.reason) return 'interrupted';
      throw error;
    }
  }

  #open(): readonly Server[] {
    return this.#options.due.filter(({ key }) => !this.settled.has(key));
  }

  /** @returns false when nobody answers, and the round did not take place */
  async #round(limits: QueryLimits, work: (ask: Ask) => Promise<void>): Promise<boolean> {
    const network = await this.#options.openNetwork();
    const ask: Ask = async (server, signal) => {
      const options = { signal, deadlineMs: limits.probe, connectMs: limits.connect };
      const finding = findingOf(await probe(server.endpoint, network, options));
      this.#latest.set(server.key, finding);
      if (troubleOf(finding) === null && this.#due.has(server.key)) this.#settle(server, finding);
    };
    try {
      if (!(await this.#answers('any', ask))) return false;
      await work(ask);
      return true;
    } finally {
      await network.close(timeLimits.goodbye.session);
    }
  }

  async #askAll(servers: readonly Server[], ask: Ask): Promise<void> {
    await this.#options.visits.each(servers, this.#options.signal, ask);
  }

  /** They have failed twice. Somebody must have answered since, in the way that they did not. */
  async #settleFailures(failed: readonly Server[], ask: Ask): Promise<void> {
    const wayOf = ({ key, endpoint }: Server): Way =>
      this.#latest.get(key)?.outcome === 'dns' ? 'any' : endpoint.port;
    for (const way of new Set(failed.map(wayOf))) {
      const proven = await this.#answers(way, ask);
      for (const server of failed.filter((one) => wayOf(one) === way)) {
        const finding = this.#latest.get(server.key);
        if (proven && finding) this.#settle(server, finding);
        else this.unproven.push(server);
      }
    }
  }

  /** Whether one server of a dozen is all right, asked one after the other. */
  async #answers(way: Way, ask: Ask): Promise<boolean> {
    for (const server of this.#canaries(way)) {
      await this.#askAll([server], ask);
      const finding = this.#latest.get(server.key);
      if (finding && troubleOf(finding) === null) return true;
    }
    return false;
  }

  /** One of each operator, those first that were all right when they were last asked. */
  #canaries(way: Way): readonly Server[] {
    const { servers, earlier } = this.#options;
    /** Lower is better. */
    const standing = ({ key, endpoint }: Server): number => {
      const known = this.#latest.get(key) ?? earlier.get(key);
      const health = known === undefined ? 1 : troubleOf(known) === null ? 0 : 2;
      // Blocked more often than not.
      return endpoint.port === 25 ? health + 3 : health;
    };
    const usable = servers.filter(({ key, endpoint }) => {
      const seen = this.#latest.get(key);
      const failed = seen !== undefined && troubleOf(seen) !== null;
      return !failed && (way === 'any' || endpoint.port === way);
    });
    const oneEach = new Map<string, Server>();
    for (const server of usable.sort((a, b) => standing(a) - standing(b))) {
      if (!oneEach.has(server.operator)) oneEach.set(server.operator, server);
    }
    return [...oneEach.values()].slice(0, CANARIES);
  }

  #settle({ key }: Server, finding: Finding): void {
    this.settled.set(key, finding);
    this.#options.onSettled?.(this.settled);
  }
}
