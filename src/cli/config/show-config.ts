/** `--show-config`: each value that may be configured, and where it comes from. */
import { printable } from '../../model/printable.ts';
import { withoutCredentials } from '../../model/url.ts';
import { colorDecided, progressDecided } from '../terminal.ts';
import type { Completed, Origin } from './with-defaults.ts';

const PROXY_VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'] as const;
const BUILT_IN = 'built in';
/** What is in effect where no value is. */
const UNSTATED: Readonly<Record<string, string>> = {
  resolver: "the system's",
  ispdb: "Thunderbird's",
};

/** Ends with a newline. */
export function showConfig(
  { origins, file }: Completed,
  env: NodeJS.ProcessEnv,
  json: boolean,
): string {
  const shown = origins.map((origin) => inEffect(origin, env));
  if (json) {
    const options = Object.fromEntries(
      shown.map((origin) => [
        origin.setting.key,
        { value: shownValue(origin), from: origin.from ?? BUILT_IN },
      ]),
    );
    const config = { file: file && { path: file.path, found: file.found }, options };
    return `${JSON.stringify(config, null, 2)}\n`;
  }
  const rows = shown.map((origin) => [
    origin.setting.key,
    words(shownValue(origin)) || (UNSTATED[origin.setting.key] ?? '-'),
    origin.from ?? BUILT_IN,
  ]);
  const place = file ? `${file.path}${file.found ? '' : ' (not there)'}` : 'none';
  const [first, second] = [0, 1].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return [
    ...rows.map(
      ([key = '', value = '', from = '']) =>
        `${key.padEnd(first ?? 0)}  ${value.padEnd(second ?? 0)}  ${printable(from)}`,
    ),
    '',
    `Config file: ${printable(place)}`,
    '',
  ].join('\n');
}

/** With the usual variables of others, which count where there is none of our own. */
function inEffect(origin: Origin, env: NodeJS.ProcessEnv): Origin {
  switch (origin.setting.key) {
    case 'proxy': {
      if (origin.from !== null) return origin;
      const from = PROXY_VARIABLES.find((name) => env[name]) ?? null;
      return { ...origin, value: from === null ? null : (env[from] ?? null), from };
    }
    // What is switched off stays off.
    case 'color':
      return origin.value === false ? origin : { ...origin, ...colorDecided(env) };
    case 'progress':
      return origin.value === false ? origin : { ...origin, ...progressDecided(env) };
    default:
      return origin;
  }
}

/** As a configuration file would have it, without passwords. */
function shownValue({ setting: { kind, key, isPath }, value }: Origin): unknown {
  if (key === 'proxy' && value === '') return null;
  if (kind === 'text' && typeof value === 'string') return withoutCredentials(value);
  if (Array.isArray(value) && !isPath) return value.map(withoutCredentials);
  return kind === 'number' && value !== null ? Number(value) : value;
}

function words(value: unknown): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return printable(Array.isArray(value) ? value.join(', ') : String(value));
}
