/**
 * smtp-find: with which settings can mail be sent from an address?
 *
 * `findSmtp` answers one question; a session shares what it learns among many.
 */
import type { Report } from './report/report.ts';
import { createSession, type FindOptions, type SessionOptions } from './session.ts';

export type { Encryption, SourceName } from './candidate.ts';
export type { ProgressEvent } from './discover.ts';
export { type ErrorCode, SmtpFindError } from './errors.ts';
export { type Finding, type FindingCode, findingCodes } from './findings.ts';
export type { AskForSecret, LoginRequest, Secret } from './login-request.ts';
export { parseQuery, type Query } from './query.ts';
export type {
  Alternative,
  Report,
  ReportedEvidence,
  ReportedLogin,
  ReportedProbe,
  ReportedProvider,
  ReportedSource,
  ReportedTls,
  Settings,
} from './report/report.ts';
export { createSession, type FindOptions, type Session, type SessionOptions } from './session.ts';

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
