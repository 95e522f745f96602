/** From what a probe saw to the line that is kept of it. Pure. */
import { compareText } from '../../../src/model/compare-text.ts';
import { printable } from '../../../src/model/printable.ts';
import { isVerified, type ProbeResult } from '../../../src/probe/result.ts';
import { type Finding, type Probed, type ProbedServers, troubleOf } from '../probed.ts';
import type { Server } from './servers.ts';

/** Some certificates name every customer. */
const NAMES_KEPT = 100;

export function findingOf(result: ProbeResult): Finding {
  const { outcome, reason, stage, auth, tls } = result;
  const certificate = tls?.certificate;
  const finding: Finding = {
    outcome: isVerified(result) ? 'verified' : outcome,
    ...(tls && { protocol: tls.protocol }),
    ...(stage === 'done' && { auth: [...auth].sort(compareText) }),
    ...(certificate && {
      certificate: {
        names: [...new Set(certificate.names.map((name) => printable(name, 255)))]
          .sort(compareText)
          .slice(0, NAMES_KEPT),
        problem: certificate.problem,
      },
    }),
  };
  return troubleOf(finding) === null ? finding : { ...finding, reason };
}

export function recordOf(finding: Finding, before: Probed | undefined, today: string): Probed {
  const { outcome } = finding;
  const lastVerified = before?.outcome === 'verified' ? before.date : before?.lastVerified;
  return {
    ...finding,
    date: today,
    since: before?.outcome === outcome ? before.since : today,
    ...(outcome !== 'verified' && lastVerified !== undefined && { lastVerified }),
  };
}

/** The file after an examination: results of servers that the database has dropped go with them. */
export function renewed(
  servers: readonly Server[],
  earlier: ProbedServers,
  findings: ReadonlyMap<string, Finding>,
  today: string,
): ProbedServers {
  const records = new Map<string, Probed>();
  for (const { key } of servers) {
    const before = earlier.get(key);
    const finding = findings.get(key);
    const record = finding ? recordOf(finding, before, today) : before;
    if (record) records.set(key, record);
  }
  return records;
}
