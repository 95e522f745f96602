/**
 * A resolver that answers "no such name" to everything, as behind a captive portal or in a sandbox:
 * what it says is nothing about the domain. Asked only when nothing at all was found.
 */
import { timeLimits } from '../model/time-limits.ts';
import type { Network } from '../net/network.ts';
import { withinBudget } from '../net/time.ts';
import { DEFAULT_ISPDB } from '../sources/autoconfig.ts';
import type { Discovery } from './discovery.ts';

/** Nothing was found in the DNS, not even a server that was named, and no peer was reached. */
export function isSuspicious({ lookups, ranked, winner, offline }: Discovery): boolean {
  if (offline || winner?.verified) return false;
  const asked = lookups.filter(({ over, answer }) => over === 'dns' && answer !== null);
  return (
    (asked.length > 0 || ranked.some(({ probe }) => probe !== undefined)) &&
    asked.every(({ answer }) => answer?.outcome === 'nothing') &&
    !lookups.some(({ over, answer }) => over === 'http' && answer?.outcome === 'found') &&
    ranked.every(({ probe }) => probe === undefined || probe.outcome === 'dns')
  );
}

/** Names that exist wherever the DNS does, beside the domain's own top-level domain. */
const CERTAIN = ['a.root-servers.net', new URL(DEFAULT_ISPDB).hostname];

/**
 * @returns the resolver that denies names which exist; null when it knows any of them, need not, or
 *   does not answer in time
 * @throws the signal's reason
 */
export async function denyingResolver(
  domain: string,
  { dns }: Network,
  signal: AbortSignal,
): Promise<string | null> {
  if (dns.publicResolvers === undefined) return null;
  const topLevel = domain.slice(domain.lastIndexOf('.') + 1);
  const answers = await withinBudget(timeLimits.dnsQuestion.deadline, signal, (limited) =>
    Promise.all([
      // None where only a server or a provider was named.
      ...(topLevel === '' ? [] : [dns.query(topLevel, 'MX', limited)]),
      ...CERTAIN.map((name) => dns.query(name, 'A', limited)),
    ]),
  );
  const denied = answers?.every((answer) => answer.kind === 'none' && answer.reason === 'nxdomain');
  return denied ? dns.publicResolvers : null;
}
