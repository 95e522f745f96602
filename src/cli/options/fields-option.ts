/** `--fields`, checked. */
import { similar } from '../../providers/similar.ts';
import { type Field, fieldNamed, fields } from '../../render/fields.ts';
import { invalidValue } from '../errors.ts';

type Named = Pick<Field, 'name' | 'path'>;

/**
 * @returns null when none are chosen
 * @throws SmtpFindError `bad-option`, with the nearest
 */
export function checkFields(values: readonly string[] | undefined): readonly Field[] | null {
  return values === undefined ? null : chosenFields(values, fields);
}

/**
 * @param known those that there are to choose from
 * @throws SmtpFindError `bad-option`, with the nearest
 */
export function chosenFields<F extends Named>(
  values: readonly string[],
  known: readonly F[],
): readonly F[] {
  return values
    .flatMap((value) => value.split(','))
    .map((text) => {
      const name = text.trim();
      const field = fieldNamed(name, known);
      if (field) return field;
      throw invalidValue('--fields', name, expected(name, known));
    });
}

function expected(name: string, known: readonly Named[]): string {
  const spellings = known.flatMap(({ name: short, path }) => [
    [short.toLowerCase(), short] as const,
    [path.toLowerCase(), path] as const,
  ]);
  const nearest = similar(name, spellings, 1);
  const all = known.map(({ name: short }) => short).join(', ');
  return nearest.length > 0 ? `${nearest[0]}, or another of ${all}` : `some of ${all}`;
}
