/**
 * Every option, stated once: what is parsed and its type, the help, the completions and the manual
 * follow this table.
 */
import type { SourceName } from '../../model/candidate.ts';
import { conditionWords } from '../checks/conditions.ts';
import { expectationWords } from '../checks/expectation.ts';
import { DEFAULT_CONCURRENCY, DEFAULT_TIMEOUT } from '../config/settings.ts';

/** The formats that `--format` may name; known without loading what writes them. */
export const formatNames: readonly string[] = [
  'text',
  'json',
  'tsv',
  'env',
  'url',
  'nodemailer',
  'python',
  'django',
  'rails',
  'laravel',
  'symfony',
  'spring',
  'msmtp',
  'git',
  'mutt',
  's-nail',
  'aerc',
  'himalaya',
  'postfix',
  'exim',
  'opensmtpd',
  'nullmailer',
  'dma',
  'systemd',
  'k8s',
  'swaks',
  'autoconfig',
];

/** What `--fields` may name; known without loading what reads a report. */
export const fieldNames: readonly string[] = [
  ...['query', 'email', 'domain', 'status', 'complete', 'host', 'port', 'encryption', 'auth'],
  ...['username', 'usernameFrom', 'verified', 'evidence', 'tls', 'protocol', 'certificate'],
  ...['issuer', 'validTo', 'oauth', 'provider', 'providerName', 'documentation', 'notes'],
  ...['confirmed', 'login', 'maySendAs', 'checks', 'warnings', 'sources', 'because', 'durationMs'],
  'alternatives',
];

// A record, so that the compiler misses none. What is given needs no choice.
const sources: { readonly [S in Exclude<SourceName, 'given'>]: true } = {
  database: true,
  'mx-provider': true,
  srv: true,
  pacc: true,
  autoconfig: true,
  'srv-foreign': true,
  ispdb: true,
  autodiscover: true,
  mailconf: true,
  'mx-autoconfig': true,
  parent: true,
  'autoconfig-http': true,
  'mail-records': true,
  guess: true,
};

/** The sources that `--only` and `--skip` may name, best rank first; known without the engine. */
export const sourceNames: readonly string[] = Object.keys(sources);

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** What the value of an option may be. */
type Values =
  | { readonly kind: 'file' }
  /** `several`: separated by commas. */
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly several: boolean }
  /** Ids of the database, which are read when they are wanted. */
  | { readonly kind: 'provider' };

interface Declared<Flags extends string = string, Repeatable extends boolean = boolean> {
  /** As commander has them: `-f, --format <name>`. */
  readonly flags: Flags;
  readonly description: string;
  readonly repeatable: Repeatable;
  /** Refused when it is given twice. For others the last one counts, as with an alias of the shell. */
  readonly once: boolean;
  /** Undefined for a flag, or for a value that nobody can foresee. */
  readonly values: Values | undefined;
}

function option<const F extends string>(
  flags: F,
  description: string,
  values?: Values,
): Declared<F, false> {
  return { flags, description, repeatable: false, once: false, values };
}

/** Says what is asked or written: to drop one of two would be another command than what was typed. */
function once<const F extends string>(
  flags: F,
  description: string,
  values?: Values,
): Declared<F, false> {
  return { ...option(flags, description, values), once: true };
}

/** May be given more than once. */
function list<const F extends string>(
  flags: F,
  description: string,
  values?: Values,
): Declared<F, true> {
  return { flags, description, repeatable: true, once: false, values };
}

const file: Values = { kind: 'file' };
const provider: Values = { kind: 'provider' };
const one = (words: readonly string[]): Values => ({ kind: 'words', words, several: false });
const some = (words: readonly string[]): Values => ({ kind: 'words', words, several: true });

const formatList = formatNames.join(', ').replace('text', 'text (default)');

