/** What the user typed, completed by the environment and the configuration file. */
import { SmtpFindError } from '../../model/errors.ts';
import type { RawOptions } from '../options/table.ts';
import { type ConfigFile, readConfigFile } from './config-file.ts';
import { fromVariable, type Setting, settings, type Value } from './settings.ts';

export interface Origin {
  readonly setting: Setting;
  readonly value: Value | null;
  /** An option, a variable, or the file's path; null for what is built in. */
  readonly from: string | null;
}

export interface Completed {
  readonly options: RawOptions;
  readonly origins: readonly Origin[];
  readonly file: ConfigFile | null;
}

/**
 * Option before environment before file.
 * @throws SmtpFindError `unreadable-file` or `bad-option` for the file
 */
export function withDefaults(raw: RawOptions, env: NodeJS.ProcessEnv): Completed {
  const file = readConfigFile(env);
  const typed: Readonly<Record<string, unknown>> = raw;
  const origins = settings.map((setting): Origin => {
    const own = typedValue(setting, typed[camel(setting.key)]);
    if (own !== null) return { setting, value: own, from: optionOf(setting, own) };
    const variable = fromVariable(setting, env);
    if (variable !== null) return { setting, value: variable, from: setting.variable };
    const configured = file?.values.get(setting.key);
    if (file && configured !== undefined) return { setting, value: configured, from: file.path };
    return { setting, value: setting.builtIn, from: null };
  });
  const options = Object.fromEntries(
    origins.flatMap(({ setting, value, from }) =>
      // A flag that is off is one that was not given; those of `--no-…` are on.
      from === null || (value === false && setting.builtIn === false)
        ? []
        : [[camel(setting.key), value]],
    ),
  );
  // Of the kinds that the table gives these options.
  return { options: { ...raw, ...(options as Partial<RawOptions>) }, origins, file };
}

/** An error about a value names the place where the user can change it. */
export function namingOrigin(error: unknown, origins: readonly Origin[]): unknown {
  if (!(error instanceof SmtpFindError)) return error;
  for (const { setting, from } of origins) {
    const option = `--${setting.key}`;
    const rest = error.message.slice(option.length);
    if (!error.message.startsWith(option) || /^[\w-]/.test(rest)) continue;
    if (from === null || from.startsWith('--')) return error;
    const place = from === setting.variable ? from : `config file ${from}: ${setting.key}`;
    return new SmtpFindError(error.code, `${place}${rest}`, { cause: error });
  }
  return error;
}

function typedValue({ builtIn }: Setting, value: unknown): Value | null {
  if (value === undefined) return null;
  // commander's own default of `--no-color`.
  return value === true && builtIn === true ? null : (value as Value);
}

function optionOf({ key }: Setting, value: Value): string {
  return value === false ? `--no-${key}` : `--${key}`;
}

function camel(key: string): string {
  return key.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
