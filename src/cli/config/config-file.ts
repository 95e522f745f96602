/** The user's own defaults in a file of JSON: where it is, and what it may hold. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { SmtpFindError } from '../../model/errors.ts';
import { printable } from '../../model/printable.ts';
import { similar } from '../../providers/similar.ts';
import { unreadableFile, usageError } from '../errors.ts';
import { placeOfError } from './json-place.ts';
import { type Setting, settings, type Value } from './settings.ts';

export interface ConfigFile {
  readonly path: string;
  readonly found: boolean;
  readonly values: ReadonlyMap<string, Value>;
}

interface Place {
  readonly path: string;
  /** The user named it, so that it has to be there. */
  readonly named: boolean;
}

const NAME = join('smtp-find', 'config.json');
const MAX_BYTES = 64 * 1024;

/** @returns null where there is none to look for */
export function configPlace(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): Place | null {
  const named = env.SMTP_FIND_CONFIG;
  if (named !== undefined) {
    return named === '' || named === 'none' ? null : { path: resolve(named), named: true };
  }
  const folder = platform === 'win32' ? env.APPDATA : configHome(env);
  return folder ? { path: join(folder, NAME), named: false } : null;
}

/** As the XDG Base Directory Specification has it, on macOS as well: that is where others are. */
function configHome({ XDG_CONFIG_HOME, HOME }: NodeJS.ProcessEnv): string | null {
  if (XDG_CONFIG_HOME && isAbsolute(XDG_CONFIG_HOME)) return XDG_CONFIG_HOME;
  return HOME ? join(HOME, '.config') : null;
}

/** @throws SmtpFindError `unreadable-file`; `bad-option` for what it holds, in one line */
export function readConfigFile(env: NodeJS.ProcessEnv): ConfigFile | null {
  const place = configPlace(env, process.platform);
  if (place === null) return null;
  const { path, named } = place;
  let text: string;
  try {
    text = readStart(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    // ENOTDIR: a home that is no folder, as some daemons have.
    if (named || !['ENOENT', 'ENOTDIR'].includes(code)) throw unreadableFile(path, error);
    return { path, found: false, values: new Map() };
  }
  return { path, found: true, values: valuesOf(text, path) };
}

/** A pipe could keep us waiting, and a device need not end. One byte too many is enough to tell. */
function readStart(path: string): string {
  const there = statSync(path);
  if (there.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
  if (!there.isFile()) throw new Error('it is not a regular file');
  const descriptor = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(MAX_BYTES + 1);
    let length = 0;
    for (;;) {
      const count = readSync(descriptor, bytes, length, bytes.length - length, null);
      length += count;
      if (count === 0 || length === bytes.length) return bytes.toString('utf8', 0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}

function valuesOf(text: string, path: string): ReadonlyMap<string, Value> {
  if (Buffer.byteLength(text) > MAX_BYTES) throw wrong(path, 'it is too long for a configuration');
  const config = parse(text.replace(/^\ufeff/, ''), path);
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw wrong(path, 'expected an object, like { "timeout": 10 }');
  }
  return new Map(
    Object.entries(config).map(([key, value]: [string, unknown]) => {
      const setting = settings.find((known) => known.key === key);
      if (!setting) throw wrong(path, `unknown key "${printable(key, 40)}" (${expected(key)})`);
      return [key, fromFile(setting, value, path)];
    }),
  );
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw wrong(path, `not JSON at ${placeOfError(text)}`);
  }
}

function expected(key: string): string {
  const keys = settings.map(({ key: known }) => known);
  const [nearest] = similar(
    key.replaceAll('_', '-').replace(/[A-Z]/g, '-$&'),
    keys.map((known) => [known, known] as const),
    1,
  );
  return nearest === undefined ? `expected some of ${keys.join(', ')}` : `did you mean ${nearest}?`;
}

function fromFile({ key, kind, isPath }: Setting, value: unknown, path: string): Value {
  switch (kind) {
    case 'flag':
      if (typeof value === 'boolean') return value;
      throw wrong(path, `"${key}" has to be true or false`);
    case 'number':
      if (typeof value === 'number') return String(value);
      throw wrong(path, `"${key}" has to be a number`);
    case 'text':
      if (typeof value === 'string') return value;
      throw wrong(path, `"${key}" has to be a text`);
    case 'list': {
      const items: readonly unknown[] = Array.isArray(value) ? value : [value];
      const texts = items.filter((item): item is string => typeof item === 'string' && item !== '');
      if (texts.length !== items.length) {
        throw wrong(path, `"${key}" has to be a text or a list of texts`);
      }
      // From wherever it is run.
      return isPath ? texts.map((text) => resolve(dirname(path), text)) : texts;
    }
  }
}

function wrong(path: string, what: string): SmtpFindError {
  return usageError(`config file ${printable(path, 200)}: ${what}`);
}
