/** SRV records of submission services (RFC 6186, RFC 8314 §5.1). */
import { isAddress, normaliseHost } from '../../model/domain.ts';
import type { DnsRecords, Network } from '../../net/network.ts';
import { publishedPort } from './field-parsers.ts';

/** Implicit TLS first, as RFC 8314 §3.3 prefers it; the last never was a standard. */
export const SUBMISSION_SERVICES = ['_submissions', '_submission', '_smtps'] as const;
export type SubmissionService = (typeof SUBMISSION_SERVICES)[number];

export interface SrvTarget {
  readonly host: string;
  readonly port: number;
  readonly encryption: 'tls' | 'starttls';
}

export type SrvResult =
  | {
      readonly kind: 'targets';
      /** By priority, then weight descending, then name and port; each server once. */
      readonly targets: readonly SrvTarget[];
      /** DNSSEC-validated. */
      readonly authentic: boolean;
    }
  /** The domain says that it has no such service (target `.`, RFC 2782). */
  | { readonly kind: 'denied'; readonly authentic: boolean }
  | { readonly kind: 'none'; readonly detail: string }
  | { readonly kind: 'failed'; readonly detail: string; readonly reached: boolean };

const MAX_TARGETS = 16;

export function srvName(service: SubmissionService, domain: string): string {
  return `${service}._tcp.${domain}`;
}

/** @throws the signal's reason */
export async function readSubmissionSrv(
  service: SubmissionService,
  domain: string,
  network: Network,
  signal: AbortSignal,
): Promise<SrvResult> {
  const answer = await network.dns.query(srvName(service, domain), 'SRV', signal);
  if (answer.kind === 'failed') {
    return { kind: 'failed', detail: answer.detail, reached: answer.reached };
  }
  if (answer.kind === 'none') return { kind: 'none', detail: answer.detail };
  const { records, authentic } = answer;
  if (records.length > 0 && records.every((record) => isRoot(record.target))) {
    return { kind: 'denied', authentic };
  }
  const targets = new Map<string, SrvTarget>();
  for (const { target, port } of inOrder(records)) {
    const host = isRoot(target) ? null : normaliseHost(target);
    // An address is no target (RFC 2782).
    if (host === null || isAddress(host) || publishedPort(String(port)) === null) continue;
    const key = `${host}:${port}`;
    if (!targets.has(key)) {
      targets.set(key, { host, port, encryption: encryptionOf(service, port) });
    }
  }
  if (targets.size === 0) return { kind: 'none', detail: 'no usable record' };
  return { kind: 'targets', targets: [...targets.values()].slice(0, MAX_TARGETS), authentic };
}

/**
 * By priority, then weight descending, then name and port. Drawing lots, as RFC 2782 has it, would
 * answer differently every time.
 */
export function inOrder(records: readonly DnsRecords['SRV'][]): readonly DnsRecords['SRV'][] {
  return records.toSorted(
    (a, b) =>
      a.priority - b.priority ||
      b.weight - a.weight ||
      compareText(a.target, b.target) ||
      a.port - b.port,
  );
}

function isRoot(target: string): boolean {
  return target === '' || target === '.';
}

function encryptionOf(service: SubmissionService, port: number): SrvTarget['encryption'] {
  // 465 is implicit TLS by registration, and this slip is common.
  return service === '_submission' && port !== 465 ? 'starttls' : 'tls';
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
