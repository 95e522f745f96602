/** The settings as rows to copy into a program's form, and what to choose where there is a choice. */
import type { SourceName } from '../../model/candidate.ts';
import { type Endpoint, encryptionWords } from '../../model/endpoint.ts';
import type { Report, Settings } from '../../report/report.ts';
import { mechanismNamed, takesToken } from '../../sasl/mechanisms.ts';
import { hanging, pad } from './layout.ts';
import type { Style } from './style.ts';
import { authenticationWords, usernameWords } from './words.ts';

const LABEL_WIDTH = 16;

type Row = readonly [label: string, value: string, ...asides: readonly (string | false)[]];

/** @param quiet the fields alone */
export function settingsLines(
  settings: Settings,
  report: Report,
  style: Style,
  quiet: boolean,
): readonly string[] {
  const { host, port, encryption, auth, username, usernameFrom } = settings;
  const shownHost = style.host(host);
  const advice = quiet ? null : whichSignIn(settings, report);
  return [
    ...rowLines(['Server', shownHost, shownHost !== host && host], style),
    ...rowLines(['Port', String(port)], style),
    ...rowLines(
      ['Encryption', encryptionWords[encryption], encryption === 'none' && 'not encrypted'],
      style,
    ),
    ...rowLines(['Authentication', authenticationWords(auth) || missingAuth(report)], style),
    ...(advice === null ? [] : hanging(pad('', LABEL_WIDTH), advice, style.width)),
    ...rowLines(
      [
        'User name',
        // As it is sent: few servers know a name that is not ASCII, and `--login` tries this one.
        usernameWords(username),
        style.address(username) !== username && style.address(username),
        usernameFrom === 'assumed' && !isUsernameProven(report) && assumedWords(report, quiet),
      ],
      style,
    ),
    ...(quiet ? [] : furtherRows(settings, report, style).flatMap((row) => rowLines(row, style))),
  ];
}

/** What a form may ask for besides, and what to put in where it takes no such settings. */
function furtherRows(
  { encryption, evidence }: Settings,
  { provider, email, alsoOffered }: Report,
  style: Style,
): readonly Row[] {
  const isKnownToBeThere = evidence[0] !== undefined && !ABOUT_OTHERS.includes(evidence[0].source);
  const isBound =
    isKnownToBeThere && provider?.notes.some(({ code }) => code === 'sender-must-match') === true;
  const isForOld = encryption === 'tls' && alsoOffered[0]?.encryption === 'starttls';
  return [
    ...(isBound && email !== null
      ? [['Sender', style.address(email), 'others only as the note below allows'] as const]
      : []),
    ...(alsoOffered.length > 0
      ? [
          [
            'Also listed',
            alsoOffered.map(portWords).join('; '),
            isForOld && 'if a device knows only STARTTLS',
          ] as const,
        ]
      : []),
  ];
}

/** Sources that do not prove that the address is the provider's. */
const ABOUT_OTHERS: readonly SourceName[] = ['given', 'mail-records', 'guess'];

function portWords({ port, encryption }: Endpoint): string {
  return `port ${port}, ${encryptionWords[encryption]}`;
}

/** Which of several ways to sign in, as far as the provider's notes tell; null where there is no choice. */
function whichSignIn({ auth, oauth }: Settings, { provider }: Report): string | null {
  const withPassword = auth.filter((name) => mechanismNamed(name)?.takes === 'password');
  const withToken = auth.filter(takesToken);
  const note = (code: string) => provider?.notes.find((each) => each.code === code);
  if (withToken.length === 0) return null;
  if (withPassword.length === 0) {
    // The note says it as well, and more.
    return note('oauth2-only') ? null : 'a printer or program without OAuth 2.0 cannot send';
  }
  const appPassword = note('app-password');
  const isForFew = oauth?.registration === 'approval' || oauth?.registration === 'closed';
  const [first = ''] = withPassword;
  const password = mechanismNamed(first)?.label ?? first;
  if (!appPassword) {
    if (note('passwords-ending'))
      return 'choose OAuth2 if the program has it: passwords are ending';
    if (isForFew) return `choose ${password}: OAuth2 is for approved programs`;
    const either = `OAuth2 if the program has it, else ${password}`;
    return note('admin-must-enable') ? `${either}, once an administrator allows it` : either;
  }
  const which =
    appPassword.when === 'two-factor'
      ? `${password}, or an app password with two-factor`
      : `${password} with an app password`;
  return `${isForFew ? 'choose' : 'simplest:'} ${which}`;
}

function isUsernameProven({ login, settings }: Report): boolean {
  return login?.outcome === 'accepted' && login.username === settings?.username;
}

/** Of a server that was named alone nobody has asked who signs in, so that no warning tells it. */
function assumedWords({ domain }: Report, quiet: boolean): string {
  return quiet || domain !== null
    ? 'assumed'
    : 'assumed: if it is refused, try the part before the @';
}

function missingAuth({ warnings }: Report): string {
  return warnings.some(({ code }) => code === 'no-auth') ? 'none offered' : 'not stated';
}

function rowLines([label, value, ...asides]: Row, style: Style): readonly string[] {
  const aside = asides.filter((words) => words !== false).join('; ');
  const text = aside === '' ? value : `${value} (${aside})`;
  return hanging(pad(label, LABEL_WIDTH), text, style.columns, boldUpTo(value.length, style));
}

/** Bold as far as the value goes, on however many lines. */
function boldUpTo(length: number, { chalk }: Style): (line: string) => string {
  let left = length;
  return (line) => {
    const value = line.slice(0, left);
    left = Math.max(0, left - line.length - 1);
    return value === '' ? line : chalk.bold(value) + line.slice(value.length);
  };
}
