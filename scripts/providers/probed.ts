/**
 * `data/probed.json`: what the servers of the database were like when `npm run data:probe` last
 * examined them, by `host:port/encryption`. docs/providers.md describes it.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compareText } from '../../src/model/compare-text.ts';
import type { ProbeOutcome } from '../../src/probe/result.ts';
import { oneLine } from './format.ts';

export const PROBED_FILE: string = fileURLToPath(
  new URL('../../data/probed.json', import.meta.url),
);

/** The probe's own words; `verified` is an `ok` over TLS, so that `ok` is left for plaintext. */
export type ProbedOutcome = ProbeOutcome | 'verified';

/** What one examination saw. */
export interface Finding {
  readonly outcome: ProbedOutcome;
  /** In words, for people; absent where nothing is wrong. */
  readonly reason?: string;
  /** `TLSv1.3` */
  readonly protocol?: string;
  /** The mechanisms offered, sorted; absent where the conversation did not come so far. */
  readonly auth?: readonly string[];
  readonly certificate?: {
    /** Of subjectAltName, sorted. */
    readonly names: readonly string[];
    /** `CertificateProblem`; null where the certificate is good for the host. */
    readonly problem: string | null;
  };
}

export interface Probed extends Finding {
  /** When the server was last examined, as YYYY-MM-DD (UTC). */
  readonly date: string;
  /** From when on every examination has come to this outcome. */
  readonly since: string;
  /** When it was last seen verified, where it is not so now. */
  readonly lastVerified?: string;
}

/** By `endpointKey`. */
export type ProbedServers = ReadonlyMap<string, Probed>;

/** What can be the matter with a server; null where nothing is. */
export type Trouble = 'dead' | 'turned-away' | 'tls' | 'auth';

const troubles: { readonly [O in ProbedOutcome]: Trouble | null } = {
  verified: null,
  ok: null,
  dns: 'dead',
  refused: 'dead',
  timeout: 'dead',
  unreachable: 'dead',
  protocol: 'turned-away',
  tls: 'tls',
  certificate: 'tls',
  'no-auth': 'auth',
};

export function troubleOf({ outcome }: Finding): Trouble | null {
  return troubles[outcome];
}

/** @throws Error that names the file and the server, when it is not such a file */
export function readProbed(file: string = PROBED_FILE): ProbedServers {
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isObject(content)) throw new Error(`${file} is no object`);
  return new Map(
    Object.entries(content).map(([key, value]) => {
      if (!isProbed(value)) throw new Error(`${file} has no usable result for ${key}`);
      return [key, value];
    }),
  );
}

/** One server a line, sorted, so that diffs read well. */
export function formatProbed(servers: ProbedServers): string {
  const lines = [...servers]
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, probed]) => `  ${JSON.stringify(key)}: ${oneLine(inOrder(probed))}`);
  return lines.length === 0 ? '{}\n' : `{\n${lines.join(',\n')}\n}\n`;
}

/** The file is whole at every moment, whenever the process ends. */
export function writeProbed(servers: ProbedServers, file: string = PROBED_FILE): void {
  const unfinished = `${file}.${process.pid}.tmp`;
  writeFileSync(unfinished, formatProbed(servers));
  renameSync(unfinished, file);
}

function inOrder(probed: Probed): Probed {
  const { date, since, outcome, reason, lastVerified, protocol, auth, certificate } = probed;
  return {
    date,
    since,
    outcome,
    ...(reason !== undefined && { reason }),
    ...(lastVerified !== undefined && { lastVerified }),
    ...(protocol !== undefined && { protocol }),
    ...(auth && { auth }),
    ...(certificate && { certificate }),
  };
}

function isProbed(value: unknown): value is Probed {
  if (!isObject(value)) return false;
  const { date, since, outcome, reason, lastVerified, protocol, auth, certificate } = value;
  return (
    [date, since].every(isDate) &&
    typeof outcome === 'string' &&
    Object.hasOwn(troubles, outcome) &&
    [reason, protocol].every((text) => text === undefined || typeof text === 'string') &&
    (lastVerified === undefined || isDate(lastVerified)) &&
    (auth === undefined || isTexts(auth)) &&
    (certificate === undefined || isCertificate(certificate))
  );
}

function isCertificate(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { names, problem } = value;
  return isTexts(names) && (problem === null || typeof problem === 'string');
}

function isDate(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
