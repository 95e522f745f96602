/** Arguments parsed by the option table, and the help text. */
import { Command, CommanderError, Help, Option } from 'commander';
import { providersDate } from '../../providers/compiled-date.ts';
import { hanging } from '../../render/text/layout.ts';
import { configPlaces, settings } from '../config/settings.ts';
import { exitCodeTable } from '../exit-codes.ts';
import { formatNames, longOption, optionGroups, optionTable, type RawOptions } from './table.ts';

export type Parsed =
  | { readonly kind: 'run'; readonly queries: readonly string[]; readonly options: RawOptions }
  /** `--help` or `--version`: text for stdout. */
  | { readonly kind: 'text'; readonly text: string }
  /** One line that says what is wrong. */
  | { readonly kind: 'usage-error'; readonly message: string };

/** @param helpWidth columns for the help text */
export function parseArguments(argv: readonly string[], helpWidth: number): Parsed {
  let text = '';
  const program = createProgram(helpWidth, (part) => {
    text += part;
  });
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'text', text };
    return { kind: 'usage-error', message: oneLine(error.message) };
  }
  const meant = optionMeant(program.args);
  if (meant !== null) {
    return {
      kind: 'usage-error',
      message: `"${program.args[0]}" is no address or domain: did you mean ${meant}?`,
    };
  }
  const options = program.opts<RawOptions>();
  const garbled = optionNotInUtf8(options);
  if (garbled !== null) {
    return { kind: 'usage-error', message: `the value of ${garbled} is not in UTF-8` };
  }
  return { kind: 'run', queries: program.args, options };
}

/** Node gives U+FFFD for bytes that are no text: it would be another user, another file. */
function optionNotInUtf8(options: RawOptions): string | null {
  const found = Object.entries(options).find(([, value]) =>
    [value].flat().some((one) => typeof one === 'string' && one.includes('\ufffd')),
  );
  return found ? longOption(found[0] as keyof RawOptions) : null;
}

/** `smtp-find help`: a lone word that no mailbox has to be asked about. */
function optionMeant(args: readonly string[]): string | null {
  const [word, ...others] = args;
  if (word === undefined || others.length > 0) return null;
  return optionTable().find(({ long }) => long === `--${word.toLowerCase()}`)?.long ?? null;
}

export function helpText(width: number): string {
  let text = '';
  createProgram(width, (part) => {
    text += part;
  }).outputHelp();
  return text;
}

/** Put in by the build. */
declare const SMTP_FIND_VERSION: string | undefined;

const version = typeof SMTP_FIND_VERSION === 'string' ? SMTP_FIND_VERSION : 'development';

/** @param write takes the help and the version */
function createProgram(helpWidth: number, write: (text: string) => void): Command {
  const program = new Command('smtp-find')
    .usage('[options] <address-or-domain...>')
    .description(
      'Finds the settings for sending mail from an address, and proves that they work.\n' +
        'Reads a list from stdin when no address is given, or for "-".',
    )
    .argument('[address-or-domain...]')
    .configureHelp({ visibleArguments: () => [], minWidthToWrap: MIN_WIDTH, formatItem })
    .configureOutput({
      writeOut: write,
      writeErr: () => {},
      outputError: () => {},
      getOutHelpWidth: () => helpWidth,
      getOutHasColors: () => false,
    })
    .exitOverride();
  for (const [group, options] of Object.entries(optionGroups)) {
    program.optionsGroup(group);
    for (const { flags, description, repeatable, once } of options) {
      const option = new Option(flags, description).helpGroup(group);
      if (repeatable) option.argParser(append);
      if (once) option.argParser(onlyOnce(option));
      if (option.long === '--help') program.addHelpOption(option);
      else if (option.long === '--version') {
        program.version(`smtp-find ${version} (database ${providersDate})`, flags, description);
      } else program.addOption(option);
    }
  }
  return program.addHelpText(
    'after',
    () => `\n${[exampleText(), environmentText(helpWidth), exitCodeText(helpWidth)].join('\n\n')}`,
  );
}

