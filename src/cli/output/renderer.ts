/** From reports to what is printed, in the format that was asked for. */
import type { Report } from '../../report/report.ts';
import type { CliOptions } from '../options/options.ts';
import type { Capabilities } from '../terminal.ts';

export interface Rendered {
  /** For stdout; may be empty. */
  readonly text: string;
  /** For stderr: what the format has no place for. */
  readonly note: string | null;
}

export type Renderer = (report: Report) => Rendered;

export interface RenderContext {
  readonly capabilities: Capabilities;
  /** Whether more than one answer may come. */
  readonly several: boolean;
  readonly onTerminal: boolean;
}

export function createRenderer(options: CliOptions, context: RenderContext): Promise<Renderer> {
  switch (options.format) {
    case 'json':
      return jsonRenderer(options, context);
    case 'tsv':
      return tsvRenderer(options);
    case 'text':
      return textRenderer(options, context);
    default:
      return formatRenderer(options.format, options);
  }
}

async function jsonRenderer(
  { fields }: CliOptions,
  { several, onTerminal, capabilities }: RenderContext,
): Promise<Renderer> {
  const { renderJson } = await import('../../render/json.ts');
  // Whatever reads from a pipe or a file wants JSON, also where FORCE_COLOR is set.
  const pretty = !several && onTerminal;
  const color = pretty && capabilities.color;
  return (report) => ({ text: renderJson(report, { pretty, color, fields }), note: null });
}

async function tsvRenderer(options: CliOptions): Promise<Renderer> {
  const { renderTsv, tsvHeader, usualFields } = await import('../../render/tsv.ts');
  const fields = options.fields ?? usualFields;
  const noteOn = fields.some(({ name }) => name === 'status') ? () => null : await notes(options);
  // A table is for spreadsheets, bare values are for shells.
  let header = options.header ? tsvHeader(fields) : '';
  return (report) => {
    const text = header + renderTsv(report, fields, { forSpreadsheet: options.header });
    header = '';
    return { text, note: noteOn(report) };
  };
}

async function textRenderer(
  { quiet, all, explain }: CliOptions,
  { capabilities, several, onTerminal }: RenderContext,
): Promise<Renderer> {
  const { renderText } = await import('../../render/text/text.ts');
  const separated = separator();
  return (report) => ({
    text: separated(
      renderText(report, {
        ...capabilities,
        quiet,
        all,
        explain,
        heading: several,
        whole: !onTerminal,
        now: new Date(),
      }),
    ),
    note: null,
  });
}

async function formatRenderer(name: string, options: CliOptions): Promise<Renderer> {
  const [{ formats }, noteOn] = await Promise.all([
    import('../../render/formats/index.ts'),
    notes(options),
  ]);
  const format = formats.find((known) => known.name === name);
  if (!format) throw new Error(`no format ${name}`);
  const separated = separator();
  return (report) => ({ text: separated(format.render(report)), note: noteOn(report) });
}

/** What is written goes into a file more often than before somebody's eyes: stderr says it as well. */
async function notes({ quiet, probing }: CliOptions): Promise<(report: Report) => string | null> {
  if (quiet) return () => null;
  const { shortcomings } = await import('./shortcomings.ts');
  return (report) => {
    // Without a probe nothing is verified, as was asked for.
    if (report.status === 'unverified' && !probing) return null;
    const sentences = shortcomings(report);
    return sentences.length === 0 ? null : `${report.query}: ${sentences.join(' ')}`;
  };
}

/** A blank line between answers, unless each is a line. */
function separator(): (text: string) => string {
  let between = '';
  return (text) => {
    if (text === '') return '';
    const separated = between + text;
    between = text.indexOf('\n') === text.length - 1 ? '' : '\n';
    return separated;
  };
}
