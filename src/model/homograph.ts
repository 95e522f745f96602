/** Names that mix scripts within a label, as look-alikes of other names do (UTS #39 §5). */
import { toULabels } from './domain.ts';

/** Scripts that are written together: Japanese, Chinese with Bopomofo, Korean; each with Latin. */
const TOGETHER: readonly ReadonlySet<string>[] = [
  new Set(['Latin', 'Han', 'Hiragana', 'Katakana']),
  new Set(['Latin', 'Han', 'Bopomofo']),
  new Set(['Latin', 'Han', 'Hangul']),
];

const SCRIPTS = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Armenian',
  'Hebrew',
  'Arabic',
  'Han',
  'Hiragana',
  'Katakana',
  'Bopomofo',
  'Hangul',
  'Thai',
  'Devanagari',
  'Georgian',
].map((name) => ({ name, pattern: new RegExp(`\\p{Script=${name}}`, 'u') }));

export function mixesScripts(host: string): boolean {
  return toULabels(host)
    .split('.')
    .some((label) => {
      const used = SCRIPTS.filter(({ pattern }) => pattern.test(label)).map(({ name }) => name);
      return used.length > 1 && !TOGETHER.some((set) => used.every((name) => set.has(name)));
    });
}
