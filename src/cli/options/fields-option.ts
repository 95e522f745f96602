/** `--fields`, checked. */
import { similar } from '../../providers/similar.ts';
import { type Field, fieldNamed, fields } from '../../render/fields.ts';
import { invalidValue } from '../errors.ts';

/**
 * @returns null when none are chosen
 * @throws SmtpFindError `bad-option`, with the nearest
 */
export function checkFields(values: readonly string[] | undefined): readonly Field[] | null {
  if (values === undefined) return null;
  return values
    .flatMap((value) => value.split(','))
    .map((text) => {
      const name = text.trim();
      const known = fieldNamed(name);
      if (known) return known;
      throw invalidValue('--fields', name, expected(name));
    });
}

function expected(name: string): string {
  const spellings = fields.flatMap(({ name: short, path }) => [
    [short.toLowerCase(), short] as const,
    [path.toLowerCase(), path] as const,
  ]);
  const nearest = similar(name, spellings, 1);
  const all = fields.map(({ name: short }) => short).join(', ');
  return nearest.length > 0 ? `${nearest[0]}, or another of ${all}` : `some of ${all}`;
}
