/** Files for monitors, `--junit` and `--prometheus`: written whole when all is answered. */
import { randomUUID } from 'node:crypto';
import { access, chmod, constants, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Judged } from '../batch.ts';
import type { CliOptions } from '../options/options.ts';
import { isNamedPipe } from '../output/named-pipe.ts';
import { checkWritable, createFileOutput, unwritable } from '../output/output-file.ts';
import { type Monitored, monitored } from './monitored.ts';

export interface Monitors {
  heard(judged: Judged): void;
  /** @throws OutputError */
  write(): Promise<void>;
}

/**
 * @param signal ends waiting for somebody who reads a named pipe
 * @throws OutputError before anything is asked
 */
export async function openMonitors(
  { junit, prometheus }: CliOptions,
  signal: AbortSignal,
): Promise<Monitors> {
  for (const path of [junit, prometheus]) if (path !== null) await checkReplaceable(path);
  const items: Monitored[] = [];
  const began = Date.now();
  const clock = performance.now();
  return {
    heard: (judged) => void items.push(monitored(judged)),
    async write() {
      if (junit !== null) {
        const { renderJunit } = await import('./junit.ts');
        await replaceFile(junit, renderJunit(items, began, performance.now() - clock), signal);
      }
      if (prometheus !== null) {
        const { renderPrometheus } = await import('./prometheus.ts');
        await replaceFile(prometheus, renderPrometheus(items), signal);
      }
    },
  };
}

/** @throws OutputError */
async function checkReplaceable(path: string): Promise<void> {
  await checkWritable(path);
  if (await isSpecial(path)) return;
  try {
    await access(dirname(resolve(path)), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unwritable(dirname(path), error);
  }
}

/** Whoever reads it finds the old file or the new one, whole: the collector may come at any moment. */
async function replaceFile(path: string, text: string, signal: AbortSignal): Promise<void> {
  if (isNamedPipe(path)) {
    await writePipe(path, text, signal);
    return;
  }
  try {
    if (await isSpecial(path)) {
      await writeFile(path, text);
      return;
    }
    // A link stays one.
    const target = await realpath(path).catch(() => resolve(path));
    const draft = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
    try {
      // Who may read it stays as it was: addresses are in it.
      const mode = (await stat(target).catch(() => null))?.mode;
      await writeFile(draft, text, { flag: 'wx', mode: mode === undefined ? 0o666 : 0o600 });
      if (mode !== undefined) await chmod(draft, mode & 0o7777);
      await rename(draft, target);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  } catch (error) {
    throw unwritable(path, error);
  }
}

async function writePipe(path: string, text: string, signal: AbortSignal): Promise<void> {
  const output = createFileOutput(path, true, signal);
  await output.write(text);
  await output.flush();
  const failure = output.failure();
  if (failure) throw failure;
}

/** A device or a pipe can be written, not replaced. */
async function isSpecial(path: string): Promise<boolean> {
  const there = await stat(path).catch(() => null);
  return there !== null && !there.isFile();
}
