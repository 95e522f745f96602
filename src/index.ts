/**
 * smtp-find: with which settings can mail be sent from an address?
 *
 * `findSmtp` answers one question; a session shares what it learns among many.
 */

import { createSession, type FindOptions, type SessionOptions } from './api/session.ts';
import type { Report } from './report/report.ts';

export type { AskForSecret, LoginRequest, Secret, WantedSecret } from './api/login-request.ts';
export {
  createSession,
  type ExamineOptions,
  type FindOptions,
  type Named,
  type Session,
  type SessionOptions,
} from './api/session.ts';
export type { ProgressEvent } from './engine/discover.ts';
export type { SourceName } from './model/candidate.ts';
export type { Encryption } from './model/endpoint.ts';
export { type ErrorCode, SmtpFindError } from './model/errors.ts';
export { parseQuery, type Query } from './model/query.ts';
export { type Warning, type WarningCode, warningCodes } from './model/warnings.ts';
export type {
  Alternative,
  Report,
  ReportedCheck,
  ReportedEvidence,
  ReportedLogin,
  ReportedProbe,
  ReportedProvider,
  ReportedSource,
  ReportedTls,
  Settings,
} from './report/report.ts';
export type { TraceKind, TraceListener, TraceSink } from './smtp/trace.ts';

/**
 * Finds the submission settings for one address or domain.
 *
 * @param input `you@example.com` or `example.com`
 * @throws SmtpFindError for bad input or options; the signal's reason when it is aborted.
 * Failures of the network are part of the report.
 */
export async function findSmtp(
  input: string,
  options: FindOptions & SessionOptions = {},
): Promise<Report> {
  const session = await createSession(options);
  try {
    return await session.find(input, options);
  } finally {
    await session.close();
  }
}
