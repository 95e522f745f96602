/** A text that the command itself has to say, on stdout or in the file for it. */
import { reportOutputFailure } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import type { Output } from './output.ts';

/** @returns the exit code */
export async function print(text: string, output: Output, io: Io): Promise<number> {
  await output.write(text);
  await output.flush();
  const failure = output.failure();
  return failure ? reportOutputFailure(failure, io) : exitCodes.verified;
}
