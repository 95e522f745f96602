/** What monitors are told of an answer, and no more: a batch may be long. */
import type { Report, ReportedCheck } from '../../report/report.ts';
import type { Judged } from '../batch.ts';
import { exitCodes } from '../exit-codes.ts';
import { shortcomings } from '../output/shortcomings.ts';

export interface Monitored {
  readonly query: string;
  /** A-labels; null for bad input, and for a provider that was named alone. */
  readonly domain: string | null;
  readonly status: Report['status'];
  /** What this query alone would exit with. */
  readonly exitCode: number;
  /** The same without its checks. */
  readonly answerCode: number;
  /** Why that is not 0, the first reason first. */
  readonly reasons: readonly string[];
  readonly checks: readonly ReportedCheck[];
  /** In milliseconds since 1970; null where no certificate was seen. */
  readonly certificateEnds: number | null;
  readonly durationMs: number;
}

export function monitored({ report, exitCode, answerCode, failed }: Judged): Monitored {
  const end = report.settings?.tls?.certificate?.validTo;
  return {
    query: report.query,
    domain: report.domain,
    status: report.status,
    exitCode,
    answerCode,
    reasons: [...(answerCode === exitCodes.verified ? [] : shortcomings(report)), ...failed],
    checks: report.checks,
    certificateEnds: end === undefined ? null : Date.parse(end),
    durationMs: report.durationMs,
  };
}
