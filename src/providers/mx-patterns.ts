/** Mail exchangers' names, matched against the index's patterns. */
import { suffixes } from './host-name.ts';
import { lineOf } from './index-search.ts';

/**
 * Patterns of host names. A leading `*.` stands for one or more labels, a `*` inside a label for
 * any run of characters without a dot; all else is literal, so a match always begins and ends at a
 * label's boundary and `notgoogle.com` is not `google.com`.
 */
export function patternToRegExp(pattern: string): RegExp {
  const open = pattern.startsWith('*.');
  const labels = (open ? pattern.slice(2) : pattern)
    .split('.')
    .map((label) => label.replaceAll('*', '[^.]*'))
    .join('\\.');
  return new RegExp(`^${open ? '(?:[^.]+\\.)+' : ''}${labels}$`);
}

/**
 * The most specific pattern that matches a host, among patterns filed in lines by their literal
 * end (`scripts/providers/file-patterns.mjs`): the longest end is tried first.
 */
export function matchFiled(filed: string, host: string): { mark: string; pattern: string } | null {
  for (const suffix of suffixes(host)) {
    const line = lineOf(filed, suffix);
    for (const entry of line?.split(' ') ?? []) {
      const colon = entry.indexOf(':');
      const pattern = entry.slice(colon + 1);
      if (colon > 0 && patternToRegExp(pattern).test(host)) {
        return { mark: entry.slice(0, colon), pattern };
      }
    }
  }
  return null;
}
