/** The command line from arguments to exit code, apart from the process it runs in. */
import { reportError, reportOutputFailure, usageError } from './errors.ts';
import { exitCodes } from './exit-codes.ts';
import { find } from './find.ts';
import { wantsStdin } from './input/queries.ts';
import type { Io } from './io.ts';
import { checkListing } from './options/list-options.ts';
import { checkOptions, checkShell } from './options/options.ts';
import { helpText, parseArguments } from './options/parse.ts';
import type { RawOptions } from './options/table.ts';
import { createOutput, type Output } from './output.ts';
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
  const { queries, options: raw } = parsed;
  try {
    if (raw.completion !== undefined) return await printCompletion(raw.completion, output, io);
    if (raw.listProviders) return await printProviders(queries, raw, output, io);
    const given = { args: queries, files: raw.input ?? [] };
    const isNamed = raw.provider !== undefined || raw.server !== undefined;
    const nothing = queries.length === 0 && wantsStdin(given) && !isNamed;
    if (nothing && io.stdin.isTTY === true && !raw.login) {
      stderr.write(helpText(Math.min(100, capabilitiesOf(stderr, env).width)));
      return exitCodes.badInput;
    }
    return await find(given, checkOptions(raw, env), output, io);
  } catch (error) {
    if (io.signal.aborted) return exitCodes.interrupted;
    return reportError(error, io);
  }
}

async function print(text: string, output: Output, io: Io): Promise<number> {
  await output.write(text);
  await output.flush();
  const failure = output.failure();
  return failure ? reportOutputFailure(failure, io) : exitCodes.verified;
}

async function printProviders(
  queries: readonly string[],
  raw: RawOptions,
  output: Output,
  io: Io,
): Promise<number> {
  const format = checkListing(queries, raw);
  const { providerLines } = await import('./list-providers.ts');
  for await (const line of providerLines(format)) {
    if (output.closed.aborted) break;
    await output.write(line);
  }
  return print('', output, io);
}

async function printCompletion(name: string, output: Output, io: Io): Promise<number> {
  const shell = checkShell(name);
  const { completionScript } = await import('./completion/script.ts');
  return print(await completionScript(shell), output, io);
}