function append(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

function onlyOnce({ long }: Option): (value: string, previous: string | undefined) => string {
  return (value, previous) => {
    if (previous === undefined || previous === value) return value;
    throw new CommanderError(2, 'smtp-find.givenTwice', `${long} is given twice: expected one`);
  };
}

/** Columns for what an option does; with fewer it stands below. */
const MIN_WIDTH = 20;
const USUAL_WIDTH = 80;

function formatItem(
  this: Help,
  term: string,
  termWidth: number,
  description: string,
  helper: Help,
): string {
  const width = this.helpWidth ?? USUAL_WIDTH;
  if (width - termWidth - '    '.length >= MIN_WIDTH) {
    return Help.prototype.formatItem.call(this, term, termWidth, description, helper);
  }
  return [`  ${term}`, ...hanging('      ', description, width)].join('\n');
}

export const examples: readonly (readonly [command: string, meaning: string])[] = [
  ['smtp-find you@example.com', 'the settings, readable'],
  ['smtp-find you@example.com --json | jq .settings', 'the same for scripts'],
  ['smtp-find example.com --explain', 'what was asked, and why this server won'],
  ['smtp-find --json --input list.csv > found.ndjson', 'many, one result a line'],
  ['smtp-find example.com --require verified,auth=PLAIN', 'a check for CI'],
  ['smtp-find --provider sendgrid', 'a relay service by name'],
  ['smtp-find --server smtp.example.com', 'a server that you name'],
  ['smtp-find --login you@example.com', 'whether the password works, too'],
];

function exampleText(): string {
  return ['Examples:', ...examples.map(([command]) => `  ${command}`)].join('\n');
}

function environmentText(width: number): string {
  const defaults = settings.flatMap(({ variable }) => (variable === null ? [] : [variable]));
  return [
    'Environment:',
    ...hanging('  ', 'SMTP_FIND_PASSWORD, SMTP_FIND_TOKEN: what --login tries.', width),
    ...hanging('  ', `${defaults.join(', ')}: defaults of the options.`, width),
    ...hanging(
      '  ',
      `SMTP_FIND_CONFIG: the file with more of them, instead of ${configPlaces.join(', or on Windows ')}.`,
      width,
    ),
  ].join('\n');
}

function exitCodeText(width: number): string {
  const rows = exitCodeTable.flatMap(([code, meaning]) =>
    hanging(`  ${String(code).padEnd(5)}`, meaning, width),
  );
  return [...hanging('', 'Exit codes (several queries: the worst of them):', width), ...rows].join(
    '\n',
  );
}

/** Names of formats, ours and others, to which some option may look alike. */
const FORMAT_OPTION = new RegExp(
  `^(unknown option '--(?:${[...formatNames, 'csv', 'html', 'ini', 'toml', 'xml', 'yaml'].join('|')})')[^]*`,
);
const SERVER_OPTION =
  /^(unknown option '--(?:host|hostname|port|smtp-host|smtp-port|smtp)')[\s\S]*/;
const PASSWORD_OPTION = /^unknown option '--(?:pass|password|pw|secret|token)'$/;

/**
 * commander's "error: unknown option '--jsn'\n(Did you mean --json?)" as one line, without the value
 * that it repeats: `--password=…` is what people try first.
 */
function oneLine(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/^(unknown option '(?:--[^'=]*|-[^-']))[\s\S]*'/, "$1'")
    .replace(FORMAT_OPTION, '$1 (a format is chosen with --format)')
    .replace(SERVER_OPTION, '$1 (a server is named with --server HOST:PORT)')
    .replace(PASSWORD_OPTION, '$& (a password is never an argument: see --login)')
    .replace(/\s*\n\(Did you mean (.*)\?\)\s*$/, ' (did you mean $1?)')
    .replace(/\s*\n\s*/g, ' ');
}
