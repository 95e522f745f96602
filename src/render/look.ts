/** How text is drawn: styles, signs, and names in a script the terminal can show. */
import { Chalk, type ChalkInstance } from 'chalk';
import { toALabels, toULabels } from '../domain.ts';

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
  /** One of several: begin with the query. */
  readonly heading?: boolean;
}

export type Tone = 'good' | 'doubtful' | 'bad';

export interface Look {
  readonly width: number;
  readonly style: ChalkInstance;
  /** A sign of one column. */
  mark(tone: Tone): string;
  tint(tone: Tone, text: string): string;
  host(name: string): string;
  /** A sentence with its host names in that script. */
  prose(sentence: string): string;
  readonly bullet: string;
}

/** Prose wider than this is hard to read. */
const MAX_WIDTH = 100;

const UNICODE_MARKS = { good: '✔', doubtful: '!', bad: '✖' };
const ASCII_MARKS = { good: '+', doubtful: '!', bad: 'x' };

export function createLook({ width, color, unicode }: TextOptions): Look {
  // The sixteen basic colours follow the terminal's own theme, light or dark.
  const style = new Chalk({ level: color ? 1 : 0 });
  const tints = { good: style.green, doubtful: style.yellow, bad: style.red };
  const marks = unicode ? UNICODE_MARKS : ASCII_MARKS;
  return {
    width: Math.min(width, MAX_WIDTH),
    style,
    mark: (tone) => tints[tone].bold(marks[tone]),
    tint: (tone, text) => tints[tone](text),
    host: (name) => (unicode ? toULabels(name) : name),
    prose: (sentence) => (unicode ? sentence : sentence.replace(DOTTED, (name) => ascii(name))),
    bullet: unicode ? '•' : '-',
  };
}

/** What may be a domain name: letters, digits and marks with dots between. */
const DOTTED = /[\p{L}\p{N}\p{M}_-]+(?:\.[\p{L}\p{N}\p{M}_-]+)+/gu;

function ascii(name: string): string {
  return /^[\x00-\x7f]*$/.test(name) ? name : (toALabels(name) ?? name);
}
