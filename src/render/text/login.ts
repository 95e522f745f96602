/** What became of the login, in lines: the answer, then what the user can do about it. */
import type { Warning, WarningCode } from '../../model/warnings.ts';
import type { Report, ReportedLogin, ReportedProvider } from '../../report/report.ts';
import { hanging } from './layout.ts';
import { markedLines, type Style, type Tone } from './style.ts';

/** The warnings that belong to each outcome. */
const ABOUT: { readonly [O in ReportedLogin['outcome']]: readonly WarningCode[] } = {
  accepted: ['sender-refused'],
  refused: ['login-refused', 'app-password-wanted', 'smtp-auth-disabled', 'oauth2-only'],
  temporary: ['login-temporary'],
  'not-tried': ['login-not-tried'],
};

/** Notes that may be why a good password is refused. */
const IS_ABOUT_SIGN_IN: Readonly<Record<string, true>> = {
  'app-password': true,
  'oauth2-only': true,
  'enable-smtp-access': true,
  'admin-must-enable': true,
};

/** The warnings about a login; none when all went well, or none was asked for. */
export function loginWarningsOf({ login, warnings }: Report): readonly Warning[] {
  return login === null ? [] : warnings.filter(({ code }) => ABOUT[login.outcome].includes(code));
}

/** @param notes whether to repeat what the provider says, where nothing else does */
export function loginLines(report: Report, style: Style, notes: boolean): readonly string[] {
  const { login, email, provider } = report;
  if (login === null) return [];
  const warnings = loginWarningsOf(report);
  const messageOf = (code: WarningCode): string =>
    warnings.find((found) => found.code === code)?.message ?? '';
  switch (login.outcome) {
    case 'accepted':
      return [
        ...line('good', 'Login accepted', `${how(login)}${sender(login, email, style)}.`, style),
        ...warnings.flatMap(({ message }) => line('doubtful', '', message, style)),
      ];
    case 'refused': {
      const why = login.reply === null ? `. ${messageOf('login-refused')}` : `: ${login.reply}`;
      // The provider may be known for what the server says.
      const advice = new Set(
        warnings.filter(({ code }) => code !== 'login-refused').map(({ message }) => message),
      );
      return [
        ...line('bad', 'Login refused', `${how(login)}${withStop(why)}`, style),
        ...[...advice].flatMap((message) => line('doubtful', '', message, style)),
        ...(notes && provider ? noteLines(provider, style) : []),
      ];
    }
    case 'temporary':
      return line('doubtful', 'Login not checked', `. ${messageOf('login-temporary')}`, style);
    case 'not-tried': {
      const message = messageOf('login-not-tried');
      const [lead = ''] = message.split(':', 1);
      return line('doubtful', lead, message.slice(lead.length), style);
    }
  }
}

function line(tone: Tone, verdict: string, rest: string, style: Style): readonly string[] {
  return markedLines(tone, verdict, style.prose(rest), style);
}

/** ` (PLAIN) as you@example.com` */
function how({ mechanism, username }: ReportedLogin): string {
  return (
    (mechanism === null ? '' : ` (${mechanism})`) + (username === null ? '' : ` as ${username}`)
  );
}

/** The warning says it where it may not. */
function sender({ maySendAs }: ReportedLogin, email: string | null, style: Style): string {
  if (email === null || maySendAs === false) return '';
  const shown = style.address(email);
  return maySendAs
    ? `; may send as ${shown}`
    : `; whether it may send as ${shown} could not be learnt`;
}

function withStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function noteLines({ notes, documentation }: ReportedProvider, style: Style): readonly string[] {
  const advice = notes.filter(({ code }) => IS_ABOUT_SIGN_IN[code]);
  return [
    ...advice.flatMap(({ message }) =>
      hanging(`  ${style.bullet} `, style.prose(message), style.width),
    ),
    ...(advice.length === 0 || documentation === null
      ? []
      : hanging('  Help: ', documentation, style.width)),
  ];
}
