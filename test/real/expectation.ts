/** What a run of the program should say, and in which way it said something else. */
import { isDeepStrictEqual } from 'node:util';
import type { Report, ReportedLogin } from '../../src/report/report.ts';
import type { Run } from './program.ts';

export interface Expected {
  readonly exit: number;
  readonly status: Report['status'];
  /** `host:port encryption`; null when nothing should be found. */
  readonly server: string | null;
  /** All of them, in any order. */
  readonly warnings: readonly string[];
  /** Default true. */
  readonly complete?: boolean;
  // The rest is looked at only where it is stated.
  readonly source?: string;
  readonly trust?: 'secure' | 'insecure';
  readonly auth?: readonly string[];
  readonly username?: string;
  readonly protocol?: string;
  readonly problem?: string | null;
  readonly login?: LoginFacts;
  /** In the sentence of some warning. */
  readonly says?: RegExp;
  /** In none. */
  readonly saysNot?: RegExp;
  /** Until the answer. */
  readonly withinMs?: number;
}

/** To start and to end the process, on a busy machine. */
const START_AND_END_MS = 4000;
/** A login is no part of the answer's time; Courier holds back each reply after a refusal. */
const LOGIN_MS = 12_000;

type Facts = Omit<Expected, 'withinMs' | 'says' | 'saysNot'>;
type LoginFacts = Pick<ReportedLogin, 'outcome' | 'maySendAs'>;

/** One line for each thing that is otherwise than expected. */
export function differences(
  run: Run,
  expected: Expected,
  isValid: (json: unknown) => string[],
): string[] {
  let report: Report;
  try {
    report = JSON.parse(run.stdout) as Report;
  } catch {
    return [`no JSON on stdout (exit ${run.code}): ${run.stdout}${run.stderr}`.trim()];
  }
  const found: string[] = isValid(report).map((complaint) => `schema: ${complaint}`);
  const facts = factsOf(run.code, report);
  const { withinMs = 10_500, says, saysNot, ...wanted } = expected;
  const complete: Facts = { complete: true, ...wanted, warnings: [...wanted.warnings].sort() };
  for (const name of Object.keys(complete) as (keyof Facts)[]) {
    if (!isDeepStrictEqual(facts[name], complete[name])) {
      found.push(`${name}: expected ${show(complete[name])}, got ${show(facts[name])}`);
    }
  }
  const sentences = report.warnings.map(({ message }) => message);
  if (says && !sentences.some((sentence) => says.test(sentence))) {
    found.push(`no warning says ${says}: ${show(sentences)}`);
  }
  for (const sentence of sentences.filter((text) => saysNot?.test(text))) {
    found.push(`a warning says ${saysNot}: ${sentence}`);
  }
  if (report.durationMs > withinMs) {
    found.push(`took ${report.durationMs} ms, expected at most ${withinMs}`);
  }
  const rest = Math.round(run.durationMs - report.durationMs);
  const restMs = START_AND_END_MS + (report.login ? LOGIN_MS : 0);
  if (rest > restMs) {
    found.push(`the process took ${rest} ms more than its answer, expected ${restMs}`);
  }
  if (run.stderr !== '') found.push(`stderr: ${run.stderr.trim()}`);
  return found;
}

export function factsOf(exit: number, report: Report): Record<keyof Facts, unknown> {
  const { settings, login } = report;
  return {
    exit,
    status: report.status,
    complete: report.complete,
    server: settings && `${settings.host}:${settings.port} ${settings.encryption}`,
    warnings: report.warnings.map(({ code }) => code).sort(),
    source: settings?.evidence[0]?.source,
    trust: settings?.evidence[0]?.trust,
    auth: settings?.auth,
    username: settings?.username,
    protocol: settings?.tls?.protocol,
    problem: settings?.tls?.certificate?.problem,
    login: login && { outcome: login.outcome, maySendAs: login.maySendAs },
  };
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
