/** The command line as declared: every option in its group. Help, completion and manual follow it. */
import { Command, Help, Option } from 'commander';
import { hanging } from '../../render/text/layout.ts';
import { exitCodeTable } from '../exit-codes.ts';
import { versionLine } from '../version.ts';
import { formatNames } from './format-names.ts';

export const examples: readonly (readonly [command: string, meaning: string])[] = [
  ['smtp-find you@example.com', 'the settings, readable'],
  ['smtp-find you@example.com --json | jq .settings', 'the same for scripts'],
  ['smtp-find example.com --explain', 'what was asked, and why this server won'],
  ['smtp-find --json --input list.csv > found.ndjson', 'many, one result a line'],
  ['smtp-find example.com --require verified,auth=PLAIN', 'a check for CI'],
  ['smtp-find --provider sendgrid', 'a relay service by name'],
  ['smtp-find --login you@example.com', 'whether the password works, too'],
];

export function declare(): Command {
  const program = new Command('smtp-find')
    .usage('[options] <address-or-domain...>')
    .description(
      'Finds the settings for sending mail from an address, and proves that they work.\n' +
        'Reads one address or domain per line from stdin when none is given, or for "-".',
    )
    .argument('[address-or-domain...]')
    .configureHelp({ visibleArguments: () => [], minWidthToWrap: MIN_WIDTH, formatItem });

  program
    .optionsGroup('Output:')
    .option('--json', 'JSON: one object per query, one per line for several')
    .option('-f, --format <name>', FORMATS)
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
    .optionsGroup('Login:')
    .option('--login', 'also try the credentials (SMTP_FIND_PASSWORD, stdin, or a prompt)')
    .option('--user <name>', 'the user name, where it is not the address')
    .addOption(
      listOption(
        '--accept-host <host>',
        'log in to it even if only an unprotected answer names it',
      ),
    );

  program
    .optionsGroup('Many queries:')
    .option('--input <file>', 'from lines or the first column of CSV; - is stdin')
    .option('-j, --concurrency <n>', 'queries at the same time (default 8)')
    .option('--unordered', 'results as they come, not in the order of the input')
    .option('--resume <file>', 'leave out what this earlier --json output answers');

  program
    .optionsGroup('For CI:')
    .addOption(
      listOption('--require <conditions>', 'fail unless they hold, like verified,tls,auth=PLAIN'),
    )
    .addOption(
      listOption('--expect <settings>', 'fail if the answer differs, like host=NAME,port=465'),
    );

  program
    .optionsGroup('Network:')
    .option('-t, --timeout <seconds>', 'deadline for each query (default 20)')
    .addOption(
      listOption(
        '--resolver <server>',
        'which DNS resolver: IP[:PORT], https://HOST/dns-query, tls://HOST',
      ),
    )
    .addOption(
      listOption('--connect-to <spec>', 'HOST1:PORT1:HOST2:PORT2, connect to 2 instead of 1'),
    )
    .option('-x, --proxy <url>', 'go through this proxy: http://, https:// or socks5://')
    .addOption(listOption('--cacert <file>', 'also trust these certificates (PEM)'))
    .option('-4, --ipv4', 'IPv4 only')
    .option('-6, --ipv6', 'IPv6 only')
    .option('--public-only', 'refuse servers on private addresses');

  program
    .optionsGroup('About:')
    .option('--completion <shell>', 'print completions for bash, zsh or fish')
    .version(versionLine, '-V, --version', 'show the version and the date of the database')
    .addHelpOption(new Option('-h, --help', 'show this help').helpGroup('About:'))
    .addHelpText(
      'after',
      ({ command }) => `\n${exampleText()}\n\n${exitCodeText(widthOf(command))}`,
    );
  return program;
}

const FORMATS = formatNames.join(', ').replace('text', 'text (default)');

/** May be given more than once. */
function listOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(
    (value: string, previous: readonly string[] | undefined) => [...(previous ?? []), value],
  );
}

/** Columns for what an option does; with fewer it stands below. */
const MIN_WIDTH = 20;

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

const USUAL_WIDTH = 80;

function widthOf(command: Command): number {
  return command.configureOutput().getOutHelpWidth?.() ?? USUAL_WIDTH;
}

function exampleText(): string {
  return ['Examples:', ...examples.map(([command]) => `  ${command}`)].join('\n');
}

function exitCodeText(width: number): string {
  const rows = exitCodeTable.flatMap(([code, meaning]) =>
    hanging(`  ${String(code).padEnd(5)}`, meaning, width),
  );
  return [...hanging('', 'Exit codes (several queries: the worst of them):', width), ...rows].join(
    '\n',
  );
}
