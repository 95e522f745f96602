/** `--all`: the other servers, as a table where it fits, else as a list. */
import { encryptionWords } from '../../model/endpoint.ts';
import type { Alternative } from '../../report/report.ts';
import { displayWidth, hanging, pad } from './layout.ts';
import type { Look, Tone } from './look.ts';
import { probeWords } from './words.ts';

export function renderAlternatives(
  alternatives: readonly Alternative[],
  look: Look,
): readonly string[] {
  const title = look.style.bold('Other servers');
  if (alternatives.length === 0) return [title, '  none'];
  const rows = alternatives.map((alternative) => cells(alternative, look));
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))),
  );
  const total = widths.reduce((sum, width) => sum + width + GAP.length, 0);
  if (total > look.columns) return [title, ...alternatives.flatMap((each) => stacked(each, look))];
  const lines = rows.map((row) => row.map((cell, i) => pad(cell, widths[i] ?? 0)).join(GAP));
  return [title, ...lines.map((line) => `${GAP}${line}`.trimEnd())];
}

const GAP = '  ';

function cells(alternative: Alternative, look: Look): string[] {
  return [
    look.host(alternative.host),
    String(alternative.port),
    encryptionWords[alternative.encryption],
    outcome(alternative, look),
    sourceList(alternative),
  ];
}

function stacked(alternative: Alternative, look: Look): string[] {
  const { host, port, encryption } = alternative;
  return [
    `  ${look.host(host)}:${port} ${encryptionWords[encryption]}`,
    ...hanging('    ', `${outcome(alternative, look)} (${sourceList(alternative)})`, look.width),
  ];
}

function outcome(alternative: Alternative, look: Look): string {
  const { probe } = alternative;
  if (!probe) return `${look.mark('doubtful')} not probed`;
  return `${look.mark(toneOf(alternative))} ${probeWords[probe.outcome]}`;
}

function toneOf({ verified, probe }: Alternative): Tone {
  if (verified) return 'good';
  return probe?.outcome === 'ok' || probe === null ? 'doubtful' : 'bad';
}

function sourceList({ evidence }: Alternative): string {
  return [...new Set(evidence.map(({ source }) => source))].join(', ');
}
