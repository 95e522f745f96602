/** The names that a host is a CNAME to. */
import { normaliseHost } from '../../model/domain.ts';
import type { Network } from '../../net/network.ts';

export type AliasResult =
  | {
      readonly kind: 'names';
      /** Next first; empty for a host that is no alias. */
      readonly names: readonly string[];
      /** DNSSEC-validated. */
      readonly authentic: boolean;
    }
  | { readonly kind: 'failed'; readonly detail: string; readonly reached: boolean };

const MAX_ALIASES = 4;

/** @throws the signal's reason */
export async function readAliases(
  host: string,
  network: Network,
  signal: AbortSignal,
): Promise<AliasResult> {
  const names: string[] = [];
  let authentic = true;
  for (let name = host; names.length < MAX_ALIASES; ) {
    const answer = await network.dns.query(name, 'CNAME', signal);
    if (answer.kind === 'failed') {
      return { kind: 'failed', detail: answer.detail, reached: answer.reached };
    }
    const target = answer.kind === 'records' ? normaliseHost(answer.records[0] ?? '') : null;
    if (target === null || target === host || names.includes(target)) break;
    authentic &&= answer.authentic;
    names.push(target);
    name = target;
  }
  return { kind: 'names', names, authentic: authentic && names.length > 0 };
}
