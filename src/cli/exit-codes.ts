/** Exit codes: a promise to scripts. */
import type { Report } from '../report/report.ts';

export const exitCodes = {
  verified: 0,
  notFound: 1,
  badInput: 2,
  unverified: 3,
  loginRefused: 4,
  noNetwork: 5,
  /** A defect of smtp-find itself (EX_SOFTWARE of sysexits.h). */
  internal: 70,
  /** The output could not be written (EX_IOERR). */
  outputFailed: 74,
  interrupted: 130,
} as const;

/** For the end of `--help`. */
export const exitCodeTable: readonly (readonly [number, string])[] = [
  [0, 'verified (or found, when you asked not to probe)'],
  [1, 'nothing found'],
  [2, 'wrong usage or bad input'],
  [3, 'found, but not verified, or --require or --expect not met'],
  [5, 'no network: nothing could be reached'],
  [130, 'interrupted'],
];

const WORST_FIRST: readonly number[] = [70, 2, 5, 4, 1, 3, 0];

/** @param probing false when the user asked for an answer without a probe */
export function exitCodeOf(report: Pick<Report, 'status' | 'warnings'>, probing: boolean): number {
  switch (report.status) {
    case 'verified':
      return exitCodes.verified;
    case 'unverified':
      return probing ? exitCodes.unverified : exitCodes.verified;
    case 'not-found':
      return report.warnings.some(({ code }) => code === 'network-unreachable')
        ? exitCodes.noNetwork
        : exitCodes.notFound;
    case 'error':
      return exitCodes.badInput;
  }
}

/** A condition that is not met spoils an answer that is otherwise good. */
export function withComplaints(code: number, complaints: readonly string[]): number {
  return complaints.length > 0 ? worse(code, exitCodes.unverified) : code;
}

export function worse(a: number, b: number): number {
  return WORST_FIRST.indexOf(a) <= WORST_FIRST.indexOf(b) ? a : b;
}
