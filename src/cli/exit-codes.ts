/** Exit codes: a promise to scripts. */
import type { WarningCode } from '../model/warnings.ts';
import type { Report, ReportedLogin, Settings } from '../report/report.ts';

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
  // 128 and the number of the signal, as shells have it.
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

/** What each means: for `--help` and the manual; README.md has the same words. */
export const exitCodeTable: readonly (readonly [number, string])[] = [
  [0, 'verified (or found, when you asked not to probe)'],
  [1, 'nothing found'],
  [2, 'wrong usage or bad input'],
  [3, 'found, not verified; --require or --expect not met; login not tried'],
  [4, 'the login was refused'],
  [5, 'no network: nothing could be reached or looked up'],
  [70, 'a defect of smtp-find: please report it'],
  [74, 'the output could not be written'],
  [129, 'hung up (SIGHUP)'],
  [130, 'interrupted (Ctrl-C, SIGINT)'],
  [143, 'terminated (SIGTERM)'],
];

const WORST_FIRST: readonly number[] = [70, 2, 5, 4, 1, 3, 0];

/** What an exit code depends on. */
export type Outcome = Pick<Report, 'status' | 'warnings'> & {
  readonly login: Pick<ReportedLogin, 'outcome'> | null;
  readonly settings?: Pick<Settings, 'evidence'> | null;
};

/** @param probing false when the user asked for an answer without a probe */
export function exitCodeOf(report: Outcome, probing: boolean): number {
  switch (report.status) {
    case 'verified':
      return loginCode(report.login);
    case 'unverified':
      if (!probing) return exitCodes.verified;
      // That a server or a provider was named is no answer.
      return isCutOff(report) && isNamed(report) ? exitCodes.noNetwork : exitCodes.unverified;
    case 'not-found':
      return isCutOff(report) && !has(report, 'no-submission')
        ? exitCodes.noNetwork
        : exitCodes.notFound;
    case 'error':
      return exitCodes.badInput;
  }
}

const CUT_OFF: readonly WarningCode[] = ['network-unreachable', 'resolver-failed', 'proxy-failed'];

/** Nothing was reached, or nothing could be looked up. */
function isCutOff(report: Outcome): boolean {
  return CUT_OFF.some((code) => has(report, code));
}

function isNamed({ settings }: Outcome): boolean {
  return settings?.evidence[0]?.source === 'given';
}

function has({ warnings }: Outcome, code: WarningCode): boolean {
  return warnings.some((warning) => warning.code === code);
}

function loginCode(login: Outcome['login']): number {
  switch (login?.outcome) {
    case undefined:
    case 'accepted':
      return exitCodes.verified;
    case 'refused':
      return exitCodes.loginRefused;
    case 'temporary':
    case 'not-tried':
      return exitCodes.unverified;
  }
}

export function worse(a: number, b: number): number {
  return WORST_FIRST.indexOf(a) <= WORST_FIRST.indexOf(b) ? a : b;
}
