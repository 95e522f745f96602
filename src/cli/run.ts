/** The command line from arguments to exit code, apart from the process it runs in. */
import { namingOrigin, type Origin, withDefaults } from './config/with-defaults.ts';
import { reportError, usageError } from './errors.ts';
import { exitCodes } from './exit-codes.ts';
import { find } from './find.ts';
import { wantsStdin } from './input/queries.ts';
import type { Io } from './io.ts';
import { checkOptions, checkShell } from './options/options.ts';
import { helpText, parseArguments } from './options/parse.ts';
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
  if (parsed.kind === 'text') return print(parsed.text, output);
  const { queries, options: raw } = parsed;
  let origins: readonly Origin[] = [];
  try {
    if (raw.completion !== undefined) return await printCompletion(raw.completion, output);
    const given = { args: queries, file: raw.input ?? null };
    const nothing = queries.length === 0 && wantsStdin(given) && raw.provider === undefined;
    if (nothing && io.stdin.isTTY === true && !raw.login && !raw.showConfig) {
      stderr.write(helpText(Math.min(100, capabilitiesOf(stderr, env).width)));
      return exitCodes.badInput;
    }
    const completed = withDefaults(raw, env);
    origins = completed.origins;
    const options = checkOptions(completed.options, env);
    if (raw.showConfig) {
      const { showConfig } = await import('./config/show-config.ts');
      return await print(showConfig(completed, env, options.format === 'json'), output);
    }
    return await find(given, options, output, io);
  } catch (error) {
    if (io.signal.aborted) return exitCodes.interrupted;
    return reportError(namingOrigin(error, origins), io);
  }
}

async function print(text: string, output: Output): Promise<number> {
  await output.write(text);
  await output.flush();
  return output.failure() ? exitCodes.outputFailed : exitCodes.verified;
}

async function printCompletion(name: string, output: Output): Promise<number> {
  const shell = checkShell(name);
  const { completionScript } = await import('./completion/script.ts');
  return print(await completionScript(shell), output);
}
