import type { Fact, ProviderFile } from './format.ts';

/** An entry of data/probed.json, as far as it is needed here. */
export interface Seen {
  readonly date: string;
  readonly outcome: string;
  readonly lastVerified?: string;
}

export type Probed = Readonly<Record<string, Seen>>;

export function statesServers(fact: Pick<Fact, 'of'>): boolean;
export function lastConfirmed(
  provider: Pick<ProviderFile, 'servers' | 'domains' | 'facts'>,
  probed: Probed,
): string;
export function newestOf(months: readonly string[]): string;
export function ownServersOf(
  probed: Probed,
  providers: readonly Pick<ProviderFile, 'id' | 'servers'>[],
): Probed;
