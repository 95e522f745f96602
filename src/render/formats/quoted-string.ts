/**
 * A string on one line that TOML and YAML read alike, and in single quotes Python; in YAML a number
 * in it stays a string.
 */
export function quotedString(value: string, quote: '"' | "'" = '"'): string {
  const body = value
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replace(/[^ -~\p{L}\p{M}\p{N}]/gu, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return `\\U${code.toString(16).padStart(8, '0')}`;
    });
  return quote + body + quote;
}
