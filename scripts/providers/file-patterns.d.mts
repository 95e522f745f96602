export function literalSuffix(pattern: string): string;
export function compareSpecificity(a: string, b: string): number;
export function filePatterns(entries: Iterable<{ pattern: string; mark: string }>): string;
