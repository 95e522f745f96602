/** The hints that an editor shows to somebody who mends a provider file. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
  readonly enum?: readonly unknown[];
  readonly enumDescriptions?: readonly string[];
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
  readonly errorMessage?: string;
}

const schema = JSON.parse(
  readFileSync(new URL('../../data/provider.schema.json', import.meta.url), 'utf8'),
) as Schema & object;

/** Every schema within, with its place, as in `/properties/mx/items`. */
function within(parent: Schema, place = ''): [place: string, schema: Schema][] {
  const children: [string, Schema | undefined][] = [
    ...Object.entries(parent.properties ?? {}).map(named('properties')),
    ...Object.entries(parent.definitions ?? {}).map(named('definitions')),
    ['items', parent.items],
    ...(parent.anyOf ?? []).map((branch, i): [string, Schema] => [`anyOf/${i}`, branch]),
  ];
  return [
    [place, parent],
    ...children.flatMap(([name, child]) => (child ? within(child, `${place}/${name}`) : [])),
  ];
}

function named(key: string): (entry: [string, Schema]) => [string, Schema] {
  return ([name, child]) => [`${key}/${name}`, child];
}

const all = within(schema);
const places = (wrong: (schema: Schema, place: string) => boolean): string[] =>
  all.filter(([place, part]) => wrong(part, place)).map(([place]) => place);

/** What an editor shows: a definition's words take the place of those beside the reference. */
function described({ description, $ref }: Schema): boolean {
  const definition = schema.definitions?.[$ref?.replace('#/definitions/', '') ?? ''];
  return (description ?? definition?.description ?? '').length > 10;
}

describe("the schema's hints", () => {
  it('describe every field', () => {
    expect(places((part, place) => /\/properties\/[^/]+$/.test(place) && !described(part))).toEqual(
      [],
    );
  });

  it('describe every word that a field may have, but for mechanisms and names of fields', () => {
    const bare = places((part) => part.enum?.length !== part.enumDescriptions?.length);
    expect(bare).toEqual([
      '/properties/servers/items/properties/auth/items',
      '/properties/facts/items/properties/of/items/anyOf/0',
    ]);
  });

  it('say in words what a pattern wants', () => {
    expect(
      places(
        ({ pattern, errorMessage }, place) =>
          pattern !== undefined && errorMessage === undefined && !/\/anyOf\/\d$/.test(place),
      ),
    ).toEqual([]);
  });

  it('give examples that are right', () => {
    const ajv = new Ajv({ keywords: ['enumDescriptions', 'errorMessage'] }).addSchema(schema, 's');
    const wrong = all.flatMap(([place, { examples = [] }]) => {
      const validate = ajv.getSchema(`s#${place}`);
      return examples
        .filter((example) => !validate?.(example))
        .map((e) => `${place}: ${String(e)}`);
    });
    expect(wrong).toEqual([]);
  });
});
