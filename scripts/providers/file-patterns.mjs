// MX patterns as the index keeps them: one line for each literal end, the most specific pattern
// first, so that a lookup reads only a handful of lines.

/** The labels at the end of a pattern that hold no wildcard. */
export function literalSuffix(pattern) {
  const labels = pattern.split('.');
  let open = labels.length;
  while (open > 0 && !labels[open - 1].includes('*')) open--;
  return labels.slice(open).join('.');
}

/** Negative if `a` says more than `b`: more literal labels, then more labels, then more letters. */
export function compareSpecificity(a, b) {
  return (
    literalSuffix(b).length - literalSuffix(a).length ||
    Number(a.startsWith('*.')) - Number(b.startsWith('*.')) ||
    b.split('.').length - a.split('.').length ||
    b.replaceAll('*', '').length - a.replaceAll('*', '').length ||
    (a < b ? -1 : a > b ? 1 : 0)
  );
}

/** Lines of `suffix mark:pattern mark:pattern `; the mark is the caller's. */
export function filePatterns(entries) {
  const lines = new Map();
  const sorted = [...entries].sort((a, b) => compareSpecificity(a.pattern, b.pattern));
  for (const { pattern, mark } of sorted) {
    const suffix = literalSuffix(pattern);
    lines.set(suffix, `${lines.get(suffix) ?? `\n${suffix} `}${mark}:${pattern} `);
  }
  return [...lines.values()].sort().join('');
}
