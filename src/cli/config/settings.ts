/**
 * Options that may have a default of the user's own: how the network is reached, and what a terminal
 * shows. Nothing that changes what a script gets.
 */
import { timeLimits } from '../../model/time-limits.ts';

/** Queries at the same time. */
export const DEFAULT_CONCURRENCY = 8;
/** In seconds. */
export const DEFAULT_TIMEOUT: number = timeLimits.query / 1000;

/** As the option table has them: numbers as typed. */
export type Value = string | boolean | readonly string[];

export interface Setting {
  /** The long option's name; for `--no-color` without its `no-`. */
  readonly key: string;
  readonly kind: 'text' | 'number' | 'flag' | 'list';
  readonly variable: string | null;
  /** Null where it is told elsewhere, or where there is none. */
  readonly builtIn: Value | null;
  readonly isPath: boolean;
}

function setting(
  key: string,
  kind: Setting['kind'],
  variable: string | null,
  builtIn: Value | null = null,
  isPath = false,
): Setting {
  return { key, kind, variable, builtIn, isPath };
}

export const settings: readonly Setting[] = [
  setting('resolver', 'list', 'SMTP_FIND_RESOLVER'),
  setting('proxy', 'text', 'SMTP_FIND_PROXY'),
  setting('timeout', 'number', 'SMTP_FIND_TIMEOUT', String(DEFAULT_TIMEOUT)),
  setting('cacert', 'list', 'SMTP_FIND_CACERT', [], true),
  setting('public-only', 'flag', null, false),
  setting('ispdb', 'text', null),
  setting('concurrency', 'number', null, String(DEFAULT_CONCURRENCY)),
  setting('color', 'flag', null, true),
  setting('progress', 'flag', null, true),
];

/** Where the file is looked for, in words: on Windows elsewhere. */
export const configPlaces = [
  '~/.config/smtp-find/config.json',
  '%APPDATA%\\smtp-find\\config.json',
] as const;

/** Empty counts as not set; only for a proxy it means "none", as it does in ALL_PROXY. */
export function fromVariable(
  { kind, variable, key, isPath }: Setting,
  env: NodeJS.ProcessEnv,
): Value | null {
  const text = variable === null ? undefined : env[variable];
  if (text === undefined || (text.trim() === '' && key !== 'proxy')) return null;
  if (kind !== 'list') return text.trim();
  return isPath ? [text] : text.split(/[\s,]+/).filter((item) => item !== '');
}
