/** Runs a command on a terminal of its own, so that it behaves as it does before a person. */
import { spawn, spawnSync } from 'node:child_process';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** Node has no terminals to give; Python does, without anything to compile. */
const PYTHON = `
import fcntl, os, pty, struct, sys, termios
columns, rows, *command = sys.argv[1:]
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))
    os.execvp(command[0], command)
while True:
    try:
        shown = os.read(terminal, 65536)
    except OSError:  # Linux says so that the other end is closed.
        break
    if not shown:
        break
    os.write(1, shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
`;

/** Whether this machine can give terminals. */
export function hasPseudoTerminals(): boolean {
  return spawnSync('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode']).status === 0;
}

const TIMEOUT_MS = 30_000;

/**
 * Everything that the command wrote to its terminal, escape sequences and all.
 * @throws Error when it could not be run; an exit code other than 0 is no failure
 */
export async function runOnTerminal(
  command: readonly string[],
  { columns, rows }: TerminalSize,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const child = spawn('python3', ['-c', PYTHON, `${columns}`, `${rows}`, ...command], {
    // Else Python would set another locale than the one that was asked for.
    env: { ...env, PYTHONCOERCECLOCALE: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: TIMEOUT_MS,
  });
  const closed = new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (_, signal) => resolve(signal));
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  const signal = await closed;
  if (signal !== null) throw new Error(`${command.join(' ')} was ended by ${signal}`);
  return shown;
}
