/** The command line from arguments to exit code, apart from the process it runs in. */
import { reportError, usageError } from './errors.ts';
import type { Io } from './io.ts';
import { parseArguments } from './options/parse.ts';
import { createOutput } from './output/output.ts';
import { print } from './output/print.ts';
import { capabilitiesOf } from './terminal.ts';

/** @returns the exit code. Never throws for anything the user or the network did. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const { stdout, stderr, env } = io;
  const output = createOutput(stdout, io.signal);
  stderr.on('error', () => {});
  const helpWidth = Math.min(100, capabilitiesOf(stdout, env).width);

  const parsed = parseArguments(argv, helpWidth);
  if (parsed.kind === 'usage-error') return reportError(usageError(parsed.message), io);
  if (parsed.kind === 'text') return print(parsed.text, output, io);
  // Help and version pay for nothing more.
  const { execute } = await import('./execute.ts');
  return execute(parsed, output, io);
}
