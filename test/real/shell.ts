/** Running other people's programs. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';

export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs to the end. Never rejects for the exit code; a program that hangs is killed. */
export function attempt(
  command: string,
  args: readonly string[],
  options: {
    readonly timeoutMs?: number;
    readonly env?: NodeJS.ProcessEnv;
    readonly cwd?: string;
    readonly stdin?: string;
  } = {},
): Promise<Output> {
  return new Promise((resolve) => {
    const child = execFile(
      command,
      args,
      {
        timeout: options.timeoutMs ?? 60_000,
        killSignal: 'SIGKILL',
        maxBuffer: 64 * 1024 * 1024,
        ...(options.env && { env: options.env }),
        ...(options.cwd !== undefined && { cwd: options.cwd }),
      },
      (error, stdout, stderr) => {
        if (error === null) resolve({ code: 0, stdout, stderr });
        else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
        else resolve({ code: -1, stdout, stderr: `${stderr}${error.message}\n` });
      },
    );
    child.stdin?.on('error', () => {}); // It may leave without reading.
    child.stdin?.end(options.stdin ?? '');
  });
}

/** @throws what the program complained of, when it fails */
export async function must(
  command: string,
  args: readonly string[],
  options: Parameters<typeof attempt>[2] = {},
): Promise<string> {
  const { code, stdout, stderr } = await attempt(command, args, options);
  if (code === 0) return stdout;
  const said = (stderr || stdout).trim().split('\n').slice(-15).join('\n');
  throw new Error(`${command} ${args.join(' ')} failed (${code}):\n${said}`);
}

/**
 * Left running.
 * @param log an open file, for its output
 */
export function start(
  command: string,
  args: readonly string[],
  log: number,
  env: NodeJS.ProcessEnv,
): ChildProcess {
  return spawn(command, args, { stdio: ['ignore', log, log], env });
}
