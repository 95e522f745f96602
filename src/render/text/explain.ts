/** `--explain`: why this server won, what each source answered, what each probe saw. */
import { inMilliseconds } from '../../model/duration.ts';
import { encryptionWords, endpointKey } from '../../model/endpoint.ts';
import { printable } from '../../model/printable.ts';
import type { Report, ReportedSource, ReportedTls, SeenByProbe } from '../../report/report.ts';
import { displayWidth, hanging, pad, padStart, truncate } from './layout.ts';
import type { Style, Tone } from './style.ts';
import { probeWords, protocolWords } from './words.ts';

type Section = readonly string[];

export function renderExplanation(report: Report, style: Style): readonly Section[] {
  const { because, sources, probes = [], complete, durationMs } = report;
  return [
    because
      ? titled('Why this server', hanging('  ', style.prose(because), style.width), style)
      : [],
    titled('What was asked', sourceLines(sources, firstBehind(report), style), style),
    titled(
      'What the servers answered',
      probes.flatMap((probe) => probeLines(probe, couldNotChange(probe, report), style)),
      style,
    ),
    hanging(
      '',
      `${complete ? 'Complete' : 'Not complete'}, after ${inMilliseconds(durationMs)}.`,
      style.width,
    ),
  ];
}

/**
 * Where the sources begin that rank below a verified answer, which nothing they say could change;
 * their number where there is none.
 */
function firstBehind({ settings, sources, alternatives }: Report): number {
  // Who wants all has all.
  if (alternatives.length > 0) return sources.length;
  const [best] = settings?.verified ? settings.evidence : [];
  const last = sources.findLastIndex(
    ({ source, subject, outcome }) =>
      outcome === 'found' && source === best?.source && subject === best.subject,
  );
  if (last === -1) return sources.length;
  const next = sources.findIndex(({ source }, i) => i > last && source !== best?.source);
  return next === -1 ? sources.length : next;
}

/** Another server that is good as well. */
function couldNotChange(probe: SeenByProbe, { settings, alternatives }: Report): boolean {
  if (alternatives.length > 0) return false;
  const isAnswer = settings !== null && endpointKey(probe) === endpointKey(settings);
  return settings?.verified === true && !isAnswer && toneOf(probe) === 'good';
}

function titled(title: string, lines: Section, { chalk }: Style): Section {
  return lines.length === 0 ? [] : [chalk.bold(title), ...lines];
}

const OUTCOME_TONES: { readonly [O in ReportedSource['outcome']]: Tone | null } = {
  found: 'good',
  failed: 'bad',
  timeout: 'bad',
  nothing: null,
  skipped: null,
  cancelled: null,
};

function sourceLines(sources: readonly ReportedSource[], behind: number, style: Style): Section {
  const below = sources.slice(behind).filter(isSettled);
  const asked = eachPlaceOnce(
    sources.filter((source) => !isIdle(source) && !below.includes(source)),
  );
  const rows = asked.flatMap((source) => {
    if (source.outcome !== 'nothing') return [{ ...source, ...placeOf(source, style) }];
    const alike = asked.filter(
      (other) => other.source === source.source && other.outcome === 'nothing',
    );
    return alike[0] === source ? [folded(alike, style)] : [];
  });
  return [
    ...rowLines(rows, style),
    ...idleLines(
      below.map((source) => ({ ...source, outcome: 'nothing', detail: BELOW })),
      style,
    ),
    ...idleLines(sources.filter(isIdle), style),
  ];
}

const BELOW = 'or only a made-up name, below the answer';

/** Its answer is in, and is a guess or none. */
function isSettled({ source, outcome }: ReportedSource): boolean {
  return outcome === 'nothing' || (source === 'guess' && outcome === 'found');
}

/**
 * SRV records are looked up for two sources, of which each takes its own targets: the one that found
 * some speaks for both.
 */
function eachPlaceOnce(sources: readonly ReportedSource[]): readonly ReportedSource[] {
  return sources.filter((source) => {
    const same = sources.filter(({ from }) => from === source.from);
    const found = same.filter(({ outcome }) => outcome === 'found');
    return found.length > 0 ? found.includes(source) : same[0] === source;
  });
}

/** It was not asked, or its answer was no longer wanted. */
function isIdle({ outcome }: ReportedSource): boolean {
  return outcome === 'skipped' || outcome === 'cancelled';
}

/** A source at one place, or at all where it found nothing. */
interface Row {
  readonly source: string;
  readonly outcome: ReportedSource['outcome'];
  readonly durationMs: number;
  /** What is said of it, on one line where that fits. */
  readonly line: string;
  /** The same on lines of their own; null where the line may be cut. */
  readonly whole: readonly string[] | null;
}

/** What found something, or failed, is told in full. */
function placeOf({ from, detail }: ReportedSource, style: Style): Pick<Row, 'line' | 'whole'> {
  const whole = [from, style.prose(detail)].filter((part) => part !== '');
  return { line: whole.join(` ${style.arrow} `), whole };
}

/** All places at which a source found nothing. */
function folded(places: readonly ReportedSource[], style: Style): Row {
  const details = new Set(places.map(({ detail }) => style.prose(detail)));
  const [first] = places;
  const reasons = [...details].filter((detail) => detail !== '').join('; ');
  // That it was a web page, and which, is in the JSON.
  const isShort = first?.from.includes('://') === false;
  const line =
    places.length > 1
      ? `${places.length} places${reasons === '' ? '' : `: ${reasons}`}`
      : isShort
        ? placeOf(first, style).line
        : reasons;
  const durationMs = Math.max(0, ...places.map((place) => place.durationMs));
  return { source: first?.source ?? '', outcome: 'nothing', durationMs, line, whole: null };
}

