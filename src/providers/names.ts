/** Whom a name means: ids, names, aliases and families, as people spell them. */

export interface Named {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  /** Empty for a service of its own. */
  readonly family: string;
}

export interface NameIndex {
  /** The rows with this id, else this name, else this alias; as it is written, else as it is read. */
  called(text: string): readonly number[];
  /** The rows of a service that has several, one for each region. */
  ofFamily(text: string): readonly number[];
  /** All that is listened to, folded, each with the id of its first row. */
  spellings(): Iterable<readonly [name: string, id: string]>;
}

/** Characters; no name is near it. */
const MAX_NAME = 253;

type Names = (provider: Named) => readonly string[];

/** Where a name leads to several, the first of these decides. */
const KINDS: readonly Names[] = [
  ({ id }) => [id],
  // A region that bears the name of the whole service is not the one that is meant by it.
  ({ name, family }) => (fold(name) === fold(family) ? [] : [name]),
  ({ aliases }) => aliases,
];

export function nameIndex(providers: readonly Named[]): NameIndex {
  const written = KINDS.map((names) => rowsBy(providers, names, asWritten));
  const read = KINDS.map((names) => rowsBy(providers, names, fold));
  const families = rowsBy(providers, familyNames, fold);
  return {
    called: (text) => first(written, asWritten(text)) ?? first(read, fold(text)) ?? [],
    ofFamily: (text) => families.get(fold(text)) ?? [],
    spellings: () =>
      read.flatMap((rows) =>
        [...rows].map(([name, [row = 0]]) => [name, providers[row]?.id ?? '']),
      ),
  };
}

/** The family's name, and what the ids and aliases begin with: `ses` of `ses-us-east-1`. */
function familyNames({ id, aliases, family }: Named): readonly string[] {
  if (family === '') return [];
  const beginnings = [id, ...aliases].flatMap((name) => {
    const words = name.split('-');
    return words.slice(1).map((_, end) => words.slice(0, end + 1).join('-'));
  });
  return [family, ...beginnings];
}

function rowsBy(
  providers: readonly Named[],
  names: Names,
  spell: (text: string) => string,
): Map<string, readonly number[]> {
  const found = new Map<string, readonly number[]>();
  for (const [row, provider] of providers.entries()) {
    for (const name of new Set(names(provider).map(spell))) {
      found.set(name, [...(found.get(name) ?? []), row]);
    }
  }
  return found;
}

function first(
  maps: readonly ReadonlyMap<string, readonly number[]>[],
  name: string,
): readonly number[] | undefined {
  return maps.find((rows) => rows.has(name))?.get(name);
}

function asWritten(text: string): string {
  return text.trim().toLowerCase();
}

/** As it is read aloud: letters and digits alone, `at&t` being "at and t". */
export function fold(text: string): string {
  return text
    .slice(0, MAX_NAME)
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('&', 'and')
    .replace(/[^\p{L}\p{N}]+/gu, '');
}
