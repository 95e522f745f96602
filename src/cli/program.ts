/** The command line as declared: options, help, and nothing of what they mean. */
import { Command, CommanderError, Option } from 'commander';
import { exitCodeTable } from './exit-codes.ts';
import { versionLine } from './version.ts';

/** Options as typed, not yet checked. */
export interface RawOptions {
  readonly json?: true;
  readonly format?: string;
  readonly all?: true;
  readonly explain?: true;
  readonly probe: boolean;
  readonly offline?: true;
  readonly provider?: string;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly timeout?: string;
  readonly sendAddress?: true;
  readonly resolver?: readonly string[];
  readonly connectTo?: readonly string[];
  readonly cacert?: readonly string[];
  readonly ipv4?: true;
  readonly ipv6?: true;
  readonly publicOnly?: true;
  readonly ispdb?: string;
  readonly concurrency?: string;
  readonly quiet?: true;
  readonly color: boolean;
  readonly progress: boolean;
}

export type Parsed =
  | { readonly kind: 'run'; readonly queries: readonly string[]; readonly options: RawOptions }
  /** `--help` or `--version`: text for stdout. */
  | { readonly kind: 'text'; readonly text: string }
  /** One line that says what is wrong. */
  | { readonly kind: 'wrong'; readonly message: string };

const EXAMPLES = `Examples:
  smtp-find you@example.com
  smtp-find you@example.com --json | jq .settings
  smtp-find example.com --explain
  smtp-find --json < addresses.txt > settings.ndjson
  smtp-find --provider sendgrid`;

/** @param helpWidth columns for the help text */
export function parseArguments(argv: readonly string[], helpWidth: number): Parsed {
  let text = '';
  const program = declare();
  program.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    writeErr: () => {},
    outputError: () => {},
    getOutHelpWidth: () => helpWidth,
    getOutHasColors: () => false,
  });
  program.exitOverride();
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'text', text };
    return { kind: 'wrong', message: oneLine(error.message) };
  }
  return { kind: 'run', queries: program.args, options: program.opts<RawOptions>() };
}

export function helpText(width: number): string {
  const help = declare();
  help.configureOutput({ getOutHelpWidth: () => width, getOutHasColors: () => false });
  let text = '';
  help.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  help.outputHelp();
  return text;
}

function declare(): Command {
  const program = new Command('smtp-find')
    .usage('[options] <address-or-domain...>')
    .description(
      'Finds the settings for sending mail from an address, and proves that they work.\n' +
        'Reads one address or domain per line from stdin when none is given, or for "-".',
    )
    .argument('[address-or-domain...]')
    .configureHelp({ visibleArguments: () => [], minWidthToWrap: 20 });

  program
    .optionsGroup('Output:')
    .option('--json', 'JSON: one object per query, one per line for several')
    .option('-f, --format <name>', 'text (default) or json')
    .option('-a, --all', 'every server that was found, with its probe')
    .option('-e, --explain', 'what each source answered, and why this server won')
    .option('-q, --quiet', 'the settings only: no warnings, no progress')
    .option('--no-color', 'no colours (NO_COLOR and FORCE_COLOR are honoured)')
    .option('--no-progress', 'no progress line on stderr');

  program
    .optionsGroup('Where to look:')
    .option('--provider <name>', 'the settings of a named provider or relay service')
    .option('--offline', 'the bundled database only, no network at all')
    .option('--no-probe', 'do not contact SMTP servers')
    .addOption(listOption('--only <sources>', 'only these sources, separated by commas'))
    .addOption(listOption('--skip <sources>', 'all but these sources'))
    .option('--ispdb <url>', "another base URL for Thunderbird's ISPDB")
    .option('--send-address', "let the domain's own HTTPS hosts see the full address");

  program
    .optionsGroup('Network:')
    .option('-t, --timeout <seconds>', 'deadline for each query (default 10)')
    .option('-j, --concurrency <n>', 'queries at the same time (default 8)')
    .addOption(listOption('--resolver <ip[:port]>', 'which DNS resolver to ask'))
    .addOption(
      listOption('--connect-to <spec>', 'HOST1:PORT1:HOST2:PORT2, connect to 2 instead of 1'),
    )
    .addOption(listOption('--cacert <file>', 'also trust these certificates (PEM)'))
    .option('-4, --ipv4', 'IPv4 only')
    .option('-6, --ipv6', 'IPv6 only')
    .option('--public-only', 'refuse servers on private addresses');

  program
    .optionsGroup('About:')
    .version(versionLine, '-V, --version', 'show the version and the date of the database')
    .addHelpOption(new Option('-h, --help', 'show this help').helpGroup('About:'))
    .addHelpText('after', `\n${EXAMPLES}\n\n${exitCodes()}`);
  return program;
}

/** May be given more than once. */
function listOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(
    (value: string, previous: readonly string[] | undefined) => [...(previous ?? []), value],
  );
}

function exitCodes(): string {
  const rows = exitCodeTable.map(([code, meaning]) => `  ${String(code).padEnd(5)}${meaning}`);
  return ['Exit codes (several queries: the worst of them):', ...rows].join('\n');
}

/** commander's "error: unknown option '--jsn'\n(Did you mean --json?)" as one line. */
function oneLine(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/\s*\n\(Did you mean (.*)\?\)\s*$/, ' (did you mean $1?)')
    .replace(/\s*\n\s*/g, ' ');
}
