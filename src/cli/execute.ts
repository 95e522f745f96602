/** From parsed arguments to an exit code: a search, or a question about the command itself. */
import { type Completed, namingOrigin, type Origin, withDefaults } from './config/with-defaults.ts';
import { nothingToLookFor, reportError, usageError } from './errors.ts';
import { exitCodes } from './exit-codes.ts';
import { find } from './find.ts';
import { serverMeant } from './input/otherwise-meant.ts';
import type { QueryArguments } from './input/queries.ts';
import type { Io } from './io.ts';
import { checkOptions, checkShell, outputFile } from './options/options.ts';
import { checkAlone, formatOf, type OwnQuestion, refuseFields } from './options/own-questions.ts';
import type { Parsed } from './options/parse.ts';
import type { RawOptions } from './options/table.ts';
import { openFile } from './output/destination.ts';
import type { Output } from './output/output.ts';
import { print } from './output/print.ts';

/** @returns the exit code. Never throws for anything the user or the network did. */
export async function execute(
  { queries, options: raw }: Extract<Parsed, { kind: 'run' }>,
  output: Output,
  io: Io,
): Promise<number> {
  let origins: readonly Origin[] = [];
  try {
    const own = ownQuestion(raw);
    if (own !== null) checkAlone(own, queries, raw);
    if (own === 'completion') return await printCompletion(raw, output, io);
    if (own === 'listProviders') return await printProviders(raw, output, io);
    const completed = withDefaults(raw, io.env);
    origins = completed.origins;
    const options = checkOptions(completed.options, io.env);
    if (own === 'showConfig') return await printConfig(completed, raw, output, io);
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
  const meant = args.length === 2 && !isNamed ? serverMeant(args.join(' ')) : null;
  if (meant !== null) {
    throw usageError(`${args.join(' ')} is a server: did you mean --server ${meant}?`);
  }
  const nothing = args.length === 0 && files.length === 0 && !isNamed;
  if (!nothing || io.stdin.isTTY !== true) return { args, files };
  const { askQuery } = await import('./input/ask.ts');
  const query = await askQuery(io);
  // Standard input has just been asked.
  if (query === '' || query === '-') throw nothingToLookFor();
  return { args: [query], files };
}

function ownQuestion(raw: RawOptions): OwnQuestion | null {
  if (raw.completion !== undefined) return 'completion';
  if (raw.listProviders) return 'listProviders';
  return raw.showConfig ? 'showConfig' : null;
}

async function printProviders(raw: RawOptions, stdout: Output, io: Io): Promise<number> {
  const { providerLines } = await import('./list-providers.ts');
  const lines = providerLines(raw);
  // Bad options are told before a file is touched.
  const first = await lines.next();
  const output = await outputOf(raw, stdout, io);
  if (first.done !== true) await output.write(first.value);
  for await (const line of lines) {
    if (output.closed.aborted) break;
    await output.write(line);
  }
  return print('', output, io);
}

async function printConfig(
  completed: Completed,
  raw: RawOptions,
  stdout: Output,
  io: Io,
): Promise<number> {
  refuseFields('showConfig', raw);
  const format = formatOf('showConfig', raw, ['text', 'json']);
  const { showConfig } = await import('./config/show-config.ts');
  const text = showConfig(completed, io.env, format === 'json');
  return print(text, await outputOf(raw, stdout, io), io);
}

async function printCompletion(raw: RawOptions, stdout: Output, io: Io): Promise<number> {
  const shell = checkShell(raw.completion ?? '');
  refuseFields('completion', raw);
  formatOf('completion', raw, ['text']);
  const { completionScript } = await import('./completion/script.ts');
  return print(await completionScript(shell), await outputOf(raw, stdout, io), io);
}

async function outputOf(raw: RawOptions, stdout: Output, io: Io): Promise<Output> {
  const file = outputFile(raw);
  if (file === null) return stdout;
  return openFile(file, false, io);
}