/** A line to scan down: sign, source, outcome, time, what it said. */
function rowLines(rows: readonly Row[], style: Style): Section {
  const names = Math.max(0, ...rows.map(({ source }) => displayWidth(source)));
  const outcomes = Math.max(0, ...rows.map(({ outcome }) => outcome.length));
  const times = Math.max(0, ...rows.map(({ durationMs }) => inMilliseconds(durationMs).length));
  return rows.flatMap(({ source, outcome, durationMs, line, whole }) => {
    const tone = OUTCOME_TONES[outcome];
    const sign = tone ? style.mark(tone) : ' ';
    const time = padStart(inMilliseconds(durationMs), times);
    const start = `  ${sign} ${pad(source, names)}  ${pad(outcome, outcomes)}  ${time}`;
    const room = style.columns - displayWidth(start) - GAP.length;
    if (whole === null) {
      if (room < MIN_ROOM || (style.whole && displayWidth(line) > room)) {
        return [style.faint(start), ...hanging(INDENT, line, style.columns, style.faint)];
      }
      return [style.faint(start + GAP + truncate(line, room, style.ellipsis).trimEnd())];
    }
    if (displayWidth(line) <= room) return [line === '' ? start : start + GAP + line];
    const parts = displayWidth(INDENT + line) <= style.columns ? [line] : whole;
    return [start, ...parts.flatMap((part) => inFull(part, style))];
  });
}

const GAP = '  ';
const INDENT = ' '.repeat(6);
/** Columns, of which fewer are not worth a beginning. */
const MIN_ROOM = 24;

/** A URL stays whole, and below its source, however long it is. */
function inFull(text: string, style: Style): Section {
  return text.includes(' ') ? hanging(INDENT, text, style.columns) : [INDENT + text];
}

/** Little is to be said of these, so those alike share a line. */
function idleLines(sources: readonly ReportedSource[], style: Style): Section {
  const groups = new Map<string, Set<string>>();
  for (const { source, outcome, detail } of sources) {
    const reason = detail === '' ? outcome : `${outcome}, ${detail}`;
    groups.set(reason, (groups.get(reason) ?? new Set()).add(source));
  }
  return Array.from(groups, ([reason, names]) =>
    hanging('    ', `${[...names].join(', ')}: ${reason}`, style.width, style.faint),
  ).flat();
}

function probeLines(probe: SeenByProbe, isShort: boolean, style: Style): Section {
  const { host, port, encryption, outcome } = probe;
  const tone = toneOf(probe);
  const word = tone === 'good' ? '' : `: ${probeWords[outcome]}`;
  const endpoint = `${style.host(host)}:${port} ${encryptionWords[encryption]}`;
  const where = probe.address === null ? 'after' : `at ${probe.address},`;
  return [
    ...hanging(
      `  ${style.mark(tone)} `,
      `${endpoint}${word}, ${where} ${inMilliseconds(probe.durationMs)}`,
      style.width,
    ),
    ...(isShort ? [] : details(probe)).flatMap((detail) =>
      hanging(INDENT, style.prose(detail), style.width),
    ),
  ];
}

/** In the order of the conversation. */
function details(probe: SeenByProbe): Section {
  const { reason, banner, serverName, tls, auth, clearAuth } = probe;
  // What AUTH says has a line of its own.
  const keywords = probe.keywords.filter((keyword) => !/^AUTH\b/.test(keyword));
  const shown = keywords.slice(0, MAX_KEYWORDS).map((keyword) => printable(keyword, MAX_KEYWORD));
  const more = keywords.length - shown.length;
  return [
    // What is well needs none.
    toneOf(probe) === 'good' ? '' : reason,
    banner ? `banner: ${banner}` : '',
    tls ? `${protocolWords(tls.protocol)}, ${tls.cipher}` : '',
    tls ? certificateWords(tls) : '',
    // The banner begins with the same name (RFC 5321 §4.2), or should.
    serverName && !banner?.startsWith(serverName) ? `EHLO name: ${serverName}` : '',
    shown.length > 0 ? `keywords: ${shown.join(', ')}${more > 0 ? `, and ${more} more` : ''}` : '',
    auth.length > 0 ? `AUTH offered: ${auth.join(', ')}` : '',
    // Without encryption it is the same.
    clearAuth.length > 0 && probe.encryption !== 'none'
      ? `AUTH offered before TLS: ${clearAuth.join(', ')}`
      : '',
  ].filter((detail) => detail !== '');
}

/** No server needs more; a hostile one may fill the screen. */
const MAX_KEYWORDS = 40;
const MAX_KEYWORD = 100;

/** As `verified` has it: what answers may still not be good enough. */
function toneOf({ outcome, tls }: SeenByProbe): Tone {
  if (outcome !== 'ok') return 'bad';
  const isOutdated = /^TLSv1(?:\.1)?$/.test(tls?.protocol ?? '');
  return tls?.certificate?.problem === null && !isOutdated ? 'good' : 'doubtful';
}

function certificateWords({ certificate }: ReportedTls): string {
  if (!certificate) return '';
  const { names, issuer, validFrom, validTo, problem } = certificate;
  const dates = `${validFrom.slice(0, 10)} to ${validTo.slice(0, 10)}`;
  const fault = problem === null ? '' : `; problem: ${problem}`;
  return `certificate for ${names.join(', ') || 'no name'}, from ${issuer}, ${dates}${fault}`;
}
