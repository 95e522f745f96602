/** Values as words of a shell command. */
import { printable } from '../../model/printable.ts';

const SAFE = /^[A-Za-z0-9@+:./_-]+$/;

/**
 * One word that sh, bash, zsh and fish read as exactly this value. Backslashes and apostrophes stand
 * outside the quotes, since fish knows escapes inside them.
 *
 * @returns null for control characters and invisible ones, which a terminal may act upon when they
 * are pasted, whatever the shell makes of them
 */
export function shellWord(value: string): string | null {
  if (printable(value) !== value) return null;
  if (SAFE.test(value)) return value;
  if (value === '') return "''";
  return value.replace(/[^\\']+|[\\']/g, (part) =>
    part === '\\' || part === "'" ? `\\${part}` : `'${part}'`,
  );
}
