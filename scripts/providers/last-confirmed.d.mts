import type { Fact, ProviderFile } from './format.ts';

export function statesServers(fact: Pick<Fact, 'of'>): boolean;
export function lastConfirmed(
  provider: Pick<ProviderFile, 'servers' | 'facts'>,
  probed: Readonly<Record<string, { readonly lastVerified?: string }>>,
): string;
