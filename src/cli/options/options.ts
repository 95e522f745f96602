/** Options checked: what the user typed becomes what the engine takes, or one line that says why not. */
import type { FindOptions, Named, SessionOptions } from '../../api/session.ts';
import { timeLimits } from '../../model/time-limits.ts';
import { isPublicWebUrl, withoutCredentials } from '../../model/url.ts';
import type { Field } from '../../render/fields.ts';
import type { Checks } from '../checks/checks.ts';
import { parseConditions } from '../checks/conditions.ts';
import { parseExpectations } from '../checks/expectation.ts';
import { DEFAULT_CONCURRENCY } from '../config/settings.ts';
import { contradiction, invalidValue, usageError } from '../errors.ts';
import { refuseContradictions } from './contradictions.ts';
import { checkFields } from './fields-option.ts';
import { checkLogin, type LoginOptions } from './login-options.ts';
import { checkNamed } from './named-options.ts';
import { formatNames, type RawOptions, type Shell, shells, sourceNames } from './table.ts';

export interface CliOptions {
  /** One of `formatNames`. */
  readonly format: string;
  /** What to show of each answer; null for all of it. */
  readonly fields: readonly Field[] | null;
  /** A file for the results; null for stdout. */
  readonly output: string | null;
  /** Whether TSV begins with the names of its columns: a table, rather than values for a shell. */
  readonly header: boolean;
  readonly all: boolean;
  readonly explain: boolean;
  readonly quiet: boolean;
  /** Show the SMTP conversations. */
  readonly verbose: boolean;
  readonly color: boolean;
  readonly progress: boolean;
  /** Null where servers are to be found. */
  readonly named: Named | null;
  readonly concurrency: number;
  readonly ordered: boolean;
  /** Earlier output to continue. */
  readonly resume: string | null;
  readonly checks: Checks;
  /** Files for monitors. */
  readonly junit: string | null;
  readonly prometheus: string | null;
  /** Null unless credentials are to be tried. */
  readonly login: LoginOptions | null;
  /** Whether an answer can be verified at all, which the exit code depends on. */
  readonly probing: boolean;
  readonly session: SessionOptions;
  readonly find: FindOptions;
}

const MAX_CONCURRENCY = 256;
const MAX_TIMEOUT = timeLimits.longestQuery.command / 1000; // seconds

/**
 * Files and addresses are left to the session, which reads them.
 * @throws SmtpFindError `bad-option`
 */
export function checkOptions(raw: RawOptions, env: NodeJS.ProcessEnv): CliOptions {
  if (raw.ipv4 && raw.ipv6) throw contradiction('-4', '-6', 'expected one of them');
  const timeoutMs = raw.timeout === undefined ? undefined : milliseconds(raw.timeout);
  const only = raw.only && sources('--only', raw.only);
  const skip = raw.skip && sources('--skip', raw.skip);
  const chosen = format(raw);
  if (raw.resume !== undefined && chosen !== 'json') {
    throw usageError('--resume continues JSON, one result a line: expected --json as well');
  }
  const checks: Checks = {
    required: parseConditions(raw.require ?? []),
    expected: parseExpectations(raw.expect ?? []),
  };
  refuseContradictions({ raw, only, skip, checks });
  const fields = checkFields(raw.fields);
  const wants = (...names: readonly string[]): boolean =>
    fields?.some(({ name }) => names.includes(name)) === true;
  if (fields && chosen !== 'tsv' && chosen !== 'json') {
    throw contradiction('--fields', `--format ${chosen}`, 'expected tsv or json');
  }
  if (fields && raw.resume !== undefined) {
    throw contradiction('--fields', '--resume', 'only whole results go on');
  }
  return {
    format: chosen,
    fields,
    output: outputFile(raw),
    header: raw.format === 'tsv',
    all: raw.all === true,
    explain: raw.explain === true,
    quiet: raw.quiet === true,
    verbose: raw.verbose === true,
    color: raw.color,
    progress: raw.progress && raw.quiet !== true,
    named: checkNamed(raw),
    concurrency: raw.concurrency === undefined ? DEFAULT_CONCURRENCY : jobs(raw.concurrency),
    ordered: raw.unordered !== true,
    resume: raw.resume ?? null,
    checks,
    junit: fileOf('--junit', raw.junit),
    prometheus: fileOf('--prometheus', raw.prometheus),
    login: checkLogin(raw),
    probing: raw.probe && raw.offline !== true,
    session: {
      env,
      ...(raw.resolver && { resolver: [...raw.resolver] }),
      ...(raw.connectTo && { connectTo: [...raw.connectTo] }),
      ...(raw.cacert && { cacert: [...raw.cacert] }),
      ...((raw.ipv4 || raw.ipv6) && { family: raw.ipv4 ? 4 : 6 }),
      ...(raw.publicOnly && { publicOnly: true }),
      ...(raw.proxy !== undefined && { proxy: raw.proxy }),
      ...(raw.ispdb !== undefined && { ispdbUrl: webUrl('--ispdb', raw.ispdb) }),
    },
    find: {
      probe: raw.probe,
      offline: raw.offline === true,
      // What would be empty without is asked for by its name.
      all: raw.all === true || wants('alternatives'),
      explain: raw.explain === true || wants('because', 'sources'),
      sendAddress: raw.sendAddress === true,
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(only && { only }),
      ...(skip && { skip }),
    },
  };
}

