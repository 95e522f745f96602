/** The command line from arguments to exit code, apart from the process it runs in. */
import { namingOrigin, type Origin, withDefaults } from './config/with-defaults.ts';
import { nothingToLookFor, reportError, reportOutputFailure, usageError } from './errors.ts';
import { exitCodes } from './exit-codes.ts';
import { find } from './find.ts';
import type { QueryArguments } from './input/queries.ts';
import type { Io } from './io.ts';
import { checkListing } from './options/list-options.ts';
import { checkOptions, checkShell } from './options/options.ts';
import { parseArguments } from './options/parse.ts';
import type { RawOptions } from './options/table.ts';
import { createOutput, type Output } from './output/output.ts';
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
  let origins: readonly Origin[] = [];
  try {
    if (raw.completion !== undefined) return await printCompletion(raw.completion, output, io);
    if (raw.listProviders) return await printProviders(queries, raw, output, io);
    const completed = withDefaults(raw, env);
    origins = completed.origins;
    const options = checkOptions(completed.options, env);
    if (raw.showConfig) {
      const { showConfig } = await import('./config/show-config.ts');
      return await print(showConfig(completed, env, options.format === 'json'), output, io);
    }
    const given = await queriesOf(queries, raw, io);
    return await find(given, options, output, io);
  } catch (error) {
    if (io.signal.aborted) return exitCodes.interrupted;
    return reportError(namingOrigin(error, origins), io);
  }
}

/** @throws SmtpFindError; the signal's reason while nobody answers */
async function queriesOf(
  args: readonly string[],
  { input: files = [], provider, server }: RawOptions,
  io: Io,
): Promise<QueryArguments> {
  const isNamed = provider !== undefined || server !== undefined;
  const nothing = args.length === 0 && files.length === 0 && !isNamed;
  if (!nothing || io.stdin.isTTY !== true) return { args, files };
  const { askQuery } = await import('./input/ask.ts');
  const query = await askQuery(io);
  // Standard input has just been asked.
  if (query === '' || query === '-') throw nothingToLookFor();
  return { args: [query], files };
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
