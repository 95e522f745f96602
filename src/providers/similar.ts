import { compareText } from '../model/compare-text.ts';

/** Edits (insert, delete, replace, swap neighbours) that turn one word into another. */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/**
 * What somebody may have meant, best first: names close by a slip of the fingers, and names that
 * begin with or hold what was typed.
 */
export function similar(
  typed: string,
  known: Iterable<readonly [name: string, id: string]>,
  limit = 5,
): string[] {
  const word = typed.toLowerCase().slice(0, 60);
  if (word.length < 2) return [];
  const scores = new Map<string, number>();
  for (const [name, id] of known) {
    const found = score(word, name);
    if (found < (scores.get(id) ?? Number.POSITIVE_INFINITY)) scores.set(id, found);
  }
  // Beside one slip of the fingers, what takes more is not what was meant.
  const most = Math.min(...scores.values()) <= 1 ? BEGINNING : Number.MAX_VALUE;
  return [...scores]
    .filter(([, found]) => found <= most)
    .sort(([idA, a], [idB, b]) => a - b || idA.length - idB.length || compareText(idA, idB))
    .slice(0, limit)
    .map(([id]) => id);
}

const BEGINNING = 1.5;

/** The lower, the closer. The beginning of a name says more than two slips of the fingers. */
function score(word: string, name: string): number {
  const reach = word.length < 5 ? 1 : word.length < 9 ? 2 : 3;
  const comparable = Math.abs(name.length - word.length) <= reach;
  const edits = comparable ? distance(word, name) : Number.POSITIVE_INFINITY;
  if (edits > 1 && name.startsWith(word)) return BEGINNING;
  if (edits <= reach) return edits;
  if (word.length > 2 && name.includes(word)) return reach + 0.7;
  if (name.length > 3 && word.startsWith(name)) return reach + 0.9;
  return Number.POSITIVE_INFINITY;
}
