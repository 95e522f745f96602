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
  { output: file, resume, color }: CliOptions,
  stdout: Output,
  io: Io,
): Promise<Destination> {
  if (file === null) {
    return {
      output: stdout,
      capabilities: capabilitiesOf(io.stdout, io.env, color),
      onTerminal: io.stdout.isTTY === true,
      appends: resume !== null && io.isStdout(resume),
      mayBegin: false,
    };
  }
  if (isRead(file, given, io)) {
    throw usageError(`--output ${printable(file, 200)} is the file that the queries come from`);
  }
  await checkWritable(file);
  const appends = resume !== null && isSameFile(resume, file);
  return {
    output: createFileOutput(file, appends, io.signal),
    capabilities: capabilitiesOfFile(io.env),
    onTerminal: false,
    appends,
    mayBegin: appends,
  };
}

/** It would be emptied before it is read to the end. */
function isRead(path: string, given: QueryArguments, io: Io): boolean {
  if (wantsStdin(given) && io.isStdin(path)) return true;
  return given.files.some((file) => file !== '-' && isSameFile(file, path));
}
