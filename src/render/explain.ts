/** `--explain`: why this server won, what each source answered, what each probe saw. */
import type {
  Alternative,
  Report,
  ReportedProbe,
  ReportedSource,
  Settings,
} from '../report/report.ts';
import { displayWidth, hanging, pad, padStart } from './layout.ts';
import type { Look, Tone } from './look.ts';
import { encryptionWords, probeWords, protocolWords } from './words.ts';

type Section = readonly string[];

export function renderExplanation(report: Report, look: Look): readonly Section[] {
  const { because, settings, alternatives, sources, complete, durationMs } = report;
  const probed: readonly (Settings | Alternative)[] = settings
    ? [settings, ...alternatives]
    : alternatives;
  return [
    because ? titled('Why this server', hanging('  ', look.prose(because), look.width), look) : [],
    titled('What was asked', sourceLines(sources, look), look),
    titled(
      'What the servers answered',
      probed.flatMap((each) => serverLines(each, look)),
      look,
    ),
    hanging('', `${complete ? 'Complete' : 'Not complete'}, after ${durationMs} ms.`, look.width),
  ];
}

function titled(title: string, lines: Section, { style }: Look): Section {
  return lines.length === 0 ? [] : [style.bold(title), ...lines];
}

const OUTCOME_TONES: { readonly [O in ReportedSource['outcome']]: Tone | null } = {
  found: 'good',
  failed: 'bad',
  timeout: 'bad',
  nothing: null,
  skipped: null,
  cancelled: null,
};

function sourceLines(sources: readonly ReportedSource[], look: Look): Section {
  const asked = sources.filter((source) => !isIdle(source));
  return [...askedLines(asked, look), ...idleLines(sources.filter(isIdle), look)];
}

/** It was not asked, or its answer was no longer wanted. */
function isIdle({ outcome }: ReportedSource): boolean {
  return outcome === 'skipped' || outcome === 'cancelled';
}

/** A line to scan down: sign, source, outcome, time; below it, the place and what it said. */
function askedLines(sources: readonly ReportedSource[], look: Look): Section {
  const names = Math.max(0, ...sources.map(({ source }) => displayWidth(source)));
  const outcomes = Math.max(0, ...sources.map(({ outcome }) => outcome.length));
  const times = Math.max(0, ...sources.map(({ durationMs }) => String(durationMs).length));
  return sources.flatMap(({ source, outcome, durationMs, from, detail }) => {
    const tone = OUTCOME_TONES[outcome];
    const sign = tone ? look.mark(tone) : ' ';
    const word = pad(outcome, outcomes);
    const time = `${padStart(String(durationMs), times)} ms`;
    return [
      `  ${sign} ${pad(source, names)}  ${tone ? look.tint(tone, word) : word}  ${time}`,
      ...(from === '' ? [] : hanging('      ', from, look.width, (line) => look.style.dim(line))),
      ...(detail === '' ? [] : hanging('      ', detail, look.width)),
    ];
  });
}

/** Little is to be said of these, so those alike share a line. */
function idleLines(sources: readonly ReportedSource[], look: Look): Section {
  const groups = new Map<string, Set<string>>();
  for (const { source, outcome, detail } of sources) {
    const reason = detail === '' ? outcome : `${outcome}, ${detail}`;
    groups.set(reason, (groups.get(reason) ?? new Set()).add(source));
  }
  return Array.from(groups, ([reason, names]) =>
    hanging('    ', `${[...names].join(', ')}: ${reason}`, look.width),
  ).flat();
}

function serverLines(server: Settings | Alternative, look: Look): Section {
  const { host, port, encryption, verified, tls } = server;
  const probe = 'probe' in server ? (server.probe as ReportedProbe | null) : undefined;
  if (!probe && !tls) return [];
  const tone: Tone = verified ? 'good' : probe?.outcome === 'ok' || !probe ? 'doubtful' : 'bad';
  const word = probe && !verified ? `: ${probeWords[probe.outcome]}` : '';
  const endpoint = `${look.host(host)}:${port} ${encryptionWords[encryption]}`;
  const details = [
    probe?.reason,
    probe?.address ? `at ${probe.address}, ${probe.durationMs} ms` : undefined,
    probe?.banner ? `banner: ${probe.banner}` : undefined,
    tls ? `${protocolWords(tls.protocol)}, ${tls.cipher}` : undefined,
    certificateWords(tls),
    server.auth.length > 0 ? `mechanisms: ${server.auth.join(', ')}` : undefined,
  ].filter((detail) => detail !== undefined && detail !== '');
  return [
    ...hanging(`  ${look.mark(tone)} `, `${endpoint}${word}`, look.width),
    ...details.flatMap((detail) => hanging('      ', detail ?? '', look.width)),
  ];
}

function certificateWords(tls: Settings['tls']): string | undefined {
  if (!tls?.certificate) return undefined;
  const { names, issuer, validFrom, validTo, problem } = tls.certificate;
  const dates = `${validFrom.slice(0, 10)} to ${validTo.slice(0, 10)}`;
  const fault = problem === null ? '' : `; problem: ${problem}`;
  return `certificate for ${names.join(', ') || 'no name'}, from ${issuer}, ${dates}${fault}`;
}
