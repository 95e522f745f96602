/** What is said on stderr where a query was understood as something else than what was typed. */
import { printable, quoted } from '../../model/printable.ts';
import { isQuery, splitQueries, unwrap } from '../../model/query.ts';

const LONGEST = 120; // characters shown

/** @returns null where it was taken as it is, or not understood at all, which is told by itself */
export function understood(text: string, parts: readonly string[]): string | null {
  const queries = parts.map((part) => printable(unwrap(part)));
  const typed = printable(text);
  if (queries.length === 1 && (queries[0] === typed || !isQuery(text))) return null;
  return `${quoted(text, LONGEST)} understood as ${printable(queries.join(', '), LONGEST)}`;
}

/** Of a long list the first such line is told, not each. */
export function sayOnce(): (text: string) => string | null {
  let told = false;
  return (text) => {
    if (told) return null;
    const note = understood(text, splitQueries(text));
    if (note === null) return null;
    told = true;
    return `${note}; others like it are taken the same way`;
  };
}
