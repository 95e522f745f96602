/**
 * A report for people: settings first, in words to copy into a mail program's form; then what they
 * are worth: whether they were verified, what became of the login, what to look out for; the
 * provider's notes; and where all this comes from.
 */
import { isOutdated, monthInWords } from '../../model/age.ts';
import { describeOrigin } from '../../model/describe.ts';
import { printableDeep } from '../../model/printable.ts';
import type { Warning } from '../../model/warnings.ts';
import type { Report, ReportedProvider, Settings } from '../../report/report.ts';
import { renderAlternatives } from './alternatives.ts';
import { renderExplanation } from './explain.ts';
import { hanging } from './layout.ts';
import { loginLines, loginWarningsOf } from './login.ts';
import { settingsLines } from './settings.ts';
import { type Status, statusOf } from './status.ts';
import { createStyle, markedLines, type Style, type TextOptions, type Tone } from './style.ts';
import { warningWords } from './words.ts';

export type { TextOptions } from './style.ts';

const INDENT = '  ';

type Section = readonly string[];

/** Pure: the same report and options give the same text. Ends with a newline unless empty. */
export function renderText(report: Report, options: TextOptions): string {
  // Made printable when it was built; once more, since a terminal is at stake.
  const shown = printableDeep(report);
  const width = options.heading ? options.width - INDENT.length : options.width;
  const style = createStyle({ ...options, width });
  const sections: Section[] = [];
  if (shown.settings)
    sections.push(settingsLines(shown.settings, shown, style, options.quiet === true));
  sections.push(worthLines(shown, options, style));
  if (!options.quiet) {
    if (shown.provider)
      sections.push(providerLines(shown.provider, shown.warnings, options.now, style));
    // With `--explain` that is told below, of each source.
    if (!options.explain) sections.push(originLines(shown.settings, style));
  }
  if (options.all) sections.push(renderAlternatives(shown.alternatives, style));
  if (options.explain) sections.push(...renderExplanation(shown, style));
  if (!options.quiet) sections.push(hintLines(shown, options, style));

  const body = sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n');
  if (!options.heading) return body === '' ? '' : `${body}\n`;
  return `${headingLine(shown, style)}\n${indent(body)}\n`;
}

const TONES: { readonly [S in Report['status']]: Tone } = {
  verified: 'good',
  unverified: 'doubtful',
  'not-found': 'bad',
  error: 'bad',
};

function headingLine(report: Report, style: Style): string {
  return `${style.mark(TONES[report.status])} ${style.chalk.bold(style.prose(report.query))}`;
}

/** A list to run down, each item with its sign. */
function worthLines(report: Report, options: TextOptions, style: Style): Section {
  const quiet = options.quiet === true;
  const forExperts = options.explain === true;
  const status = statusOf(report, style, forExperts);
  const repeated = new Set([status.repeated, ...repeatedByLogin(report, options)]);
  const others = report.warnings.filter(
    (warning) => !repeated.has(warning) && !isImplied(warning, report),
  );
  return [
    ...(quiet && report.settings ? [] : statusLines(report, status, style)),
    ...loginLines(report, style, quiet),
    ...(quiet || report.status === 'error' ? [] : warningLines(others, style, forExperts)),
  ];
}

/** What is said elsewhere, and better. */
function isImplied({ code }: Warning, { warnings, provider }: Report): boolean {
  // That something failed, where everything did: time would not help.
  if (code === 'incomplete') {
    return warnings.some((other) => /^(?:resolver|proxy)-failed$/.test(other.code));
  }
  // The provider's note says what it means as well.
  if (code === 'oauth2-only') return provider?.notes.some((note) => note.code === code) === true;
  return false;
}

/** All that was tried stands in the warning, of which the line about the login tells the end. */
function repeatedByLogin(report: Report, { explain }: TextOptions): readonly Warning[] {
  const warnings = loginWarningsOf(report);
  return explain ? warnings.filter(({ code }) => code !== 'login-refused') : warnings;
}

function statusLines(report: Report, { verdict, rest }: Status, style: Style): Section {
  // Only among several, where the heading bears the mark.
  if (report.status === 'error') {
    return report.warnings.flatMap(({ message }) => hanging('', style.prose(message), style.width));
  }
  return markedLines(TONES[report.status], verdict, rest, style);
}

function providerLines(
  provider: ReportedProvider,
  warnings: readonly Warning[],
  now: Date,
  style: Style,
): Section {
  const { name, notes, documentation, links, confirmed } = provider;
  // It is told of already, or says nothing that could have changed.
  const said = warnings.some(({ code }) =>
    /^(?:outdated-entry|provider-without-servers)$/.test(code),
  );
  const age = confirmed !== null && !said && isOutdated(confirmed, now);
  const pages = [
    ['Access: ', links.enable],
    ['App password: ', links.appPassword === links.enable ? null : links.appPassword],
    ['Help: ', documentation],
  ] as const;
  return [
    ...hanging('Provider: ', name, style.width, (line) => style.chalk.bold(line)),
    ...notes.flatMap(({ message }) =>
      hanging(`${INDENT}${style.bullet} `, style.prose(message), style.width),
    ),
    ...(age
      ? hanging(
          `${INDENT}${style.bullet} `,
          `This entry of the database was last confirmed in ${monthInWords(confirmed)}.`,
          style.width,
        )
      : []),
    ...pages.flatMap(([label, url]) =>
      url === null ? [] : hanging(`${INDENT}${label}`, url, style.columns),
    ),
  ];
}

function originLines(settings: Settings | null, style: Style): Section {
  const [best, ...others] = settings?.evidence ?? [];
  if (!best) return [];
  const origin = describeOrigin(best);
  const also = new Set(others.map(describeOrigin));
  also.delete(origin);
  return [
    ...paragraph(origin.charAt(0).toUpperCase() + origin.slice(1), style),
    ...(/^https?:/.test(best.from) ? hanging(INDENT, best.from, style.columns) : []),
    ...[...also].flatMap((other) => paragraph(`Also ${other}`, style)),
  ];
}

function paragraph(sentence: string, style: Style): string[] {
  return hanging('', style.prose(sentence), style.width, undefined, INDENT.length);
}

function warningLines(warnings: readonly Warning[], style: Style, forExperts: boolean): Section {
  return warnings.flatMap((warning) =>
    markedLines('doubtful', '', style.prose(warningWords(warning, forExperts)), style),
  );
}

/** What to do next, where the warnings have not said it. Among several it would be a refrain. */
function hintLines(report: Report, { explain, heading }: TextOptions, { width }: Style): Section {
  if (report.status !== 'not-found' || heading) return [];
  // There was nothing to ask.
  if (report.warnings.some(({ code }) => code === 'provider-without-servers')) return [];
  const advice = [
    ...(report.warnings.length > 0
      ? []
      : ['Ask your mail provider for its outgoing (SMTP) server.']),
    ...(explain ? [] : ['With --explain you see what was asked, and what it answered.']),
  ];
  return advice.length === 0 ? [] : hanging('', advice.join(' '), width);
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, INDENT);
}
