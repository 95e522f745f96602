/** What monitors are told of an answer, and no more: a batch may be long. */
import { whyNotVerified } from '../../report/not-verified.ts';
import type { Report, ReportedCheck } from '../../report/report.ts';
import type { Judged } from '../batch.ts';

export interface Monitored {
  readonly query: string;
  /** A-labels; null for bad input, and for a provider that was named alone. */
  readonly domain: string | null;
  readonly status: Report['status'];
  /** What this query alone would exit with. */
  readonly exitCode: number;
  /** Why that is not 0, the first reason first. */
  readonly reasons: readonly string[];
  readonly checks: readonly ReportedCheck[];
  /** In milliseconds since 1970; null where no certificate was seen. */
  readonly certificateEnds: number | null;
  readonly durationMs: number;
}

export function monitored({ report, exitCode, failed }: Judged): Monitored {
  const end = report.settings?.tls?.certificate?.validTo;
  return {
    query: report.query,
    domain: report.domain,
    status: report.status,
    exitCode,
    reasons: exitCode === 0 ? [] : [...reasonsOf(report), ...failed],
    checks: report.checks,
    certificateEnds: end === undefined ? null : Date.parse(end),
    durationMs: report.durationMs,
  };
}

function reasonsOf(report: Report): readonly string[] {
  const { status, warnings, login } = report;
  switch (status) {
    case 'verified':
      return login === null || login.outcome === 'accepted'
        ? []
        : warnings.flatMap(({ code, message }) => (code.startsWith('login-') ? [message] : []));
    case 'unverified':
      return [`not verified. ${whyNotVerified(report)?.message ?? ''}`.trim()];
    case 'not-found':
      return [`no settings found. ${whyNotVerified(report)?.message ?? ''}`.trim()];
    case 'error':
      return [warnings[0]?.message ?? 'not understood'];
  }
}
