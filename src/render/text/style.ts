/** How text is drawn: colours, signs, and names in a script the terminal can show. */
import { Chalk, type ChalkInstance } from 'chalk';
import { toALabels, toULabels } from '../../model/domain.ts';
import { hanging } from './layout.ts';

export interface TextOptions {
  /** Columns. */
  readonly width: number;
  readonly color: boolean;
  /** False: signs and host names in ASCII. */
  readonly unicode: boolean;
  /** The settings only. */
  readonly quiet?: boolean;
  readonly all?: boolean;
  readonly explain?: boolean;
  /** Cut nothing: it is no screen that it goes to. */
  readonly whole?: boolean;
  /** One of several: begin with the query. */
  readonly heading?: boolean;
  /** Tells how old the database's entry is. */
  readonly now: Date;
}

export type Tone = 'good' | 'doubtful' | 'bad';

export interface Style {
  /** Columns for prose. */
  readonly width: number;
  /** Columns there are, for tables and for what is copied. */
  readonly columns: number;
  readonly chalk: ChalkInstance;
  /** Whether nothing may be cut. */
  readonly whole: boolean;
  /** A sign of one column. */
  mark(tone: Tone): string;
  host(name: string): string;
  /** An address, or what else stands before the domain of one. */
  address(text: string): string;
  /** A sentence with its host names in that script. */
  prose(sentence: string): string;
  /** For what need not be read. */
  faint(line: string): string;
  readonly bullet: string;
  readonly arrow: string;
  readonly ellipsis: string;
}

/** Prose wider than this is hard to read. */
const MAX_WIDTH = 100;

const UNICODE_MARKS = { good: '✔', doubtful: '!', bad: '✖' };
const ASCII_MARKS = { good: '+', doubtful: '!', bad: 'x' };

export function createStyle({
  width,
  color,
  unicode,
  whole = false,
}: Omit<TextOptions, 'now'>): Style {
  // The sixteen basic colours follow the terminal's own theme, light or dark. Even so some are hard
  // to read (yellow on white, whatever is dim, and bold makes many brighter): signs alone have them, and dim
  // is what need not be read.
  const chalk = new Chalk({ level: color ? 1 : 0 });
  const tints = { good: chalk.green, doubtful: chalk.yellow, bad: chalk.red };
  const marks = unicode ? UNICODE_MARKS : ASCII_MARKS;
  const host = (name: string): string => (unicode ? toULabels(name) : name);
  return {
    width: Math.min(width, MAX_WIDTH),
    columns: width,
    whole,
    chalk,
    mark: (tone) => tints[tone](marks[tone]),
    host,
    address: (text) => text.replace(/(?<=@)[^@]+$/, host),
    prose: (sentence) => (unicode ? sentence : ascii(sentence)),
    faint: chalk.dim,
    bullet: unicode ? '•' : '-',
    arrow: unicode ? '→' : '->',
    ellipsis: unicode ? '…' : '...',
  };
}

/** What may be a domain name: letters, digits and marks with dots between, but not before an @. */
const DOTTED =
  /(?<![\p{L}\p{N}\p{M}_.-])[\p{L}\p{N}\p{M}_-]+(?:\.[\p{L}\p{N}\p{M}_-]+)+(?![\p{L}\p{N}\p{M}_.-]*@)/gu;

/** Names in A-labels, and our own signs spelled out; the letters of others stay. */
function ascii(sentence: string): string {
  if (/^[\x00-\x7f]*$/.test(sentence)) return sentence;
  return sentence
    .replace(DOTTED, (name) => toALabels(name) ?? name)
    .replaceAll('§', 'section ')
    .replaceAll('…', '...');
}

/** A paragraph below its mark, with the verdict that it begins with in bold. */
export function markedLines(tone: Tone, verdict: string, rest: string, style: Style): string[] {
  return hanging(`${style.mark(tone)} `, verdict + rest, style.width, (line) =>
    verdict !== '' && line.startsWith(verdict)
      ? style.chalk.bold(verdict) + line.slice(verdict.length)
      : line,
  );
}
