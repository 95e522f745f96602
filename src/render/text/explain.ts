/** `--explain`: why this server won, what each source answered, what each probe saw. */
import { encryptionWords } from '../../model/endpoint.ts';
import { printable } from '../../model/printable.ts';
import type { Report, ReportedSource, ReportedTls, SeenByProbe } from '../../report/report.ts';
import { displayWidth, hanging, pad, padStart } from './layout.ts';
import type { Style, Tone } from './style.ts';
import { probeWords, protocolWords } from './words.ts';

type Section = readonly string[];

export function renderExplanation(report: Report, style: Style): readonly Section[] {
  const { because, sources, probes = [], complete, durationMs } = report;
  return [
    because
      ? titled('Why this server', hanging('  ', style.prose(because), style.width), style)
      : [],
    titled('What was asked', sourceLines(sources, style), style),
    titled(
      'What the servers answered',
      probes.flatMap((probe) => probeLines(probe, style)),
      style,
    ),
    hanging('', `${complete ? 'Complete' : 'Not complete'}, after ${durationMs} ms.`, style.width),
  ];
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

function sourceLines(sources: readonly ReportedSource[], style: Style): Section {
  const asked = sources.filter((source) => !isIdle(source));
  return [...askedLines(eachPlaceOnce(asked), style), ...idleLines(sources.filter(isIdle), style)];
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

/** A line to scan down: sign, source, outcome, time; below it, the place, and what it said. */
function askedLines(sources: readonly ReportedSource[], style: Style): Section {
  const names = Math.max(0, ...sources.map(({ source }) => displayWidth(source)));
  const outcomes = Math.max(0, ...sources.map(({ outcome }) => outcome.length));
  const times = Math.max(0, ...sources.map(({ durationMs }) => String(durationMs).length));
  return sources.flatMap(({ source, outcome, durationMs, from, detail }) => {
    const tone = OUTCOME_TONES[outcome];
    const sign = tone ? style.mark(tone) : ' ';
    const time = `${padStart(String(durationMs), times)} ms`;
    return [
      `  ${sign} ${pad(source, names)}  ${pad(outcome, outcomes)}  ${time}`,
      ...exchange(from, style.prose(detail), style),
    ];
  });
}

/** On one line where they fit. */
function exchange(from: string, detail: string, style: Style): Section {
  const parts = [from, detail].filter((part) => part !== '');
  const line = parts.join(` ${style.arrow} `);
  const isShort = displayWidth(INDENT + line) <= style.columns;
  return (isShort && line !== '' ? [line] : parts).flatMap((part) =>
    hanging(INDENT, part, style.columns),
  );
}

const INDENT = ' '.repeat(6);

/** Little is to be said of these, so those alike share a line. */
function idleLines(sources: readonly ReportedSource[], style: Style): Section {
  const groups = new Map<string, Set<string>>();
  for (const { source, outcome, detail } of sources) {
    const reason = detail === '' ? outcome : `${outcome}, ${detail}`;
    groups.set(reason, (groups.get(reason) ?? new Set()).add(source));
  }
  return Array.from(groups, ([reason, names]) =>
    hanging('    ', `${[...names].join(', ')}: ${reason}`, style.width),
  ).flat();
}

function probeLines(probe: SeenByProbe, style: Style): Section {
  const { host, port, encryption, outcome } = probe;
  const tone = toneOf(probe);
  const word = tone === 'good' ? '' : `: ${probeWords[outcome]}`;
  const endpoint = `${style.host(host)}:${port} ${encryptionWords[encryption]}`;
  return [
    ...hanging(`  ${style.mark(tone)} `, `${endpoint}${word}`, style.width),
    ...details(probe).flatMap((detail) => hanging(INDENT, style.prose(detail), style.width)),
  ];
}

/** In the order of the conversation. */
function details(probe: SeenByProbe): Section {
  const { reason, address, durationMs, banner, serverName, tls, auth, clearAuth } = probe;
  // What AUTH says has a line of its own.
  const keywords = probe.keywords.filter((keyword) => !/^AUTH\b/.test(keyword));
  const shown = keywords.slice(0, MAX_KEYWORDS).map((keyword) => printable(keyword, MAX_KEYWORD));
  const more = keywords.length - shown.length;
  return [
    // What is well needs none.
    toneOf(probe) === 'good' ? '' : reason,
    address === null ? `after ${durationMs} ms` : `at ${address}, ${durationMs} ms`,
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
