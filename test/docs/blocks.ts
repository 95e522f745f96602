/** What the documents show: blocks of code, and the commands in them. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { helpText } from '../../src/cli/options/parse.ts';
import { ciScripts } from './ci-scripts.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Block {
  /** `docs/batch.md:9`, or what else shows it. */
  readonly place: string;
  /** As the fence names it; `inline` for code in a sentence. */
  readonly language: string;
  readonly text: string;
}

/** Commands that belong together: each finds what the ones before it have left. */
export interface Lesson {
  readonly place: string;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly command: string;
  /** What the document shows of its output; null where it shows none. */
  readonly shown: string | null;
}

export const documents: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...(readdirSync(new URL('../../docs', import.meta.url), { recursive: true }) as string[])
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)
    .sort(),
];

export function blocksOf(document: string): Block[] {
  const markdown = readFileSync(`${root}${document}`, 'utf8');
  const blocks: Block[] = [];
  const at = (index: number): string =>
    `${document}:${markdown.slice(0, index).split('\n').length}`;
  const prose = markdown.replaceAll(
    /^( *)```([^\n]*)\n(.*?)^\1```$/gms,
    (block, indent: string, language: string, code: string, index: number) => {
      const text = code.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
      blocks.push({ place: at(index), language, text });
      return block.replaceAll(/[^\n]/g, ' '); // so that places stay
    },
  );
  for (const { 1: text = '', index } of prose.matchAll(/`([^`]+)`/g)) {
    blocks.push({ place: at(index), language: 'inline', text: text.replaceAll('\n', ' ') });
  }
  return blocks;
}

/** @returns null for what no shell is meant to read */
export function lessonOf({ place, language, text }: Block): Lesson | null {
  const steps = readers[language]?.(text);
  if (steps === undefined) throw new Error(`${place}: who reads "${language}"?`);
  return steps.length === 0 ? null : { place, steps };
}

const none = (): Step[] => [];

/** Every language that the documents use. */
const readers: Readonly<Record<string, (text: string) => Step[]>> = {
  sh: (text) => text.split('\n').flatMap(commandIn),
  console: (text) =>
    text
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [, command = '', shown = ''] = /^([^\n]*)\n(.*)$/s.exec(part) ?? [];
        return { command, shown: shown.trimEnd() };
      }),
  yaml: (text) => ciScripts(text).map((command) => ({ command, shown: null })),
  inline: (text) => (STARTS_A_COMMAND.test(text) ? commandIn(text) : []),
  // Type-checked and run by library.test.ts.
  ts: none,
  // What --format writes: held against the program by test/render/formats/docs.test.ts, and used
  // by other programs in test/real/formats.ts.
  js: none,
  // Of provider files, and a configuration: read by test/providers/checks.test.ts and tables.test.ts.
  json: none,
  text: none,
  python: none,
  ruby: none,
  ini: none,
  toml: none,
  properties: none,
  xml: none,
};

/** In a sentence, code that is more than a name. */
const STARTS_A_COMMAND =
  /^(?:smtp-find|npm|npx|node|man|source|set|sort|parallel|git|msmtp|postfix|chmod) /;

function commandIn(line: string): Step[] {
  const command = line.replace(/(?:^|\s)#\s.*$/, '').trim();
  return command === '' ? [] : [{ command, shown: null }];
}

/** The examples at the end of `--help`, each a lesson of its own. */
export function lessonsOfHelp(): Lesson[] {
  const [, examples = ''] = /^Examples:\n(.*?)\n\n/ms.exec(helpText(80)) ?? [];
  return examples.split('\n').map((line) => {
    return { place: '--help', steps: [{ command: line.trim(), shown: null }] };
  });
}

/** Those of the manual. */
export function examplesOfManual(): string[] {
  const source = readFileSync(`${root}man/smtp-find.1`, 'utf8');
  const [, examples = ''] = /^\.SH EXAMPLES\n(.*?)^\.SH/ms.exec(source) ?? [];
  return [...examples.matchAll(/^\.B (.*)$/gm)].map(([, text = '']) => text.replaceAll('\\-', '-'));
}
