import type { Fact, ProviderFile } from './format.ts';

/** An entry of data/probed.json, as far as it is needed here. */
export interface Seen {
  readonly date: string;
  readonly outcome: string;
  readonly lastVerified?: string;
}

export function statesServers(fact: Pick<Fact, 'of'>): boolean;
export function lastConfirmed(
  provider: Pick<ProviderFile, 'servers' | 'domains' | 'facts'>,
  probed: Readonly<Record<string, Seen>>,
): string;
export function newestOf(months: readonly string[]): string;
