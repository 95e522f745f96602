/** `--resume`: what earlier output in NDJSON answers, so that only the rest is asked. */
import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { SmtpFindError } from '../../model/errors.ts';
import { printable } from '../../model/printable.ts';
import type { ReportedProvider, Settings } from '../../report/report.ts';
import { type Checks, judge } from '../checks/checks.ts';
import type { Checked } from '../checks/conditions.ts';
import { unreadableFile, usageError } from '../errors.ts';
import { exitCodes, type Outcome, worse } from '../exit-codes.ts';
import { readLines } from './lines.ts';
import type { Input } from './queries.ts';

/** Characters; a report with `--all --explain` stays far below. */
const LONGEST_REPORT = 16 * 1024 * 1024;

export interface Earlier {
  /** The worst of the answers that are kept, as if they had been given now. */
  readonly exitCode: number;
  readonly answered: number;
  /** Whether a query has its answer; each answer stands for one occurrence of its query. */
  take(input: Input): boolean;
}

type EarlierReport = Outcome & Checked;

/**
 * Reads the file as it is now: it may grow while we append to it. A last line that was cut, by an
 * interruption or a full disk, counts for nothing; so does an answer given without any network.
 * @param mayBeMissing that it is not there yet means that nothing is answered
 * @throws SmtpFindError `unreadable-file`; `bad-option` when it holds anything but our results
 */
export async function readEarlier(
  file: string,
  options: { readonly checks: Checks; readonly probing: boolean },
  mayBeMissing = false,
): Promise<Earlier> {
  const now = new Date();
  const left = new Map<string, number>();
  let exitCode: number = exitCodes.verified;
  let answered = 0;
  let number = 0;
  try {
    const size = await sizeOf(file, mayBeMissing);
    const bytes = size === 0 ? [] : createReadStream(file, { end: size - 1 });
    for await (const { text, ended } of readLines(stream(bytes), LONGEST_REPORT)) {
      number++;
      if (text.trim() === '') continue;
      const report = parse(text);
      if (report === null) {
        if (!ended) break;
        const shown = printable(file, 200);
        throw usageError(
          `--resume cannot use ${shown}: line ${number} is no result of smtp-find --json`,
        );
      }
      if (saysNothing(report)) continue;
      answered++;
      left.set(report.query, (left.get(report.query) ?? 0) + 1);
      exitCode = worse(exitCode, judge(report, options, now).exitCode);
    }
  } catch (error) {
    throw error instanceof SmtpFindError ? error : unreadableFile(file, error);
  }
  return {
    exitCode,
    answered,
    take({ text }) {
      const query = printable((text ?? '').trim());
      const count = left.get(query) ?? 0;
      if (count > 1) left.set(query, count - 1);
      else left.delete(query);
      return count > 0;
    },
  };
}

/** @param onAnswered called for each input that needs no work */
export async function* unanswered(
  inputs: AsyncIterable<Input>,
  earlier: Earlier,
  onAnswered: (input: Input) => void,
): AsyncGenerator<Input> {
  for await (const input of inputs) {
    if (earlier.take(input)) onAnswered(input);
    else yield input;
  }
}

async function sizeOf(file: string, mayBeMissing: boolean): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (mayBeMissing && (error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

async function* stream(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

function parse(line: string): EarlierReport | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { version, query, status, warnings, login, ...rest } = value as Record<string, unknown>;
  const known = status === 'verified' || status === 'unverified';
  if (version !== 1 || typeof query !== 'string' || !areWarnings(warnings)) return null;
  if (!known && status !== 'not-found' && status !== 'error') return null;
  // Somebody may have kept only some of the fields.
  const { email = null, complete = true, settings = null, provider = null } = rest;
  if (!(email === null || typeof email === 'string') || typeof complete !== 'boolean') return null;
  if (!(settings === null || isSettings(settings))) return null;
  if (!(provider === null || isProvider(provider))) return null;
  const checked = { query, email, status, complete, settings, provider, warnings } as const;
  return { ...checked, login: loginOf(login) };
}

/** What `--require` and `--expect` look at. */
function isSettings(value: unknown): value is Settings {
  if (!isObject(value)) return false;
  const { host, port, encryption, auth, username, evidence, tls } = value as Partial<Settings>;
  return (
    [host, encryption, username].every((text) => typeof text === 'string') &&
    typeof port === 'number' &&
    Array.isArray(auth) &&
    auth.every((name) => typeof name === 'string') &&
    Array.isArray(evidence) &&
    evidence.every(isObject) &&
    (tls === undefined || tls === null || hasDates(tls.certificate))
  );
}

function hasDates(certificate: unknown): boolean {
  if (certificate === undefined || certificate === null) return true;
  return (
    isObject(certificate) && 'validTo' in certificate && typeof certificate.validTo === 'string'
  );
}

function isProvider(value: unknown): value is ReportedProvider {
  return isObject(value) && 'id' in value && (value.id === null || typeof value.id === 'string');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function areWarnings(value: unknown): value is EarlierReport['warnings'] {
  return Array.isArray(value) && value.every((one) => isObject(one) && 'code' in one);
}

function loginOf(value: unknown): EarlierReport['login'] {
  const outcome =
    typeof value === 'object' ? (value as { outcome?: unknown } | null)?.outcome : null;
  switch (outcome) {
    case 'accepted':
    case 'refused':
    case 'temporary':
    case 'not-tried':
      return { outcome };
    default:
      return null;
  }
}

function saysNothing({ warnings }: EarlierReport): boolean {
  return warnings.some(({ code }) => code === 'network-unreachable' || code === 'resolver-failed');
}

/**
 * What must be written before the next line, when output is appended to the file that is resumed:
 * a cut line at its end is cut off altogether, a whole one only lacks its end.
 */
export async function mendEnd(file: string): Promise<'' | '\n'> {
  let handle: FileHandle | undefined;
  try {
    if ((await sizeOf(file, true)) === 0) return '';
    handle = await open(file, 'r+');
    const { size } = await handle.stat();
    let end = size;
    let tail = '';
    // Backwards to the last end of line.
    while (end > 0) {
      const start = Math.max(0, end - CHUNK);
      const { buffer } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
      const at = buffer.lastIndexOf(0x0a);
      tail = buffer.toString('latin1', at + 1) + tail;
      end = at === -1 ? start : start + at + 1;
      if (at !== -1) break;
    }
    if (end === size) return '';
    if (parse(Buffer.from(tail, 'latin1').toString()) !== null) return '\n';
    await handle.truncate(end);
    return '';
  } catch {
    // Not ours to change: better a broken line than two answers on one.
    return '\n';
  } finally {
    await handle?.close();
  }
}

const CHUNK = 64 * 1024;