/** @throws SmtpFindError `bad-option` */
export function checkShell(text: string): Shell {
  const shell = shells.find((known) => known === text);
  if (!shell) throw invalidValue('--completion', text, `one of ${shells.join(', ')}`);
  return shell;
}

/** @throws SmtpFindError `bad-option` */
export function format({ json, format, fields }: RawOptions): string {
  if (format === undefined) return json ? 'json' : fields ? 'tsv' : 'text';
  if (!formatNames.includes(format)) {
    throw invalidValue('--format', format, `one of ${formatNames.join(', ')}`);
  }
  if (json && format !== 'json') {
    throw contradiction('--json', `--format ${format}`, 'expected one of them');
  }
  return format;
}

/**
 * @returns null for stdout
 * @throws SmtpFindError `bad-option`
 */
export function outputFile({ output }: RawOptions): string | null {
  return output === '-' ? null : fileOf('--output', output);
}

/** Not stdout, where the results are. */
function fileOf(option: string, path: string | undefined): string | null {
  if (path === '-' || path === '') throw invalidValue(option, path, 'the name of a file');
  return path ?? null;
}

function milliseconds(text: string): number {
  const seconds = decimal(text);
  if (!(seconds > 0 && seconds <= MAX_TIMEOUT)) {
    throw invalidValue(
      '--timeout',
      text,
      `a number of seconds, more than 0 and at most ${MAX_TIMEOUT}`,
    );
  }
  return Math.max(1, Math.round(seconds * 1000));
}

function jobs(text: string): number {
  const count = decimal(text);
  if (!(Number.isInteger(count) && count >= 1 && count <= MAX_CONCURRENCY)) {
    throw invalidValue('--concurrency', text, `a whole number from 1 to ${MAX_CONCURRENCY}`);
  }
  return count;
}

/** Plain decimals only: Number() would also take "", "0x10" and "1e3". */
function decimal(text: string): number {
  return /^(?:\d+\.?\d*|\.\d+)$/.test(text.trim()) ? Number(text) : Number.NaN;
}

function sources(option: string, values: readonly string[]): string[] {
  const names = values
    .flatMap((value) => value.split(','))
    .map((name) => name.trim().toLowerCase());
  for (const name of names) {
    if (!sourceNames.some((known) => known === name)) {
      throw invalidValue(option, name, `some of ${sourceNames.join(', ')}`);
    }
  }
  return names;
}

function webUrl(option: string, text: string): string {
  if (isPublicWebUrl(text)) return text;
  const shown = withoutCredentials(text);
  const expected = /^https?:/i.test(text) && shown !== text ? PUBLIC : WEB;
  throw invalidValue(option, shown, expected);
}

const WEB = 'a URL that begins with https:// or http://';
const PUBLIC = 'a URL without a user name or password';
