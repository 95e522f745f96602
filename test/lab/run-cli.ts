/** Runs the real, built CLI as a child process in a clean environment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../bin/smtp-find.js', import.meta.url));
const BUILT = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface CliOptions {
  /** Its arguments come before the others. */
  readonly lab?: { readonly args: readonly string[] };
  /** Written to stdin, which is then closed; default: an empty stdin. */
  readonly stdin?: string;
  /** On top of a clean environment without colour; `undefined` removes. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Then it is killed, which shows as the signal SIGKILL; default 30 s. */
  readonly timeoutMs?: number;
}

export interface CliResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  /** The one line of JSON on stdout. */
  json(): unknown;
  /** Every line of stdout as JSON. */
  ndjson(): unknown[];
}

export interface RunningCli {
  readonly child: ChildProcess;
  readonly result: Promise<CliResult>;
}

export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return startCli(args, options).result;
}

/** For tests that send signals or talk to the process meanwhile. */
export function startCli(args: readonly string[], options: CliOptions = {}): RunningCli {
  if (!existsSync(BUILT)) throw new Error('dist/cli/main.js is missing: run `npm run build` first');
  const started = performance.now();
  const child = spawn(process.execPath, [LAUNCHER, ...(options.lab?.args ?? []), ...args], {
    env: environment(options.env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {}); // It may leave without reading.
  child.stdin.end(options.stdin ?? '');
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
    });
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 30_000);

  const result = new Promise<CliResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve(resultOf({ code, signal, ...output, durationMs: performance.now() - started }));
    });
  });
  return { child, result };
}

export function resultOf(ended: Omit<CliResult, 'json' | 'ndjson'>): CliResult {
  const lines = (): string[] => ended.stdout.split('\n').filter((line) => line !== '');
  return {
    ...ended,
    json: () => JSON.parse(ended.stdout) as unknown,
    ndjson: () => lines().map((line) => JSON.parse(line) as unknown),
  };
}

/** Nothing of the user's: no proxies, certificates, colours or settings. */
export function environment(extra: CliOptions['env'] = {}): NodeJS.ProcessEnv {
  const own = {
    PATH: process.env.PATH,
    SystemRoot: process.env.SystemRoot,
    HOME: tmpdir(),
    LANG: 'C.UTF-8',
    NO_COLOR: '1',
    ...extra,
  };
  return Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
}
