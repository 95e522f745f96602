/**
 * `tsx scripts/man-page.ts`: writes man/smtp-find.1 from the option table, so that the manual, the
 * help and the completions cannot say different things.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { conditionTable } from '../src/cli/checks/conditions.ts';
import { configPlaces, settings } from '../src/cli/config/settings.ts';
import { exitCodeTable } from '../src/cli/exit-codes.ts';
import { examples } from '../src/cli/options/parse.ts';
import {
  fieldNames,
  type OptionFacts,
  optionTable,
  sourceNames,
} from '../src/cli/options/table.ts';
import { formats } from '../src/render/formats/index.ts';

/** When what it says was last looked through by somebody. */
const DATE = '2026-11-23';

/** More than fits in the help. */
const details: Readonly<Record<string, readonly string[]>> = {
  '--format': [
    'Beside text, json and tsv (a table with a header, for spreadsheets):',
    ...formats.map(({ name, summary }) => `.IP ${text(name)} 12\n${text(summary)}`),
  ],
  '--fields': [
    `Names are separated by commas: ${fieldNames.join(', ')}; or paths as in the JSON. Without ` +
      '--format the values are printed for a shell, a line for each query, tabs between them, and ' +
      'no header.',
  ],
  '--output': [
    'It is emptied when the first result is there, not before; when --resume names the same file, ' +
      'results are appended to it. For "-", and without it, they go to standard output.',
  ],
  '--only': [`The sources are, best first: ${sourceNames.join(', ')}.`],
  '--offline': ['Such an answer is never verified, and the exit code is 0 all the same.'],
  '--login': [
    'Over a connection to the verified server only, at most three attempts, for one address given as ' +
      'an argument. The password comes from SMTP_FIND_PASSWORD, else from the first line of standard ' +
      'input when that is no terminal, else from a prompt; a token from SMTP_FIND_TOKEN. Where only ' +
      'OAuth 2.0 is taken, the prompt asks for a token, and a password is not sent.',
  ],
  '--input': [
    'May be given several times. Blank lines and lines that begin with # are left out. Of CSV the ' +
      'column named email, e-mail, mail or address is read, else the first that holds an address or ' +
      'a domain; of NDJSON the member query or email. UTF-8 and UTF-16. The first line is left out ' +
      'as a header if its first field has neither a dot nor an @.',
  ],
  '--resume': [
    'Each line of it stands for one occurrence of its query, in any order; the others are asked. ' +
      'Append the output to the same file with >>: a last line that was cut is then cut off first.',
  ],
  '--require': [
    'Separated by commas, or given more than once. They add to what is asked of an answer anyway: ' +
      'one that is not verified still fails unless --no-probe or --offline is given.',
    ...conditionTable.map(([name, meaning]) => `.IP ${text(name)} 20\n${text(meaning)}`),
  ],
  '--json': ['On a terminal it is coloured as well, unless --no-color is given.'],
  '--quiet': [
    'The summary is a line on standard error at the end of a batch of ten queries or more.',
  ],
  '--expect': [
    'Any of host=NAME, port=NUMBER, encryption=tls|starttls|none, auth=MECHANISM and ' +
      'username=NAME, separated by commas. The user name may hold %EMAILADDRESS%, ' +
      '%EMAILLOCALPART% and %EMAILDOMAIN%.',
  ],
  '--junit': [
    'A test case for each query, written when all is answered; it has the queries as typed.',
  ],
  '--prometheus': ['Replaced at once when all is answered. Labels name domains, never addresses.'],
  '--proxy': ['HTTPS_PROXY, ALL_PROXY and NO_PROXY are honoured without it.'],
};

const environment: readonly (readonly [string, string])[] = [
  [
    'NO_COLOR, FORCE_COLOR',
    'No colours when the first is set and not empty; colours, even into a pipe, when the second is set and not 0.',
  ],
  ['CI', 'When set, there is no progress line.'],
  ['TERM, LANG, LC_ALL', 'Whether colours and signs beyond ASCII are shown.'],
  ['HTTPS_PROXY, ALL_PROXY, NO_PROXY', 'As curl has them.'],
  [
    'SMTP_FIND_PASSWORD, SMTP_FIND_TOKEN',
    'What --login tries: a password, or an OAuth 2.0 access token.',
  ],
  [
    'SMTP_FIND_RESOLVER, SMTP_FIND_PROXY, SMTP_FIND_TIMEOUT, SMTP_FIND_CACERT',
    'Defaults of --resolver (several separated by commas), --proxy, --timeout and --cacert.',
  ],
  ['SMTP_FIND_CONFIG', 'Another configuration file, or none.'],
  ['SSL_CERT_FILE, SSL_CERT_DIR', 'Where else certificates to trust are looked for.'],
];

