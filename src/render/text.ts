/**
 * A report for people: settings first, in words to copy into a mail program's form; then whether
 * they were verified, what became of the login, the provider's notes, where they come from, and what to look out for.
 */
import type { Finding } from '../findings.ts';
import { printableDeep } from '../printable.ts';
import type { Report, ReportedEvidence, ReportedProvider, Settings } from '../report/report.ts';
import { renderAlternatives } from './alternatives.ts';
import { renderExplanation } from './explain.ts';
import { hanging, pad } from './layout.ts';
import { loginFindings, loginLines } from './login.ts';
import { createLook, type Look, type TextOptions, type Tone } from './look.ts';
import { type Status, statusOf } from './status.ts';
import { authenticationWords, encryptionWords, placeWords, usernameWords } from './words.ts';

export type { TextOptions } from './look.ts';

const INDENT = '  ';

type Section = readonly string[];

/** Pure: the same report and options give the same text. Ends with a newline unless empty. */
export function renderText(report: Report, options: TextOptions): string {
  // Made printable when it was built; once more, since a terminal is at stake.
  const shown = printableDeep(report);
  const width = options.heading ? options.width - INDENT.length : options.width;
  const look = createLook({ ...options, width });
  const sections: Section[] = [];
  if (shown.settings) sections.push(settingsLines(shown.settings, isUsernameProven(shown), look));
  const status = statusOf(shown, look);
  if (!options.quiet || !shown.settings) sections.push(statusLines(shown, status, look));
  sections.push(loginLines(shown, look, options.quiet === true));
  if (!options.quiet) {
    if (shown.provider) sections.push(providerLines(shown.provider, look));
    sections.push(originLines(shown, look));
    const told: ReadonlySet<unknown> = new Set([status.told, ...toldOfLogin(shown, options)]);
    const untold = shown.warnings.filter((warning) => !told.has(warning));
    if (shown.status !== 'error') sections.push(warningLines(untold, look));
  }
  if (options.all) sections.push(renderAlternatives(shown.alternatives, look));
  if (options.explain) sections.push(...renderExplanation(shown, look));
  if (!options.quiet) sections.push(hintLines(shown, options, look));

  const body = sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n');
  if (!options.heading) return body === '' ? '' : `${body}\n`;
  return `${headingLine(shown, look)}\n${indent(body)}\n`;
}

const TONES: { readonly [S in Report['status']]: Tone } = {
  verified: 'good',
  unverified: 'doubtful',
  'not-found': 'bad',
  error: 'bad',
};

function headingLine(report: Report, look: Look): string {
  return `${look.mark(TONES[report.status])} ${look.style.bold(report.query)}`;
}

/** All that was tried stands in the warning, of which the line about the login tells the end. */
function toldOfLogin(report: Report, { explain }: TextOptions): readonly Finding[] {
  const told = loginFindings(report);
  return explain ? told.filter(({ code }) => code !== 'login-refused') : told;
}

function isUsernameProven({ login, settings }: Report): boolean {
  return login?.outcome === 'accepted' && login.username === settings?.username;
}

const LABEL_WIDTH = 16;

function settingsLines(settings: Settings, proven: boolean, look: Look): Section {
  const { style } = look;
  const shownHost = look.host(settings.host);
  const ascii = shownHost === settings.host ? '' : ` (${settings.host})`;
  const insecure = settings.encryption === 'none' ? ' (not encrypted)' : '';
  const rows: [label: string, value: string, aside: string][] = [
    ['Server', shownHost, ascii],
    ['Port', String(settings.port), ''],
    ['Encryption', encryptionWords[settings.encryption], insecure],
    ['Authentication', authenticationWords(settings.auth) || 'not stated', ''],
    [
      'User name',
      usernameWords(settings.username),
      settings.usernameFrom === 'assumed' && !proven ? ' (assumed)' : '',
    ],
  ];
  return rows.flatMap(([label, value, aside]) => {
    const lines = hanging(pad(label, LABEL_WIDTH), value + aside, look.width, (line) =>
      aside !== '' && line.endsWith(aside)
        ? style.bold(line.slice(0, -aside.length)) + style.dim(aside)
        : style.bold(line),
    );
    return lines;
  });
}

function statusLines(report: Report, { verdict, rest }: Status, look: Look): Section {
  // Only among several, where the heading bears the mark.
  if (report.status === 'error') {
    return report.warnings.flatMap(({ message }) => hanging('', look.prose(message), look.width));
  }
  const tone = TONES[report.status];
  return hanging(`${look.mark(tone)} `, verdict + rest, look.width, (line) =>
    line.startsWith(verdict)
      ? look.tint(tone, look.style.bold(verdict)) + line.slice(verdict.length)
      : line,
  );
}

function providerLines(provider: ReportedProvider, look: Look): Section {
  const { name, notes, documentation } = provider;
  return [
    ...hanging('', name, look.width, (line) => look.style.bold(line)),
    ...notes.flatMap(({ message }) => hanging(`  ${look.bullet} `, message, look.width)),
    ...(documentation === null ? [] : hanging('  Help: ', documentation, look.width)),
  ];
}

function originLines({ settings, warnings }: Report, look: Look): Section {
  const [best, ...others] = settings?.evidence ?? [];
  if (!best) return [];
  const [preposition, place] = placeWords(best, look.host);
  const verb = best.source === 'guess' ? 'Guessed' : 'Found';
  const lead = `${verb} ${preposition} `;
  // Most answers come over plain DNS; it is news where the name could be a stranger's.
  const doubtful = warnings.some(({ code }) => code === 'host-outside-domain');
  const lines = hanging(lead, place + (doubtful ? protection(best) : ''), look.width);
  if (/^https?:/.test(best.from)) {
    lines.push(...hanging(' '.repeat(lead.length), best.from, look.width));
  }
  const seen = new Set([place]);
  for (const other of others) {
    const [where, also] = placeWords(other, look.host);
    const first = pad(`Also ${where} `, lead.length);
    if (!seen.has(also)) lines.push(...hanging(first, also, look.width));
    seen.add(also);
  }
  return lines;
}

/** Plain HTTP is already named as such. */
function protection({ source, trust }: ReportedEvidence): string {
  if (trust === 'secure' || source === 'autoconfig-http') return '';
  return ' (not protected against forgery on the way)';
}

function warningLines(warnings: readonly Finding[], look: Look): Section {
  return warnings.flatMap(({ message }) =>
    hanging(`${look.mark('doubtful')} `, look.prose(message), look.width),
  );
}

function hintLines(report: Report, { explain }: TextOptions, { style, width }: Look): Section {
  if (report.status !== 'not-found' || explain) return [];
  const hint = 'With --explain you see what was asked, and what it answered.';
  return hanging('', hint, width, (line) => style.dim(line));
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, INDENT);
}
