/** Runs what a document teaches, and says where it does not come to what the document says. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Lesson, Step } from './blocks.ts';
import { exitCodes, notRun, notRunBeginning, packages, typed } from './expectations.ts';
import type { DocsWorld } from './world.ts';

const onTerminal = fileURLToPath(new URL('../cli/login/on-terminal.py', import.meta.url));
const DEADLINE_MS = 60_000;

/** Names of programs that a lesson needs beside a shell and our own. */
export function programsOf({ steps }: Lesson): string[] {
  const commands = steps.filter((step) => !isNotRun(step)).map(({ command }) => command);
  return Object.keys(packages).filter((name) =>
    commands.some((command) => namedIn(command).includes(name)),
  );
}

function namedIn(command: string): string[] {
  const named = Object.keys(packages).filter((name) =>
    new RegExp(`(?:^|[|;&({]\\s*)${name} `, 'm').test(command),
  );
  return Object.hasOwn(typed, command) ? [...named, 'python3'] : named;
}

export function isNotRun({ command }: Step): boolean {
  return (
    Object.hasOwn(notRun, command) ||
    Object.keys(notRunBeginning).some((beginning) => command.startsWith(beginning))
  );
}

/** @returns complaints */
export async function runLesson(lesson: Lesson, world: DocsWorld): Promise<string[]> {
  const folder = world.folder();
  const before = results(folder);
  const complaints: string[] = [];
  let previous = 0;
  for (const step of lesson.steps) {
    if (isNotRun(step)) continue;
    const { command, shown } = step;
    const env = world.env(namedIn(command).length > 0);
    const keys = typed[command];
    // As in one shell: the next command may ask how the last one ended.
    const script = `exec 2>&1\n(exit ${previous})\n${command}`;
    const words = ['bash', '-o', 'pipefail', '-c', script];
    const { code, output } = await (keys === undefined
      ? run(words, folder, env)
      : runOnTerminal(words, keys, folder, env));
    previous = code;
    const expected = exitCodes[command] ?? 0;
    if (code !== expected) {
      complaints.push(`${command}\nended with ${code}, not ${expected}:\n${output}`);
    } else if (shown !== null && comparable(output) !== comparable(shown)) {
      complaints.push(`${command}\nprints\n${output}\nand not\n${shown}`);
    }
  }
  for (const [name, text] of results(folder)) {
    if (before.get(name) !== text) complaints.push(...complaintsOf(name, text, world));
  }
  return complaints;
}

/** All that a batch writes goes into files of this kind. */
function results(folder: string): Map<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ndjson'));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** Every address of the list has to be in it, or else what the arguments say. */
function complaintsOf(name: string, text: string, { addresses }: DocsWorld): string[] {
  const found = text.split('\n').slice(0, -1).map(queryOf);
  const same = found.toSorted().join() === addresses.toSorted().join();
  return same ? [] : [`${name} holds ${found.join(', ')}`];
}

function queryOf(line: string): unknown {
  const report: unknown = JSON.parse(line);
  return typeof report === 'object' && report !== null && 'query' in report ? report.query : null;
}

/** Without what another day changes. */
function comparable(output: string): string {
  return output
    .replaceAll(/\b\d{4}-\d\d-\d\d\b/g, 'DATE')
    .replaceAll(/\b\d+ ms\b/g, 'SOME ms')
    .replaceAll(/ +$/gm, '')
    .trim();
}

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Not synchronous: the lab answers in this very process. */
function run(
  [program = '', ...args]: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  stdin = '',
): Promise<Ended> {
  const child = spawn(program, args, { cwd, env, stdio: 'pipe', timeout: DEADLINE_MS });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  child.stdin.on('error', () => {}); // It may leave without reading.
  child.stdin.end(stdin);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, output }));
  });
}

/** @param keys typed at the prompt */
async function runOnTerminal(
  command: readonly string[],
  keys: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Ended> {
  const told = JSON.stringify({ command, env, steps: [{ wait: 'Password for ', send: [keys] }] });
  const { code, output } = await run(['python3', onTerminal], cwd, env, told);
  if (code !== 0) return { code, output };
  const seen = JSON.parse(output) as { readonly code: number; readonly shown: string };
  return { code: seen.code, output: seen.shown.replaceAll('\r', '') };
}
