/** The command line of `npm run data:probe`. */
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { SessionOptions } from '../../../src/net/open-network.ts';
import { PROVIDERS_FOLDER } from '../ours.ts';

export interface ProbeOptions {
  readonly data: string;
  readonly out: string;
  /** Ids of the only providers; empty for all. */
  readonly only: readonly string[];
  readonly atOnce: number;
  readonly pauseMs: number;
  /** Days. */
  readonly maxAge: number;
  readonly json: boolean;
  readonly network: SessionOptions;
}

/** What is wrong with the command line or a file that it names, in one line. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

export const usage = `usage: npm run data:probe -- [options]

Examines every server of the provider database over DNS, TLS and EHLO, without a login, and writes
what it saw to one file. Run it again to go on after an interruption.

  --data <folder>          provider files (default data/providers)
  --out <file>             results (default probed.json beside that folder)
  --only <id,…>            only the servers of these providers
  -j, --concurrency <n>    servers at a time (default 4); never two of one operator
  --pause <seconds>        before the next server of an operator (default 2)
  --max-age <days>         younger results stand (default 20)
  --resolver <address>     as for smtp-find; so are --connect-to and --cacert
  --json                   the report as JSON
  -h, --help               this text

Exit codes: 0 nothing is worse, 1 something is worse, 2 wrong usage, 5 no network, 130 interrupted.
`;

/** @returns null when only help is wanted */
export function parseOptions(
  argv: readonly string[],
  env: SessionOptions['env'],
): ProbeOptions | null {
  const values = parse(argv);
  if (values.help) return null;
  const data = values.data ?? PROVIDERS_FOLDER;
  return {
    data,
    out: values.out ?? join(dirname(data), 'probed.json'),
    only: (values.only ?? []).flatMap((ids) => ids.split(',')).filter(Boolean),
    atOnce: numberOf('--concurrency', values.concurrency ?? '4', 1, 16),
    pauseMs: numberOf('--pause', values.pause ?? '2', 0, 3600) * 1000,
    maxAge: numberOf('--max-age', values['max-age'] ?? '20', 0, 10_000),
    json: values.json ?? false,
    network: {
      resolver: values.resolver ?? [],
      connectTo: values['connect-to'] ?? [],
      cacert: values.cacert ?? [],
      // A name of the database that leads to a private address leads nowhere.
      publicOnly: true,
      ...(env && { env }),
    },
  };
}

const text = { type: 'string' } as const;
const list = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean' } as const;

type Values = ReturnType<typeof parseStrictly>['values'];

function parse(argv: readonly string[]): Values {
  try {
    return parseStrictly(argv).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function parseStrictly(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    options: {
      data: text,
      out: text,
      only: list,
      concurrency: { ...text, short: 'j' },
      pause: text,
      'max-age': text,
      resolver: list,
      'connect-to': list,
      cacert: list,
      json: flag,
      help: { ...flag, short: 'h' },
    },
  });
}

function numberOf(option: string, given: string, least: number, most: number): number {
  const number = /^\d+(?:\.\d+)?$/.test(given) ? Number(given) : Number.NaN;
  const isWhole = option !== '--concurrency' || Number.isInteger(number);
  if (number >= least && number <= most && isWhole) return number;
  throw new UsageError(`${option} takes a number from ${least} to ${most}, not "${given}"`);
}
