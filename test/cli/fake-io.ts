/** The command line with a made-up world around it: streams in memory, an engine that obeys the test. */
import { Writable } from 'node:stream';
import type {
  ExamineOptions,
  FindOptions,
  Named,
  Session,
  SessionOptions,
} from '../../src/api/session.ts';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import type { Engine, InputStream, Io } from '../../src/cli/io.ts';
import { run } from '../../src/cli/run.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { parseQuery } from '../../src/model/query.ts';
import { errorReport } from '../../src/report/build-report.ts';
import type { Report } from '../../src/report/report.ts';
import { notFound, unverified, verified } from '../render/samples.ts';

/** Remembers what was written; can refuse, or take its time. */
export class Sink extends Writable {
  text = '';
  readonly isTTY: boolean;
  readonly columns: number = 80;
  readonly #onWrite: (text: string) => Error | Promise<void> | undefined;

  constructor(isTTY = false, onWrite: (text: string) => Error | Promise<void> | undefined = noop) {
    super({ decodeStrings: false, highWaterMark: 1024 });
    this.isTTY = isTTY;
    this.#onWrite = onWrite;
  }

  override _write(chunk: string, _: string, done: (error?: Error) => void): void {
    const effect = chunk === '' ? undefined : this.#onWrite(chunk);
    if (effect instanceof Error) {
      done(effect);
      return;
    }
    this.text += chunk;
    if (effect) effect.then(() => done());
    else done();
  }

  // What a TTY has, and ora calls.
  cursorTo(): boolean {
    return this.write('<cursorTo>');
  }
  clearLine(): boolean {
    return this.write('<clearLine>');
  }
  moveCursor(): boolean {
    return this.write('<moveCursor>');
  }

  lines(): string[] {
    return this.text.split('\n').slice(0, -1);
  }
}

function noop(): undefined {}

export interface World {
  readonly stdin?: string | InputStream;
  readonly stdinIsTTY?: boolean;
  readonly stdout?: Sink;
  readonly stderr?: Sink;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** What a prompt finds; none by default. */
  readonly terminal?: Terminal;
  readonly stdinSize?: number;
  /** The file that stdout is. */
  readonly stdoutFile?: string;
  /** The file that stdin is. */
  readonly stdinFile?: string;
  readonly find?: (input: string, options: FindOptions) => Promise<Report>;
  readonly createSession?: (options: SessionOptions) => Promise<Session>;
}

export interface Examined {
  readonly named: Named;
  readonly input: string | null;
  readonly options: ExamineOptions;
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Options of the one session, undefined when it was never made. */
  readonly session: SessionOptions | undefined;
  readonly finds: readonly { readonly input: string; readonly options: FindOptions }[];
  readonly examined: readonly Examined[];
  readonly closed: number;
}

/** Answers by the domain's first label: `verified`, `unverified`, `nowhere`, `offline`, `broken`. */
export async function answerByName(input: string): Promise<Report> {
  const { domain, email } = parseQuery(input);
  const asked = { query: input.trim(), email, domain };
  switch (domain.split('.')[0]) {
    case 'unverified':
      return { ...unverified, ...asked };
    case 'nowhere':
      return { ...notFound, ...asked };
    case 'offline': {
      const warnings = [{ code: 'network-unreachable', message: 'No network.' }] as const;
      return { ...notFound, ...asked, warnings };
    }
    case 'broken':
      throw new TypeError('oops');
    default:
      return { ...verified, ...asked };
  }
}

export async function runFake(argv: readonly string[], world: World = {}): Promise<Outcome> {
  const stdout = world.stdout ?? new Sink();
  const stderr = world.stderr ?? new Sink();
  const finds: { input: string; options: FindOptions }[] = [];
  const examined: Examined[] = [];
  let session: SessionOptions | undefined;
  let closed = 0;
  const answer = world.find ?? answerByName;
  const fake: Session = {
    async find(input, options = {}) {
      const text = typeof input === 'string' ? input : input.input;
      finds.push({ input: text, options });
      return answer(text, options);
    },
    async examine(named, input, options = {}) {
      const text = typeof input === 'object' ? input.input : input;
      examined.push({ named, input: text ?? null, options });
      return unverified;
    },
    async provider() {
      throw new Error('the command line examines');
    },
    async close() {
      closed++;
    },
  };
  const engine: Engine = {
    async createSession(options) {
      session = options;
      return world.createSession?.(options) ?? fake;
    },
    errorReport,
  };
  const io: Io = {
    stdin: input(world),
    stdout,
    stderr,
    env: world.env ?? { LANG: 'C.UTF-8' },
    signal: world.signal ?? new AbortController().signal,
    terminal() {
      if (!world.terminal) throw new Error('nobody should be asked');
      return world.terminal;
    },
    stdinSize: () => world.stdinSize ?? null,
    isStdout: (file) => file === world.stdoutFile,
    isStdin: (file) => file === world.stdinFile,
    loadEngine: async () => engine,
  };
  const code = await run(argv, io);
  return { code, stdout: stdout.text, stderr: stderr.text, session, finds, examined, closed };
}

function input({ stdin = '', stdinIsTTY = false }: World): InputStream {
  return typeof stdin === 'string' ? textInput(stdin, stdinIsTTY) : stdin;
}

export function textInput(text: string, isTTY = false): InputStream {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    // Cut small, through characters and line ends.
    const bytes = new TextEncoder().encode(text);
    for (let i = 0; i < bytes.length; i += 7) yield bytes.subarray(i, i + 7);
  }
  return Object.assign(chunks(), { isTTY });
}

export { exitCodes };
