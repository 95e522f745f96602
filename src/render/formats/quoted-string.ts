/** A string on one line that TOML and YAML read alike; in YAML a number in it stays a string. */
export function quotedString(value: string): string {
  const body = value.replace(/["\\]/g, '\\$&').replace(/[^ -~\p{L}\p{M}\p{N}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\U${code.toString(16).padStart(8, '0')}`;
  });
  return `"${body}"`;
}
