/** DNS records as sources use them: MX, and SRV of submission services (RFC 6186, RFC 8314 §5.1). */
import { compareText } from '../../model/compare-text.ts';
import { isAddress, normaliseHost } from '../../model/domain.ts';
import { warning } from '../../model/warnings.ts';
import type { DnsRecords, DnsType } from '../../net/network.ts';
import type { Nothing, Result } from '../answer.ts';
import type { LookupContext } from '../source.ts';
import { parsePort } from './field-parsers.ts';

/** What the usable records of a name say. */
export type Records<T> = Result<{
  /** Never empty. */
  readonly records: readonly T[];
  /** DNSSEC-validated. */
  readonly authentic: boolean;
}>;

type DnsContext = Pick<LookupContext, 'network' | 'signal'>;

/**
 * @param read the usable records, or what they say that is no record
 * @throws the signal's reason
 */
export async function readRecords<T extends DnsType, R>(
  name: string,
  type: T,
  { network, signal }: DnsContext,
  read: (records: readonly DnsRecords[T][]) => readonly R[] | Nothing,
): Promise<Records<R>> {
  const answer = await network.dns.query(name, type, signal);
  switch (answer.kind) {
    case 'failed': {
      const { detail, reached } = answer;
      return { outcome: 'failed', detail, temporary: true, reached, noWebServer: true };
    }
    case 'none':
      return noRecord(answer.detail);
    case 'records': {
      const records = read(answer.records);
      if ('outcome' in records) return records;
      if (records.length === 0) return noRecord('no usable record');
      return { outcome: 'found', records, authentic: answer.authentic };
    }
  }
}

export function noRecord(detail: string): Nothing {
  return { outcome: 'nothing', detail, noWebServer: true };
}

/**
 * The mail exchangers that share the lowest preference, by name. A null MX is nothing, with a
 * warning.
 * @throws the signal's reason
 */
export function readMx(domain: string, context: DnsContext): Promise<Records<string>> {
  return readRecords(domain, 'MX', context, (records) => {
    // Beside other records the root is a mistake and means nothing (RFC 7505 §3).
    if (areAllRoot(records.map(({ exchange }) => exchange))) {
      const warnings = [warning('null-mx', { domain })];
      return { ...noRecord('null MX: it receives no mail (RFC 7505)'), warnings };
    }
    const usable = records.flatMap(({ preference, exchange }) => {
      const host = normaliseHost(exchange);
      return host === null ? [] : [{ preference, host }];
    });
    const lowest = Math.min(...usable.map(({ preference }) => preference));
    const best = usable.filter(({ preference }) => preference === lowest);
    return [...new Set(best.map(({ host }) => host))].sort(compareText);
  });
}

/** Implicit TLS first, as RFC 8314 §3.3 prefers it; the last never was a standard. */
export const SUBMISSION_SERVICES = ['_submissions', '_submission', '_smtps'] as const;
export type SubmissionService = (typeof SUBMISSION_SERVICES)[number];

export interface SrvTarget {
  readonly host: string;
  readonly port: number;
  readonly encryption: 'tls' | 'starttls';
}

const MAX_TARGETS = 16;

export function srvName(service: SubmissionService, domain: string): string {
  return `${service}._tcp.${domain}`;
}

/**
 * The servers of a service, each once, in the order of `usableTargets`. The target `.` denies the service
 * (RFC 2782).
 * @throws the signal's reason
 */
export function readSubmissionSrv(
  service: SubmissionService,
  domain: string,
  context: DnsContext,
): Promise<Records<SrvTarget>> {
  return readRecords(srvName(service, domain), 'SRV', context, (records) => {
    if (areAllRoot(records.map(({ target }) => target))) {
      const detail = 'target ".": the domain says that it has no such service';
      return { ...noRecord(detail), denies: service };
    }
    const targets = new Map<string, SrvTarget>();
    for (const { host, port } of usableTargets(records)) {
      const key = `${host}:${port}`;
      if (!targets.has(key)) {
        targets.set(key, { host, port, encryption: encryptionOf(service, port) });
      }
    }
    return [...targets.values()].slice(0, MAX_TARGETS);
  });
}

/**
 * By priority, then weight descending, then name and port. Drawing lots, as RFC 2782 has it, would
 * answer differently every time. An address is no target (RFC 2782).
 */
export function usableTargets(
  records: readonly DnsRecords['SRV'][],
): readonly Omit<SrvTarget, 'encryption'>[] {
  const ordered = records.toSorted(
    (a, b) =>
      a.priority - b.priority ||
      b.weight - a.weight ||
      compareText(a.target, b.target) ||
      a.port - b.port,
  );
  return ordered.flatMap(({ target, port }) => {
    const host = isRoot(target) ? null : normaliseHost(target);
    const usable = host !== null && !isAddress(host) && parsePort(String(port)) !== null;
    return usable ? [{ host, port }] : [];
  });
}

function areAllRoot(names: readonly string[]): boolean {
  return names.length > 0 && names.every(isRoot);
}

function isRoot(name: string): boolean {
  return name === '' || name === '.';
}

function encryptionOf(service: SubmissionService, port: number): SrvTarget['encryption'] {
  // 465 is implicit TLS by registration, and this slip is common.
  return service === '_submission' && port !== 465 ? 'starttls' : 'tls';
}