/** By the headings of the help. */
export const optionGroups = {
  'Output:': [
    option('--json', 'JSON: one line per query; a single one is indented on a terminal'),
    option('-f, --format <name>', formatList, one(formatNames)),
    list('--fields <names>', 'only these, as TSV or JSON: host,port,username', some(fieldNames)),
    once('-o, --output <file>', 'results to this file instead of stdout', file),
    option('-a, --all', 'every server that was found, with its probe'),
    option('-e, --explain', 'what each source answered, and why this server won'),
    option('-v, --verbose', 'the SMTP conversations on stderr, secrets left out'),
    option('-q, --quiet', 'the settings only: no warnings, progress or summary'),
    option('--no-color', 'no colours (NO_COLOR and FORCE_COLOR are honoured)'),
    option('--no-progress', 'no progress line on stderr'),
  ],
  'Where to look:': [
    list('--server <host>', 'examine this server: HOST or HOST:PORT'),
    once('--provider <name>', 'the servers of a named provider or relay service', provider),
    option('--offline', 'the bundled database only, no network at all'),
    option('--no-probe', 'do not contact SMTP servers'),
    list('--only <sources>', 'only these sources, separated by commas', some(sourceNames)),
    list('--skip <sources>', 'all but these sources', some(sourceNames)),
    option('--ispdb <url>', "another base URL for Thunderbird's ISPDB"),
    option('--send-address', "let the domain's own HTTPS hosts see the full address"),
  ],
  'Login:': [
    option('--login', 'also try the credentials (SMTP_FIND_PASSWORD, stdin, or a prompt)'),
    once('--user <name>', 'the user name, where it is not the address'),
    list('--accept-host <host>', 'log in to it even if only an unprotected answer names it'),
  ],
  'Many queries:': [
    list('--input <file>', 'from a list: lines, CSV, TSV or NDJSON; - is stdin', file),
    option('-j, --concurrency <n>', `queries at the same time (default ${DEFAULT_CONCURRENCY})`),
    option('--unordered', 'results as they come, not in the order of the input'),
    once('--resume <file>', 'leave out what this earlier --json output answers', file),
  ],
  'For CI:': [
    list(
      '--require <conditions>',
      'fail unless they hold, like verified,tls,auth=PLAIN',
      some(conditionWords),
    ),
    list(
      '--expect <settings>',
      'fail if the answer differs, like host=NAME,port=465',
      some(expectationWords),
    ),
    once('--junit <file>', 'what became of each query, as JUnit XML', file),
    once('--prometheus <file>', "metrics for Prometheus' textfile collector", file),
  ],
  'Network:': [
    option('-t, --timeout <seconds>', `deadline for each query (default ${DEFAULT_TIMEOUT})`),
    list(
      '--resolver <server>',
      'which DNS resolver: IP[:PORT], https://HOST/dns-query, tls://HOST',
    ),
    list('--connect-to <spec>', 'HOST1:PORT1:HOST2:PORT2, connect to 2 instead of 1'),
    option('-x, --proxy <url>', 'go through this proxy: http://, https:// or socks5://'),
    list('--cacert <file>', 'also trust these certificates (PEM)', file),
    option('-4, --ipv4', 'IPv4 only'),
    option('-6, --ipv6', 'IPv6 only'),
    option('--public-only', 'refuse servers on private addresses'),
  ],
  'About:': [
    option('--list-providers', 'list the providers of the database'),
    option('--show-config', 'the defaults that hold, and where each comes from'),
    option('--completion <shell>', 'print completions for bash, zsh or fish', one(shells)),
    option('-V, --version', 'show the version and the date of the database'),
    option('-h, --help', 'show this help'),
  ],
} as const satisfies Readonly<Record<string, readonly Declared[]>>;

type Row = (typeof optionGroups)[keyof typeof optionGroups][number];

/** commander's key: `connectTo` of `--connect-to <spec>`, `color` of `--no-color`. */
type Key<Flags> = Flags extends `${string}--no-${infer Name}`
  ? Camel<Name>
  : Flags extends `${string}--${infer Name} <${string}>`
    ? Camel<Name>
    : Flags extends `${string}--${infer Name}`
      ? Camel<Name>
      : never;

type Camel<Name> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<Camel<Rest>>}`
  : Name;

type Value<R extends Row> = R['flags'] extends `${string}<${string}>`
  ? R extends Declared<string, true>
    ? readonly string[]
    : string
  : true;

type Negated = Extract<Row, Declared<`--no-${string}`>>;

/** Options as typed, not yet checked. */
export type RawOptions = {
  readonly [R in Exclude<Row, Negated> as Key<R['flags']>]?: Value<R>;
} & { readonly [R in Negated as Key<R['flags']>]: boolean };

/** As it is typed: `--connect-to` for `connectTo`. */
export function longOption(key: keyof RawOptions): string {
  return `--${key.replace(/[A-Z]/g, '-$&').toLowerCase()}`;
}

/** What follows an option: `none` for a flag, `unknown` for a value that nobody can foresee. */
export type Argument =
  | { readonly kind: 'none' | 'unknown' | 'file' }
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly several: boolean };

/** An option as those see it that are generated from the table: completions, the manual. */
export interface OptionFacts {
  /** With its dash; undefined when there is none. */
  readonly short: string | undefined;
  readonly long: string;
  /** `name` of `<name>`; undefined for a flag. */
  readonly value: string | undefined;
  readonly description: string;
  readonly group: string;
  readonly repeatable: boolean;
  readonly argument: Argument;
}

/** @param providers ids of the database, where they are wanted */
export function optionTable(providers: readonly string[] = []): readonly OptionFacts[] {
  return Object.entries(optionGroups).flatMap(([group, rows]) =>
    rows.map(({ flags, description, repeatable, values }: Declared): OptionFacts => {
      const [, short, long = '', value] = /^(?:(-\w), )?(--[\w-]+)(?: <(.*)>)?$/.exec(flags) ?? [];
      const argument =
        value === undefined
          ? ({ kind: 'none' } as const)
          : values?.kind === 'provider'
            ? ({ kind: 'words', words: providers, several: false } as const)
            : values?.kind === 'words'
              ? { ...values, words: values.words.flatMap((word) => withIds(word, providers)) }
              : (values ?? ({ kind: 'unknown' } as const));
      return { short, long, value, description, group, repeatable, argument };
    }),
  );
}

/** `provider=` of `--require` takes an id, too. */
function withIds(word: string, providers: readonly string[]): readonly string[] {
  return word === 'provider=' ? [word, ...providers.map((id) => word + id)] : [word];
}