export function manPage(): string {
  const groups = new Map<string, OptionFacts[]>();
  for (const option of optionTable()) {
    groups.set(option.group, [...(groups.get(option.group) ?? []), option]);
  }
  return `${[
    '.\\" Made by scripts/man-page.ts. Do not edit.',
    `.TH SMTP-FIND 1 ${DATE} smtp-find "User Commands"`,
    // Words whole and spaces single, so that names can be copied.
    '.nh',
    '.ad l',
    '.SH NAME',
    'smtp-find \\- find the settings for sending mail from an address',
    '.SH SYNOPSIS',
    '.B smtp-find',
    '.RI [ options ] " address-or-domain" ...',
    '.SH DESCRIPTION',
    text(
      'Finds the SMTP submission server of a mail address or domain, with port, encryption, ' +
        'authentication and user name, and connects to the server to see that they work. It looks ' +
        'in a bundled database of mail providers and in what the domain publishes. There is no ' +
        'login, unless --login asks for one, and never a message.',
    ),
    '.PP',
    text(
      'Without an argument, and for "-", a list of addresses and domains is read from standard ' +
        'input; on a terminal one address is asked for. What people paste is taken: names and angle brackets, mailto: links, quotes, ' +
        'several separated by commas; standard error then says what was understood. ' +
        'Results go to standard output, everything else to standard error.',
    ),
    '.SH OPTIONS',
    ...[...groups].flatMap(([group, options]) => [
      `.SS ${text(group.replace(/:$/, ''))}`,
      ...options.map(optionLines),
    ]),
    '.SH EXIT STATUS',
    'With several queries the worst, in the order 2, 5, 4, 1, 3, 0.',
    ...exitCodeTable.map(([code, meaning]) => `.TP\n.B ${code}\n${text(sentence(meaning))}`),
    '.SH ENVIRONMENT',
    ...environment.map(([names, meaning]) => `.TP\n.B ${text(names)}\n${text(meaning)}`),
    '.SH FILES',
    '.TP\n.B $XDG_CONFIG_HOME/smtp\\-find/config.json',
    `.TQ\n.B ${text(configPlaces[0])}`,
    `.TQ\n.B ${text(configPlaces[1])} (Windows)`,
    text(
      `Defaults, as JSON with the keys ${settings.map(({ key }) => key).join(', ')}. Options and the ` +
        'environment come first. --show-config tells what holds.',
    ),
    '.SH EXAMPLES',
    ...examples.map(([command, meaning]) => `.TP\n.B ${text(command)}\n${text(sentence(meaning))}`),
    '.SH SEE ALSO',
    '.BR msmtp (1),',
    '.BR swaks (1),',
    '.BR git\\-send\\-email (1),',
    '.BR parallel (1)',
    '.PP',
    'RFC 6186, RFC 6409, RFC 8314.',
  ].join('\n')}\n`;
}

function optionLines({ short, long, value, description }: OptionFacts): string {
  const names = [...(short ? [short] : []), long].map((name) => `\\fB${text(name)}\\fR`);
  const argument = value === undefined ? '' : ` \\fI${text(value)}\\fR`;
  const [more, ...rest] = details[long] ?? [];
  return [
    '.TP',
    `${names.join(', ')}${argument}`,
    text(sentence(description)),
    ...(more === undefined ? [] : [text(more)]),
    ...(rest.length === 0 ? [] : ['.RS', ...rest, '.RE']),
  ].join('\n');
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.:]$/.test(words) ? '' : '.'}`;
}

/** Plain text as roff takes it literally: hyphens that can be copied, no request by accident. */
function text(words: string): string {
  return words
    .replace(/(.{1,72})(?: +|$)/g, '$1\n')
    .trimEnd()
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1')
    .replaceAll('…', '...');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = new URL('../man/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('smtp-find.1', folder), manPage());
}
