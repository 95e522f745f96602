/** `--all`: the other servers, as a table where it fits, else as a list. */
import { encryptionWords } from '../../model/endpoint.ts';
import type { Alternative } from '../../report/report.ts';
import { displayWidth, hanging, pad } from './layout.ts';
import type { Style, Tone } from './style.ts';
import { probeWords } from './words.ts';

export function renderAlternatives(
  alternatives: readonly Alternative[],
  style: Style,
): readonly string[] {
  const title = style.chalk.bold('Other servers');
  if (alternatives.length === 0) return [title, '  none'];
  const rows = alternatives.map((alternative) => cells(alternative, style));
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))),
  );
  const total = widths.reduce((sum, width) => sum + width + GAP.length, 0);
  if (total > style.columns)
    return [title, ...alternatives.flatMap((each) => stacked(each, style))];
  const lines = rows.map((row) => row.map((cell, i) => pad(cell, widths[i] ?? 0)).join(GAP));
  return [title, ...lines.map((line) => `${GAP}${line}`.trimEnd())];
}

const GAP = '  ';

function cells(alternative: Alternative, style: Style): string[] {
  return [
    style.host(alternative.host),
    String(alternative.port),
    encryptionWords[alternative.encryption],
    outcome(alternative, style),
    sourceList(alternative),
  ];
}

function stacked(alternative: Alternative, style: Style): string[] {
  const { host, port, encryption } = alternative;
  return [
    `  ${style.host(host)}:${port} ${encryptionWords[encryption]}`,
    ...hanging('    ', `${outcome(alternative, style)} (${sourceList(alternative)})`, style.width),
  ];
}

function outcome(alternative: Alternative, style: Style): string {
  const { probe } = alternative;
  if (!probe) return `${style.mark('doubtful')} not probed`;
  return `${style.mark(toneOf(alternative))} ${probeWords[probe.outcome]}`;
}

function toneOf({ verified, probe }: Alternative): Tone {
  if (verified) return 'good';
  return probe?.outcome === 'ok' || probe === null ? 'doubtful' : 'bad';
}

function sourceList({ evidence }: Alternative): string {
  return [...new Set(evidence.map(({ source }) => source))].join(', ');
}
