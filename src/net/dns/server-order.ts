/**
 * What is remembered of the resolvers during a run, so that a dead one does not cost every
 * question its waiting time.
 */
import { timeLimits } from '../../model/time-limits.ts';
import type { DnsServer } from './servers.ts';

export class ServerOrder {
  readonly #servers: readonly DnsServer[];
  readonly #now: () => number;
  readonly #silentUntil = new Map<DnsServer, number>();
  readonly #withoutEdns = new Set<DnsServer>();

  constructor(servers: readonly DnsServer[], now: () => number) {
    this.#servers = servers;
    this.#now = now;
  }

  /** In the configured order, those that were silent a moment ago last. */
  current(): readonly DnsServer[] {
    const now = this.#now();
    const silent = (server: DnsServer): boolean => (this.#silentUntil.get(server) ?? 0) > now;
    return [...this.#servers.filter((s) => !silent(s)), ...this.#servers.filter(silent)];
  }

  usesEdns(server: DnsServer): boolean {
    return !this.#withoutEdns.has(server);
  }

  rejectsEdns(server: DnsServer): void {
    this.#withoutEdns.add(server);
  }

  answered(server: DnsServer): void {
    this.#silentUntil.delete(server);
  }

  /** It left a question open that another resolver answered. */
  stayedSilent(server: DnsServer): void {
    this.#silentUntil.set(server, this.#now() + timeLimits.keep.silentResolver);
  }
}
