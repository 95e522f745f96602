/** Where results go: to stdout, or to the file of `--output`. */
import { printable } from '../../model/printable.ts';
import { usageError } from '../errors.ts';
import { type QueryArguments, wantsStdin } from '../input/queries.ts';
import type { Io } from '../io.ts';
import type { CliOptions } from '../options/options.ts';
import { type Capabilities, capabilitiesOf, capabilitiesOfFile } from '../terminal.ts';
import type { Output } from './output.ts';
import { checkWritable, createFileOutput, isSameFile } from './output-file.ts';

export interface Destination {
  readonly output: Output;
  readonly capabilities: Capabilities;
  readonly onTerminal: boolean;
  /** Whether it goes on in the file that is resumed. */
  readonly appends: boolean;
  /** Whether that file may still be missing: the first run is like all others. */
  readonly mayBegin: boolean;
}

/**
 * Nothing is changed before the first result.
 * @throws SmtpFindError `bad-option`; OutputError when the file can't be written
 */
export async function openDestination(
  given: QueryArguments,
  options: CliOptions,
  stdout: Output,
  io: Io,
): Promise<Destination> {
  const { output: file, resume, color } = options;
  refuseOverwriting(given, options, io);
  if (file === null) {
    return {
      output: stdout,
      capabilities: capabilitiesOf(io.stdout, io.env, color),
      onTerminal: io.stdout.isTTY === true,
      appends: resume !== null && io.isStdout(resume),
      mayBegin: false,
    };
  }
  const appends = resume !== null && isSameFile(resume, file);
  return {
    output: await openFile(file, appends, io),
    capabilities: capabilitiesOfFile(io.env),
    onTerminal: false,
    appends,
    mayBegin: appends,
  };
}

/** @throws OutputError when the file can't be written */
export async function openFile(file: string, append: boolean, io: Io): Promise<Output> {
  await checkWritable(file);
  return createFileOutput(file, append, io.signal);
}

/**
 * What is read has to stay, and what is written can't be two things at once.
 * @throws SmtpFindError `bad-option`
 */
function refuseOverwriting(
  given: QueryArguments,
  { output, junit, prometheus, session }: CliOptions,
  io: Io,
): void {
  for (const [name, path] of Object.entries({ output, junit, prometheus })) {
    if (path === null) continue;
    const isIt = (file: string): boolean => file !== '-' && isSameFile(file, path);
    const isStdin = wantsStdin(given) && io.isStdin(path);
    const what =
      isStdin || given.files.some(isIt)
        ? 'that the queries come from'
        : session.cacert?.some(isIt)
          ? 'of --cacert'
          : name !== 'output' && io.isStdout(path)
            ? 'that the results go to'
            : null;
    if (what !== null) throw usageError(`--${name} ${printable(path, 200)} is the file ${what}`);
  }
}
